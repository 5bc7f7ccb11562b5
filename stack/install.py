"""The pinned packages in .venv, then the supervisor. Standard library only, since nothing is installed yet."""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from stack.processes import ROOT, die_with_parent
from stack.steps import check_disk, complaint, fail, step

VENV = ROOT / ".venv"
NEEDED = {"base": 600, "dev": 1300}
AGAIN = "the same command again repairs the installation"


def install(requirements: Path, venv: Path = VENV, logs: Path = ROOT / "var") -> None:
    """Makes the virtual environment hold exactly what a requirements file pins; does nothing if it does.

    Args:
        requirements: hash-pinned file.
        venv: where to install. One that an interrupted installation left is made anew: pip does not see that a
            package is only half there.
        logs: folder for pip's output.

    Raises:
        SystemExit: with one line, when it cannot be done.
    """
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    marker, begun, python = venv / f"installed-{requirements.stem}", venv / "installing", venv / "bin" / "python"
    logs.mkdir(parents=True, exist_ok=True)
    with (logs / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _is(marker, wanted) and python.exists() and not begun.exists():
            return
        check_disk(requirements.parent, NEEDED.get(requirements.stem, 0))
        if begun.exists() or not python.exists():
            shutil.rmtree(venv, ignore_errors=True)
            with step("virtual environment"):
                _call([sys.executable, "-m", "venv", str(venv)], logs, "make the virtual environment")
        begun.touch()
        with step("packages (1-3 minutes the first time)"):
            pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes"]
            _call([*pip, "-r", str(requirements)], logs, "install the packages")
        marker.write_text(wanted)
        begun.unlink()


def _is(marker: Path, wanted: str) -> bool:
    return marker.exists() and marker.read_text() == wanted


def _call(command: list[str], logs: Path, what: str) -> None:
    log = logs / "install.log"
    with log.open("wb") as out:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            preexec_fn=functools.partial(die_with_parent, os.getpid()),
        )
    if done.returncode:
        why = "it was killed" if done.returncode < 0 else complaint(log.read_text(errors="replace"))
        fail(f"could not {what}: {why}; see {log}; {AGAIN}")


def main() -> None:
    """`python -m stack.install`: installs, then becomes the supervisor. `… dev` only installs, for tests and checks."""
    arguments = sys.argv[1:]
    only = arguments[:1] == ["dev"]
    # make, when it is killed, leaves its children alone; the supervisor, which we become, would then run on unseen.
    die_with_parent(os.getppid())
    try:
        install(ROOT / "requirements" / ("dev.txt" if only else "base.txt"))
    except KeyboardInterrupt:
        fail(f"stopped; {AGAIN}")
    except OSError as error:
        fail(f"could not install: {error}")
    if not only:
        os.chdir(ROOT)
        python = str(VENV / "bin" / "python")
        os.execv(python, [python, "-m", "stack.supervisor", *arguments])


if __name__ == "__main__":
    main()
