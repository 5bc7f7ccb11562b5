"""What waits for a look, and one disclosure as its reviewer reads it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from disclosure.anonymity import Told
from disclosure.enums import UNSHOWN, Part, Standing
from disclosure.masking import Hidden, Piece, finds_of, pieces
from disclosure.models import Disclosure, DisclosureQuerySet
from disclosure.queries.material import fingerprint, pictures_of, told_of, words_of
from organizations.models import Staff
from rectification.models import Attachment


@dataclass(frozen=True)
class View:
    """One saved filter of the desk's list."""

    label: str | Promise
    condition: Q
    empty: str | Promise
    order: tuple[str, ...] = ("-pk",)


WAITING, LONGEST_FIRST = Q(waiting_since__isnull=False), ("waiting_since", "pk")
VIEWS: dict[str, View] = {
    "look": View(_("逐件审核"), WAITING & Q(clear=False), _("没有需要逐件审核的公示稿。"), LONGEST_FIRST),
    "clear": View(_("未发现个人信息"), WAITING & Q(clear=True), _("没有可以成批公示的公示稿。"), LONGEST_FIRST),
    "published": View(_("已公示"), Q(standing=Standing.PUBLISHED), _("还没有公示的件。")),
    "unshown": View(_("不予公示和撤下"), Q(standing__in=UNSHOWN), _("没有不予公示的件。")),
}


def in_view(name: str, user: Staff) -> DisclosureQuerySet:
    """The disclosures of a saved filter that a person may see, in the order of work."""
    view = VIEWS[name]
    rows = Disclosure.objects.visible_to(user).filter(view.condition).select_related("case__unit__region")
    return rows.order_by(*view.order)


def counts(user: Staff) -> dict[str, int]:
    """How many there are in each saved filter."""
    rows = Disclosure.objects.visible_to(user)
    return {name: rows.filter(view.condition).count() for name, view in VIEWS.items()}


@dataclass(frozen=True)
class PartDraft:
    """One part of a draft: the original, what would be hidden, and whether somebody has looked at it before."""

    part: Part
    text: str
    finds: list[Hidden]

    @property
    def pieces(self) -> list[Piece]:
        return pieces(self.text, self.finds)

    @property
    def numbered(self) -> list[tuple[int, Hidden, str]]:
        """Each find with its number and its words, for a box beside it."""
        return [(at, one, self.text[one.start : one.end]) for at, one in enumerate(self.finds)]


@dataclass(frozen=True)
class Draft:
    """What a reviewer reads. stale: the case has newer words than the draft; the sweep reads them within a minute."""

    parts: list[PartDraft]
    told: Told
    stale: bool
    pictures: list[Attachment]


def draft_of(disclosure: Disclosure) -> Draft:
    """The draft of a disclosure, with its case's words beside it.

    Args:
        disclosure: with its case and the case's unit.
    """
    words = words_of(disclosure.case)
    prints = {part.value: fingerprint(text) for part, text in words.items()}
    parts = [PartDraft(part, text, finds_of(disclosure.finds, part)) for part, text in words.items()]
    return Draft(parts, told_of(disclosure.case), disclosure.sources != prints, pictures_of(disclosure.case))


def drafts_waiting(user: Staff) -> int:
    """How many drafts wait for this person's look."""
    return Disclosure.objects.visible_to(user).waiting().count()
