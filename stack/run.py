"""`make run`: from a bare Python to the portal. Standard library only, since nothing is installed yet."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
NEEDED_MEGABYTES = 1500


def fail(message: str) -> None:
    """Ends with one clear line."""
    raise SystemExit(f"make: {message}")


def check_python(version: tuple[int, ...]) -> None:
    """Refuses a Python that is too old."""
    if version[:2] < OLDEST:
        found = ".".join(map(str, version[:3]))
        fail(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, this is {found}; try make run PYTHON=python3.12")


def check_disk(folder: Path, free_megabytes: int | None = None) -> None:
    """Refuses to begin an installation that would fill the disk."""
    free = shutil.disk_usage(folder).free // 2**20 if free_megabytes is None else free_megabytes
    if free < NEEDED_MEGABYTES:
        fail(f"the disk is full: {free} MB free in {folder}, {NEEDED_MEGABYTES} MB are needed")


def install(requirements: Path) -> None:
    """Installs the pinned packages into .venv; a marker tells a finished installation from an interrupted one."""
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    marker = VENV / f"installed-{requirements.stem}"
    if marker.exists() and marker.read_text() == wanted and PYTHON.exists():
        return
    check_disk(ROOT)
    if not PYTHON.exists():
        print("· virtual environment", flush=True)
        shutil.rmtree(VENV, ignore_errors=True)
        _call([sys.executable, "-m", "venv", str(VENV)], "the virtual environment could not be made")
    print("· packages (1-3 minutes the first time)", flush=True)
    _call(
        [
            str(PYTHON),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            str(requirements),
        ],
        "the packages could not be installed; make run again goes on where it stopped",
    )
    marker.write_text(wanted)


def _call(command: list[str], complaint: str) -> None:
    if subprocess.run(command, cwd=ROOT).returncode:
        fail(complaint)


def main() -> None:
    """`python -m stack.run`: installs, then becomes the supervisor. `… install dev` only installs."""
    check_python(sys.version_info[:3])
    arguments = sys.argv[1:]
    if arguments[:1] == ["install"]:
        install(ROOT / "requirements" / f"{arguments[1]}.txt")
        return
    install(ROOT / "requirements" / "base.txt")
    os.chdir(ROOT)
    os.execv(str(PYTHON), [str(PYTHON), "-m", "stack.supervisor", *arguments])


if __name__ == "__main__":
    main()
