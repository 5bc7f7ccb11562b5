"""One service, one review: the key that means it; and what binds a sealed value to its place. Pure."""

from __future__ import annotations

from typing import NamedTuple

THE_SERVICE, FIRST_RATING, SECOND_RATING = 0, 1, 2


class Key(NamedTuple):
    """(办件编号, 来源, 服务次数, 评价次数), domain.md §4. With 0 for the last it is the key of the service itself."""

    project_number: str
    source: str
    service_number: int
    assess_number: int

    @property
    def service(self) -> Key:
        """The key of the service that this key's rating is about."""
        return self._replace(assess_number=THE_SERVICE)


def shortened(project_number: str) -> str:
    """A number by its last four characters: enough to tell rows apart, too little to look the applicant up."""
    return f"…{project_number[-4:]}" if len(project_number) > 8 else "…" if project_number else ""


def left_row_bound(batch: int, line: int) -> bytes:
    """What binds a row that waits to its place.

    Args:
        batch: primary key.
    """
    return f"left:{batch}:{line}".encode()


def preview_bound(path: str, member: str) -> bytes:
    """What binds the first rows of a file to it."""
    return f"preview:{path}:{member}".encode()
