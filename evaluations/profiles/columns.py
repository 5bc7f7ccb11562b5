"""Which column of a file is which field. A guess that a person sees and may change. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from evaluations.profiles.shape import Kind, Profile, fold

# Without these every row would be refused; of several one suffices.
REQUIRED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "rating": (("project_number", "source_rating_id"), ("level",), ("rated_at",), ("channel",), ("is_default",)),
    "service": (("project_number",), ("served_at",), ("item_code",)),
}
# What a table of this kind is known by.
KEYS: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "rating": REQUIRED["rating"][:3],
    "service": REQUIRED["service"],
}
# Fields whose unknown values are shown to people, as codes to be mapped.
CODE_FIELDS = frozenset({"unit_code", "item_code", "window_code"})
_MOBILE = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}")


def columns_for(profile: Profile, header: Sequence[str], kind: Kind) -> list[str | None]:
    """The canonical field of each column of a header, or None.

    Names are compared in any case, full-width folded, without spaces. No field stands twice: the column whose name
    comes first in the profile has it, of equals the first.
    """
    names = profile.column_names[kind]
    found = [names.get(fold(title)) for title in header]
    best: dict[str, tuple[int, int]] = {}
    for place, name in enumerate(found):
        if name:
            best[name.canonical] = min(best.get(name.canonical, (name.rank, place)), (name.rank, place))
    chosen = {place: canonical for canonical, (_rank, place) in best.items()}
    return [chosen.get(place) for place in range(len(header))]


def names_of(profile: Profile, kind: Kind, canonical: str) -> list[str]:
    """Every name under which a file may hold a field, the likeliest first."""
    given = (*profile.fields.get(kind, {}).get(canonical, ()), *profile.headers.get(kind, {}).get(canonical, ()))
    return [*dict.fromkeys((*given, canonical))]


def lacking(profile: Profile, columns: Iterable[str | None], kind: Kind) -> list[tuple[str, ...]]:
    """The fields without which no row of a file could be taken in; of each tuple one would do."""
    named = set(columns)
    # Where a channel says that nobody rated, no column need repeat it.
    told = {"is_default"} if profile.silence and "channel" in named else set()
    return [choice for choice in REQUIRED[kind] if not (named | told) & set(choice)]


def is_negative_by(profile: Profile) -> Callable[[str], bool]:
    """Whether a cell of the level's column means level 1 or 2, in the source's own codes."""
    meanings = profile.meanings.get("level", {})

    def is_negative(cell: str) -> bool:
        level = fold(cell)
        return meanings.get(level, level) in ("1", "2")

    return is_negative


def phones_among_codes(columns: Sequence[str | None], rows: Iterable[Sequence[str]]) -> list[int]:
    """The columns taken for codes whose cells are, for the greater part, telephone numbers."""
    found: dict[int, list[bool]] = {place: [] for place, name in enumerate(columns) if name in CODE_FIELDS}
    for cells in rows:
        for place, seen in found.items():
            if place < len(cells) and cells[place].strip():
                seen.append(bool(_MOBILE.fullmatch(fold(cells[place]))))
    return [place for place, seen in found.items() if sum(seen) * 2 > len(seen)]
