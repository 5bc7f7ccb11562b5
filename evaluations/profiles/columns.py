"""Which column of a file is which field. A guess that a person sees and may change. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from evaluations.profiles.shape import Kind, Profile, fold


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
