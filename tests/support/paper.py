"""A printed PDF as a reader and as a camera see it."""

from __future__ import annotations

import weakref
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium
import segno
from PIL import Image

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

    def picture(self, page: int = 0) -> Image.Image:
        """The page in greys, ten pixels a millimetre."""
        return self.document[page].render(scale=PIXELS_PER_MM * MM_PER_POINT, grayscale=True).to_pil()

    def holds_code(self, url: str, x: float, y: float | None, side: float, page: int = 0) -> bool:
        """Whether the QR at a place is exactly that of an address: every module dark or light as it must be.

        Args:
            x, y, side: of the code without its quiet zone, in mm; y None looks for it down the column.
        """
        matrix = [list(map(bool, row)) for row in segno.make(url, error="q", micro=False).matrix]
        picture, module = self.picture(page), side / len(matrix)
        rows = [y] if y is not None else [step / 10 for step in range(int(self.size(page)[1] * 10) - int(side * 10))]
        return any(_seen(picture, x, top, module, len(matrix)) == _quiet_around(matrix) for top in rows)


def _quiet_around(matrix: list[list[bool]]) -> list[list[bool]]:
    """The modules with the white ones that must lie around them."""
    blank = [[False] * (len(matrix) + 2 * QUIET)] * QUIET
    side = [False] * QUIET
    return [*blank, *([*side, *row, *side] for row in matrix), *blank]


def _seen(picture: Image.Image, x: float, y: float, module: float, count: int) -> list[list[bool]] | None:
    """The modules of a code at a place, read at the middle of each; None if its corner is not dark."""
    corner = _dark(picture, x + module / 2, y + module / 2) and _dark(picture, x + 6.5 * module, y + module / 2)
    if not corner or _dark(picture, x + module / 2, y - module / 2):
        return None
    steps = range(-QUIET, count + QUIET)
    return [[_dark(picture, x + (c + 0.5) * module, y + (r + 0.5) * module) for c in steps] for r in steps]


def _dark(picture: Image.Image, x: float, y: float) -> bool:
    """Whether a point, in mm, is dark; beyond the paper nothing is."""
    column, row = int(x * PIXELS_PER_MM), int(y * PIXELS_PER_MM)
    inside = 0 <= column < picture.width and 0 <= row < picture.height
    return inside and picture.getpixel((column, row)) < 128  # type: ignore[operator]
