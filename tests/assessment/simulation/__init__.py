"""Invented weeks of a city with labelled attacks, by which integrity findings are measured (docs/integrity.md)."""
