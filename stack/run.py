"""`make run` and `make dev` begin here. An old Python must be told so: this file and python.py parse on 3.6, too."""

import os
import sys

from stack.python import suitable_python

if __name__ == "__main__":
    python = suitable_python(sys.executable, sys.version_info[:3])
    os.execv(python, [python, "-m", "stack.install", *sys.argv[1:]])
