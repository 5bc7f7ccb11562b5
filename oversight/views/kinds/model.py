"""What the pages of one kind of dossier are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from organizations.models import Staff
from oversight.enums import Kind
from oversight.models import Dossier
from oversight.paper import Block


@dataclass(frozen=True)
class ActPage:
    """The page of one act.

    Attributes:
        form: takes data, files, `row` and `user`; its `arguments()` go to the act.
        act: takes the dossier, those arguments, by and at.
        about: what it means, above the form. danger: it cannot simply be undone.
        template: for a page that shows more than the form.
    """

    form: Callable[..., Any]
    act: Callable[..., object]
    about: str | Promise = ""
    danger: bool = False
    template: str = "organizations/one_act.html"


def _no_blocks(_row: Dossier, _user: Staff, _at: datetime) -> list[Block]:
    return []


def _none(_row: Dossier) -> frozenset[str]:
    return frozenset()


def _nothing(_row: Dossier, _user: Staff, _at: datetime) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class KindPages:
    """The pages of a kind.

    Attributes:
        slug: in addresses. label: of its list. about: what it is for.
        form: opens one; takes data and `user`; its `arguments()` go to `open`. None: only the clock opens them.
        open: takes the region, those arguments, by and at; returns the dossier.
        template: of its page, which extends oversight/dossiers/dossier.html.
        more: what that template needs besides what every dossier shows.
        blocks: what its ledger says besides its tasks.
        hides: acts that its course allows but that would come to nothing now.
        beside: more pages of the kind, shown on its list: label and name of the route.
    """

    kind: Kind
    slug: str
    label: str | Promise
    about: str | Promise
    form: Callable[..., Any] | None
    open: Callable[..., Dossier] | None
    template: str
    acts: Mapping[str, ActPage] = field(default_factory=dict)
    more: Callable[[Dossier, Staff, datetime], dict[str, Any]] = _nothing
    blocks: Callable[[Dossier, Staff, datetime], list[Block]] = _no_blocks
    beside: tuple[tuple[str | Promise, str], ...] = ()
    hides: Callable[[Dossier], frozenset[str]] = _none
