"""How fast the intake is, as ratios: the physical limit and ours in turns, in one run (docs/performance.md)."""
