"""Reads a QR code from its modules (ISO/IEC 18004), up to version 10; clean print needs no error correction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Matrix = Sequence[Sequence[bool]]
# By the two bits that name the level: error codewords of a block, and the number of blocks, for versions 1 to 10.
BLOCKS: dict[int, tuple[list[int], list[int]]] = {
    0b01: ([7, 10, 15, 20, 26, 18, 20, 24, 30, 18], [1, 1, 1, 1, 1, 2, 2, 2, 2, 4]),
    0b00: ([10, 16, 26, 18, 24, 16, 18, 22, 22, 26], [1, 1, 1, 2, 2, 4, 4, 4, 5, 5]),
    0b11: ([13, 22, 18, 26, 18, 24, 18, 22, 20, 24], [1, 1, 2, 2, 4, 4, 6, 6, 8, 8]),
    0b10: ([17, 28, 22, 16, 22, 28, 26, 26, 24, 28], [1, 1, 2, 4, 4, 4, 5, 6, 8, 8]),
}
MASKS = (
    lambda r, c: (r + c) % 2,
    lambda r, c: r % 2,
    lambda r, c: c % 3,
    lambda r, c: (r + c) % 3,
    lambda r, c: (r // 2 + c // 3) % 2,
    lambda r, c: r * c % 2 + r * c % 3,
    lambda r, c: (r * c % 2 + r * c % 3) % 2,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
)


def read_qr(matrix: Matrix) -> str:
    """The text of a code in byte mode.

    Raises:
        ValueError: another mode, or letters that are not UTF-8.
    """
    version = (len(matrix) - 17) // 4
    level, mask = _format(matrix)
    bits = [matrix[r][c] ^ (MASKS[mask](r, c) == 0) for r, c in _way(len(matrix), version)]
    words = [_number(bits[start : start + 8]) for start in range(0, len(bits) // 8 * 8, 8)]
    data = "".join(f"{word:08b}" for word in _data(words, version, level))
    if data[:4] != "0100":
        raise ValueError(f"mode {data[:4]}")
    start = 4 + (8 if version < 10 else 16)
    count = int(data[4:start], 2)
    return bytes(int(data[start + 8 * n : start + 8 * n + 8], 2) for n in range(count)).decode()


def _format(matrix: Matrix) -> tuple[int, int]:
    """The level's two bits and the number of the mask, from beside the finder above on the left."""
    places = [(8, c) for c in (0, 1, 2, 3, 4, 5, 7, 8)] + [(r, 8) for r in (7, 5, 4, 3, 2, 1, 0)]
    word = _number([matrix[r][c] for r, c in places]) ^ 0b101010000010010
    return word >> 13, word >> 10 & 0b111


def _number(bits: Sequence[bool]) -> int:
    return int("".join(str(int(bit)) for bit in bits), 2)


def _way(size: int, version: int) -> Iterator[tuple[int, int]]:
    """The modules that carry data: two columns at a time from the right, up and down by turns."""
    taken = set(_patterns(size, version))
    columns = [*list(range(size - 1, 6, -2)), 5, 3, 1]
    for turn, right in enumerate(columns):
        for r in range(size) if turn % 2 else range(size - 1, -1, -1):
            yield from ((r, c) for c in (right, right - 1) if (r, c) not in taken)


def _patterns(size: int, version: int) -> Iterator[tuple[int, int]]:
    """The modules that help to find and to align, and those of format and version."""
    for r in range(size):
        for c in range(size):
            finder = (r < 9 and c < 9) or (r < 9 and c >= size - 8) or (r >= size - 8 and c < 9)
            about = version > 6 and ((r < 6 and c >= size - 11) or (c < 6 and r >= size - 11))
            if finder or about or 6 in (r, c):
                yield r, c
    middles = {1: []}.get(version, [6, size - 7] if version < 7 else [6, (size - 1) // 2, size - 7])
    for r in middles:
        for c in middles:
            if (r, c) not in ((6, 6), (6, size - 7), (size - 7, 6)):
                yield from ((r + y, c + x) for y in range(-2, 3) for x in range(-2, 3))


def _data(words: list[int], version: int, level: int) -> list[int]:
    """The data codewords in their order, which are laid down block by block in turn."""
    errors, blocks = (row[version - 1] for row in BLOCKS[level])
    shorter = blocks - len(words) % blocks
    lengths = [len(words) // blocks - errors + (n >= shorter) for n in range(blocks)]
    laid = iter(words)
    rows = [[next(laid) if place < length else None for length in lengths] for place in range(max(lengths))]
    return [row[block] for block in range(blocks) for row in rows if row[block] is not None]
