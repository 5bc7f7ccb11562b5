"""`make bench`: starts a server of its own, measures, prints the table, takes everything down again.

python -m bench [--size small|medium|full] [--only B4 B5 …] [--keep] [--folder DIR] [--json FILE]
"""

from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from bench.sizes import SIZES
from bench.town import Town
from stack.processes import ROOT
from stack.steps import check_disk


def main() -> int:
    """Returns the exit status: 1 if anything was incorrect."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=…")
    parser.add_argument("--size", choices=list(SIZES), default="medium")
    parser.add_argument("--only", nargs="+", default=[], metavar="B4", help="measure these figures and no other")
    parser.add_argument("--keep", action="store_true", help="keep the filled tables for another run, and use them")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "bench", help="for data, files and logs")
    parser.add_argument("--json", type=Path, default=ROOT / "var" / "bench.json", help="where the figures go")
    asked = parser.parse_args()
    folder, size = asked.folder / asked.size, SIZES[asked.size]
    if not asked.keep:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "prepared").exists():
        check_disk(folder, size.disk)
    signal.signal(signal.SIGTERM, _leave)
    town = Town(folder, size)
    try:
        town.start()
        command = [sys.executable, "-m", "bench.measure", str(folder), size.name, str(asked.json), *asked.only]
        return subprocess.run(command, cwd=ROOT, env=town.env).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        town.postgres.stop()
        if not asked.keep:
            (folder / "prepared").unlink(missing_ok=True)
            shutil.rmtree(town.postgres.data, ignore_errors=True)


def _leave(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
