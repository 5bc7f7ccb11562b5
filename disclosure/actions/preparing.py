"""公示稿: the sweep that follows the cases. It finds what identifies people; it publishes no word by itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from common.actors import SYSTEM
from common.failpoints import failpoint
from common.ids import readable_number
from disclosure.actions.core import published_texts, shows, write_history, write_public
from disclosure.enums import UNSHOWN, DisclosureAct, Part
from disclosure.masking import to_json
from disclosure.models import Disclosure, PublicCase
from disclosure.queries.material import cases_behind, facts_of, fingerprint, look_through, words_of
from rectification.models import Case


def prepare_disclosures(*, at: datetime, limit: int = 500) -> int:
    """Follows every case that has moved: a draft for new words, the public facts of what is shown already.

    Safe to repeat and to kill: each case is a transaction of its own, and one that was not reached is still behind.

    Returns:
        How many cases were followed.
    """
    behind = list(cases_behind().values_list("pk", flat=True)[:limit])
    for pk in behind:
        follow_case(pk, at=at)
    return len(behind)


@transaction.atomic
def follow_case(pk: int, *, at: datetime) -> Disclosure:
    """Brings one case's disclosure up to how the case stands now.

    The disclosure is locked before the case is read: an act that waits for the lock is then followed by whoever comes
    next, and one that has committed is seen here.
    """
    disclosure, new = _locked_or_new(pk)
    case = Case.objects.select_related("unit__region").get(pk=pk)
    words = words_of(case)
    fresh = _find_in_new(disclosure, words)
    if fresh and disclosure.standing not in UNSHOWN and disclosure.waiting_since is None:
        disclosure.waiting_since = at
    disclosure.seen_version = case.version
    if new and not words:
        # Nothing was said in words: a person still decides that the case is shown.
        disclosure.waiting_since, disclosure.clear = at, True
    if fresh or new:
        disclosure.version += 1
    disclosure.save()
    failpoint("disclosure_prepared")
    if fresh or new:
        write_history(disclosure, DisclosureAct.PREPARE, by=SYSTEM, at=at, data={"parts": fresh})
    if shows(disclosure):
        _refresh(disclosure, case, words, at=at)
    return disclosure


def _locked_or_new(pk: int) -> tuple[Disclosure, bool]:
    row = Disclosure.objects.select_for_update().filter(case_id=pk).first()
    if row is not None:
        return row, False
    row, new = Disclosure.objects.get_or_create(case_id=pk, defaults={"number": readable_number()})
    return (row, True) if new else (Disclosure.objects.select_for_update().get(pk=row.pk), False)


def _find_in_new(disclosure: Disclosure, words: dict[Part, str]) -> list[str]:
    """Reads the parts whose words have changed, and says which those are."""
    prints = {part.value: fingerprint(text) for part, text in words.items()}
    fresh = [part for part, mark in prints.items() if disclosure.sources.get(part) != mark]
    doubts: set[str] = set()
    for part, text in words.items():
        read = look_through(text)
        doubts |= set(read.doubts)
        if part in fresh:
            disclosure.finds[part] = to_json(read.finds)
    gone = set(disclosure.finds) - set(prints)
    disclosure.finds = {part: finds for part, finds in disclosure.finds.items() if part not in gone}
    disclosure.sources = prints
    disclosure.doubts = sorted(doubts)
    disclosure.clear = not doubts and not any(disclosure.finds.values())
    return fresh


def _refresh(disclosure: Disclosure, case: Case, words: Collection[Part], *, at: datetime) -> None:
    """What is shown goes on by itself as far as it is choices, dates and numbers; words only leave, or come back."""
    public = PublicCase.objects.get(number=disclosure.number)
    facts = facts_of(case)
    changed = {name for name, value in facts.items() if getattr(public, name) != value}
    if not changed:
        return
    texts = {part: text if part in words else "" for part, text in published_texts(disclosure).items()}
    write_public(disclosure, case, at=at, **texts)
    act = DisclosureAct.REFRESH
    if "hidden" in changed:
        act = DisclosureAct.HIDE if case.text_hidden else DisclosureAct.SHOW
    data = {name: str(facts[name]) for name in sorted(changed & {"stage", "result", "hidden", "unit_name"})}
    write_history(disclosure, act, by=SYSTEM, at=at, data=data)
