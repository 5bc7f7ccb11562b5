"""The table, and the same as JSON."""

from __future__ import annotations

import json
import os
import platform
import time
from pathlib import Path
from typing import Any

import psutil

from bench.figures.run import Run
from bench.rounds import SMALL, said

WORDS = {"aim": "aim reached", "must": "must kept", "missed": "MISSED", "": ""}


def as_json(run: Run, seconds: float) -> dict[str, Any]:
    """Everything that was measured."""
    return {
        "size": run.size.name,
        "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "seconds": round(seconds),
        "machine": machine(run),
        "figures": [figure.as_json() for figure in run.figures if figure.rounds],
        "checks": [
            {"name": c.name, "good": c.good, "expected": repr(c.expected), "found": repr(c.found)} for c in run.checks
        ],
    }


def machine(run: Run) -> dict[str, Any]:
    """What it was measured on, in general words."""
    version = run.town.query("postgres", "SHOW server_version")[0][0]
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "system": platform.system(),
        "python": platform.python_version(),
        "postgresql": version,
        "options": dict(run.size.options),
    }


def table(found: dict[str, Any]) -> str:
    """The figures as a table for people (Markdown)."""
    lines = [
        "| figure | limit | ours | ratio: median (min - max) | must | aim | |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for f in found["figures"]:
        spread = f"{said(f['median'])} ({said(f['min'])} - {said(f['max'])})"
        sign = "≥" if f["better"].startswith("more") else "≤"
        bounds = [f"{sign} {_bound(f[name])}" if f[name] is not None else "" for name in ("must", "aim")]
        lines.append(
            f"| {f['key']} {f['title']} | {f['base']} {f['base_median']:,.4g} | {f['ours']} {f['ours_median']:,.4g}"
            f" {f['unit']} | {spread} | {bounds[0]} | {bounds[1]} | {WORDS[f['verdict']]} |"
        )
    bad = [c for c in found["checks"] if not c["good"]]
    lines.append(f"\n{len(found['checks'])} checks of correctness, {len(bad)} failed.")
    lines += [f"FAILED: {c['name']}: expected {c['expected']}, found {c['found']}" for c in bad]
    return "\n".join(lines)


def _bound(ratio: float) -> str:
    return said(ratio) if ratio < SMALL else f"{ratio:g}"


def write(found: dict[str, Any], path: Path) -> None:
    """Writes the JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
