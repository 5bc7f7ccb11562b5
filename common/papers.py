"""Documents made anew: each page of a PDF as a picture of itself, so that nothing hides in it.

No script, no embedded file, no form, no author and no deleted text comes along. Reading a stranger's PDF is left to a
process of its own with bounds on its memory and time: `python -m common.papers` reads one and writes the other.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

PAGES_MAX = 60
# Points are 1/72 inch; 150 dots an inch are read on paper and on a screen.
SCALE = 150 / 72
SIDE_MAX = 2560
QUALITY = 80
MEMORY_MAX = 1024 * 1024 * 1024
SECONDS_MAX = 60


class Unreadable(ValueError):
    """It cannot be opened, needs a password, or has more than `PAGES_MAX` pages."""


def remake(contents: IO[bytes]) -> bytes:
    """A PDF made anew from how its pages look.

    Raises:
        Unreadable: broken, encrypted, too long, or not done within `SECONDS_MAX`.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "common.papers"],
            stdin=contents,
            capture_output=True,
            timeout=SECONDS_MAX * 2,
            check=True,
            cwd=Path(__file__).parents[1],
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise Unreadable(type(error).__name__) from error
    return done.stdout


def _remake() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))
    import pypdfium2  # inside, so that whoever only asks for a copy does not load it

    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    if not 0 < len(document) <= PAGES_MAX:
        sys.exit(f"{len(document)} pages")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as out:
        for number, page in enumerate(document):
            scale = min(SCALE, SIDE_MAX / max(page.get_size()))
            picture = page.render(scale=scale).to_pil().convert("RGB")
            # One page after the other: sixty pages at once are 400 MB.
            picture.save(out.name, "PDF", title="", resolution=72 * scale, quality=QUALITY, append=number > 0)
        sys.stdout.buffer.write(Path(out.name).read_bytes())


if __name__ == "__main__":
    _remake()
