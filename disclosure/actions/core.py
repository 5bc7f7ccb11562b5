"""What every act here does alike: lock, check, write history, and keep the public copy true."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Func, Value
from django.utils import timezone

from common.actions import record_audit
from common.actors import Actor
from common.failpoints import failpoint
from disclosure.access import reviewer
from disclosure.actions.picturing import hide_pictures
from disclosure.enums import DisclosureAct, Part, Standing
from disclosure.models import Disclosure, DisclosureEvent, PublicCase
from disclosure.queries.material import facts_of
from disclosure.searching import normal, tokens
from organizations.models import Staff
from organizations.queries import staff_actor
from oversight.actions import Told, hush_case, tell_case
from rectification.models import Case


class Conflict(Exception):
    """Somebody was faster, or the case has new words. Nothing was written; `disclosure` is how it stands now."""

    def __init__(self, disclosure: Disclosure) -> None:
        super().__init__(disclosure.number)
        self.disclosure = disclosure


def locked(disclosure: Disclosure, *, seen: int | None) -> Disclosure:
    """Locks a disclosure and reads its case as it stands now.

    Raises:
        Conflict: it has changed since the version `seen`.
    """
    row = Disclosure.objects.select_for_update(of=("self",)).select_related("case__unit__region").get(pk=disclosure.pk)
    if seen is not None and seen != row.version:
        raise Conflict(row)
    return row


def deciding(disclosure: Disclosure, by: Staff) -> Actor:
    """In what capacity somebody decides about a disclosure.

    Raises:
        PermissionDenied: in none.
    """
    membership = reviewer(by.duties, disclosure.case)
    if membership is None:
        raise PermissionDenied("disclosure")
    return staff_actor(by, membership)


def write_history(
    disclosure: Disclosure,
    act: DisclosureAct,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    texts: Mapping[str, str] | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """The event of the disclosure and the row of the audit trail."""
    facts = dict(data or {})
    DisclosureEvent.objects.create(
        disclosure=disclosure, act=act, at=at, note=note, texts=dict(texts or {}), data=facts, **by.columns()
    )
    after = {"standing": disclosure.standing, "reason": disclosure.reason, **facts}
    record_audit(f"disclosure.{act}", ("disclosure", disclosure.number), by=by, at=at, after=after, reason=note)


def write_public(disclosure: Disclosure, case: Case, *, at: datetime, **columns: Any) -> PublicCase:
    """Writes the public copy anew from a case and what was decided.

    Args:
        columns: what does not follow from the case itself: words, matter, day, whether it is shown.
    """
    before = PublicCase.objects.filter(number=disclosure.number).first()
    public = before or PublicCase(number=disclosure.number, published_on=timezone.localdate(at))
    for name, value in {**facts_of(case), **columns}.items():
        setattr(public, name, value)
    if public.hidden or not public.shown:
        public.problem = public.changed = public.reply = ""
    if not public.shown:
        public.item, public.tags = "", []
    public.changed_at = at
    public.words = _searched(public) if public.shown else ""
    failpoint("before_public_saved")
    public.save()
    template = "%(function)s(%(expressions)s::text[])"
    searched = Func(Value(tokens(public.words)), function="array_to_tsvector", template=template)
    PublicCase.objects.filter(pk=public.pk).update(search=searched)
    if public.hidden or not public.shown:
        hide_pictures(public)
        hush_case(case)
    else:
        tell_case(case, Told(public.number, public.item, public.problem, public.changed, public.reply), at=at)
    return public


def _searched(public: PublicCase) -> str:
    said = [public.number, public.unit_name, public.item, *public.tags, public.problem, public.changed, public.reply]
    return normal(" ".join(said))


def published_texts(disclosure: Disclosure) -> dict[str, str]:
    """The words as they went out last."""
    last = disclosure.events.filter(act=DisclosureAct.PUBLISH).order_by("-pk").first()
    return {part: last.texts.get(part, "") if last else "" for part in Part.values}


def shows(disclosure: Disclosure) -> bool:
    return disclosure.standing == Standing.PUBLISHED
