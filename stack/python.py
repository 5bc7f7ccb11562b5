"""Which Python installs the portal. Parses on Python 3.6 and newer."""

import shutil
import subprocess

OLDEST = (3, 11)
NEWER = ("python3.13", "python3.12", "python3.11")


def suitable_python(current: str, version: tuple, search: tuple = NEWER) -> str:
    """The Python to go on with.

    Args:
        current: path of the running one.
        version: its version, e.g. (3, 9, 2).
        search: names of others to look for when it is too old.

    Raises:
        SystemExit: there is none; the message is one line.
    """
    if version[:2] >= OLDEST:
        return current
    for name in search:
        path = shutil.which(name)
        # A name may be a version manager's shim without anything behind it: only a Python that answers counts.
        if (
            path
            and subprocess.call([path, "-c", "import venv"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
        ):
            return path
    found = ".".join(map(str, version[:3]))
    raise SystemExit(f"make: Python 3.11 or newer is needed, this is {found}; try make run PYTHON=python3.12")
