"""A printed PDF as a reader and as a camera see it."""

from __future__ import annotations

import weakref
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from tests.support.qr import read_qr

MM_PER_POINT = 25.4 / 72
PIXELS_PER_MM = 10
QUIET = 4  # modules of white around a code, ISO/IEC 18004


@dataclass(eq=False)
class Paper:
    """A PDF, page by page."""

    data: bytes

    def __post_init__(self) -> None:
        self.document = pypdfium2.PdfDocument(self.data)
        weakref.finalize(self, self.document.close)

    def __len__(self) -> int:
        return len(self.document)

    def size(self, page: int = 0) -> tuple[float, float]:
        """Width and height in mm."""
        width, height = self.document[page].get_size()
        return round(width * MM_PER_POINT, 1), round(height * MM_PER_POINT, 1)

    def text(self, page: int = 0) -> str:
        """All words of a page without the spaces and breaks between them."""
        return "".join(self.document[page].get_textpage().get_text_range().split())

    def type_sizes(self, page: int = 0) -> dict[str, float]:
        """The smallest size in points in which each letter of a page is set."""
        text = self.document[page].get_textpage()
        sizes: dict[str, float] = {}
        for index in range(text.count_chars()):
            letter = chr(pdfium.FPDFText_GetUnicode(text.raw, index))
            if letter.strip():
                size = pdfium.FPDFText_GetFontSize(text.raw, index)
                sizes[letter] = min(size, sizes.get(letter, size))
        return sizes

    def room(self, words: str, page: int = 0) -> tuple[float, float, float, float]:
        """Left, top, right and bottom in mm of the place that words take up where they stand first.

        What a box cuts off is still text, so only this tells that it is really to be seen.
        """
        text = self.document[page].get_textpage()
        letters = [(chr(pdfium.FPDFText_GetUnicode(text.raw, n)), n) for n in range(text.count_chars())]
        seen = [(letter, n) for letter, n in letters if letter.strip()]
        start = "".join(letter for letter, _n in seen).index(words)
        boxes = [text.get_charbox(n) for _letter, n in seen[start : start + len(words)]]
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        height = self.document[page].get_height()
        edges = min(lefts), height - max(tops), max(rights), height - min(bottoms)
        left, top, right, bottom = (round(edge * MM_PER_POINT, 1) for edge in edges)
        return left, top, right, bottom

    def picture(self, page: int = 0) -> Image.Image:
        """The page in greys, ten pixels a millimetre."""
        return self.document[page].render(scale=PIXELS_PER_MM * MM_PER_POINT, grayscale=True).to_pil()

    def code(self, x: float, y: float | None, side: float, page: int = 0) -> str:
        """What the QR at a place holds, read from the picture of the page, with its white quiet zone.

        Args:
            x, y, side: of the code without its quiet zone, in mm; y None looks for it down the column.

        Raises:
            ValueError: no code, or not exactly there, or something dark too near to it.
        """
        picture = self.picture(page)
        rows = [y] if y is not None else [step / PIXELS_PER_MM for step in range(picture.height)]
        for top in rows:
            count = _modules(picture, x, top, side)
            if count:
                return read_qr(_seen(picture, x, top, side, count))
        raise ValueError("no code here")


def _modules(picture: Image.Image, x: float, y: float, side: float) -> int:
    """How many modules a side has, by the two dark beams of the finder above on the left; 0 where none begins."""
    step = 1 / PIXELS_PER_MM
    if _dark(picture, x + step, y - step) or _dark(picture, x - step, y + step):
        return 0
    across = next(n for n in range(1000) if not _dark(picture, x + n * step, y + step / 2))
    down = next(n for n in range(1000) if not _dark(picture, x + step / 2, y + n * step))
    if across < 7 or abs(across - down) > 1:
        return 0
    version = round((side / (across * step / 7) - 17) / 4)
    return 17 + 4 * version if 1 <= version <= 10 else 0


def _seen(picture: Image.Image, x: float, y: float, side: float, count: int) -> list[list[bool]]:
    """The modules of a code at a place, read at the middle of each."""
    module = side / count
    steps = range(-QUIET, count + QUIET)
    seen = [[_dark(picture, x + (c + 0.5) * module, y + (r + 0.5) * module) for c in steps] for r in steps]
    inner = [row[QUIET:-QUIET] for row in seen[QUIET:-QUIET]]
    if sum(map(sum, seen)) != sum(map(sum, inner)):
        raise ValueError("the quiet zone is not white")
    return inner


def _dark(picture: Image.Image, x: float, y: float) -> bool:
    """Whether a point, in mm, is dark; beyond the paper nothing is."""
    column, row = int(x * PIXELS_PER_MM), int(y * PIXELS_PER_MM)
    inside = 0 <= column < picture.width and 0 <= row < picture.height
    return inside and picture.getpixel((column, row)) < 128  # type: ignore[operator]
