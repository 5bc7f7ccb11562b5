"""`make bench`: starts a server of its own, measures, prints the table, takes everything down again.

python -m bench [--size small|medium|full] [--only B4 B5 …] [--keep] [--folder DIR] [--json FILE]
python -m bench --year [--services] [--limit] [--size …] …
"""

from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from bench.sizes import SIZES, Size
from bench.town import YEAR, Town
from stack.processes import ROOT
from stack.steps import check_disk

FIGURES = [*(f"B{number}" for number in range(1, 14)), "S1", "S2", "S3"]


def main() -> int:
    """Returns the exit status: 1 if anything was incorrect."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=…")
    parser.add_argument("--size", choices=list(SIZES), default="medium")
    parser.add_argument("--only", nargs="+", default=[], choices=FIGURES, help="measure these figures and no other")
    parser.add_argument("--year", action="store_true", help="take the whole year in once, count it, verify it")
    parser.add_argument("--services", action="store_true", help="of the year: the services before their ratings")
    parser.add_argument("--limit", action="store_true", help="of the year: COPY of the same rows in turns with it (B5)")
    parser.add_argument("--keep", action="store_true", help="keep the filled tables for another run, and use them")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "bench", help="for data, files and logs")
    parser.add_argument("--json", type=Path, help="where the figures go; var/bench.json, or var/bench-year.json")
    asked = parser.parse_args()
    if asked.year and asked.only:
        parser.error("--year takes the year in and measures no figure; --size full --only … measures on as many rows")
    folder, size = asked.folder / asked.size, SIZES[asked.size]
    if not asked.keep:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "prepared").exists() or asked.year:
        check_disk(folder, _needed(asked, size))
    signal.signal(signal.SIGTERM, _leave)
    town = Town(folder, size)
    try:
        town.start()
        return subprocess.run(_command(asked, folder), cwd=ROOT, env=_env(asked, town)).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        town.postgres.stop()
        if not asked.keep:
            (folder / "prepared").unlink(missing_ok=True)
            shutil.rmtree(town.postgres.data, ignore_errors=True)


def _needed(asked: argparse.Namespace, size: Size) -> int:
    """Megabytes of disk; services take a third as much again, and so do the same rows by COPY."""
    return size.whole * (3 + asked.services + asked.limit) // 3 if asked.year else size.disk


def _command(asked: argparse.Namespace, folder: Path) -> list[str]:
    if not asked.year:
        target = asked.json or ROOT / "var" / "bench.json"
        return [sys.executable, "-m", "bench.measure", str(folder), asked.size, str(target), *asked.only]
    target = asked.json or ROOT / "var" / "bench-year.json"
    more = [name for name in ("services", "limit") if getattr(asked, name)]
    return [sys.executable, "-m", "bench.year", str(folder), asked.size, str(target), *more]


def _env(asked: argparse.Namespace, town: Town) -> dict[str, str]:
    return {**town.env, "DATABASE_URL": town.url(YEAR)} if asked.year else town.env


def _leave(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
