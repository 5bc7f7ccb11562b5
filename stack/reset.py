"""`make reset`: removes everything `make run` has made, after asking. Standard library only."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from stack.claim import Claim
from stack.places import data_home, socket_folder
from stack.processes import ROOT, plain_account


def reset(folder: Path) -> bool:
    """Asks, then removes a data folder and what lies outside it on its behalf; whether it did.

    Raises:
        SystemExit: a portal runs from it.
    """
    if not folder.exists():
        print("nothing to remove")
        return False
    # A year of its own lies below (make demo-year); neither goes while a portal runs from it.
    folders = [one for one in (folder / "year", folder) if one.exists()]
    for one in folders:
        claim = Claim(one)
        claim.take("being removed")
        claim.release()
    print(f"Remove {folder} with all its data? [y/N] ", end="", flush=True)
    answer = sys.stdin.readline()
    if answer.strip().lower() not in {"y", "yes"}:
        print("kept" if answer else "kept, since nobody answered; without a terminal: echo y | make reset")
        return False
    for one in folders:
        home = data_home(one, plain_account())
        for place in (socket_folder(home / "run-pg"), socket_folder(one / "run-valkey"), home, one):
            shutil.rmtree(place, ignore_errors=True)
    print("removed")
    return True


if __name__ == "__main__":
    reset(ROOT / "var")
