"""A process that makes report sets, one after the other, until it is ended: python -m bench.papers.

It says a word at the beginning of each file, so that whoever measures beside it knows that it is at it.
"""

import bench.ready  # noqa: F401
from bench.figures.notices import report_set

if __name__ == "__main__":
    while True:
        for kind in report_set():
            print(kind, flush=True)
