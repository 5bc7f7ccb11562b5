"""`make run` and `make dev` begin here. This file and python.py parse on any Python 3, so that an old one is told so."""

import os
import sys

from stack.python import suitable_python

if __name__ == "__main__":
    python = suitable_python(sys.executable, sys.version_info[:3])
    os.execv(python, [python, "-m", "stack.install", *sys.argv[1:]])
