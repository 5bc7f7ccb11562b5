"""公示审核: a person reads original and draft side by side, corrects what is hidden, and decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosure.actions.core import Conflict, deciding, locked, write_history, write_public
from disclosure.actions.picturing import show_pictures
from disclosure.anonymity import first_day
from disclosure.enums import DateGrain, DisclosureAct, Part, Reason, Standing
from disclosure.masking import Hidden, decided, finds_of, masked, to_json
from disclosure.models import Disclosure, PublicCase
from disclosure.queries.material import fingerprint, told_of, words_of
from organizations.actions import Refused
from organizations.models import Staff


@dataclass(frozen=True)
class Choice:
    """What a person says of the draft of one part.

    kept: finds that identify nobody and stay readable.
    phrases: what the rules have missed, as it stands in the text.
    """

    kept: Collection[Hidden] = field(default=())
    phrases: Collection[str] = field(default=())


@transaction.atomic
def publish_disclosure(
    disclosure: Disclosure,
    *,
    by: Staff,
    at: datetime,
    choices: Mapping[Part, Choice] | None = None,
    pictures: Collection[int] = (),
    note: str = "",
    seen: int | None = None,
) -> PublicCase:
    """公示: the words go out as they were looked at, everything hidden that was found or named.

    Args:
        choices: by part; a part without one goes out as the draft has it.
        pictures: keys of the pieces of evidence that are shown beside the words.
        seen: the version of the disclosure that was looked at.

    Raises:
        PermissionDenied: this person does not decide about this case.
        Conflict: it has changed since, or the case has new words that the sweep has not read yet.
        Refused: a phrase to be hidden stands nowhere.
    """
    row = locked(disclosure, seen=seen)
    actor = deciding(row, by)
    words = words_of(row.case)
    if row.sources != {part.value: fingerprint(text) for part, text in words.items()}:
        raise Conflict(row)
    hidden = {part: _decide(text, part, row, (choices or {}).get(part, Choice())) for part, text in words.items()}
    texts = {part.value: masked(text, hidden[part]) for part, text in words.items()}
    row.finds = {part.value: to_json(stretches) for part, stretches in hidden.items()}
    row.standing, row.reason, row.waiting_since = Standing.PUBLISHED, "", None
    row.version += 1
    row.save()
    told = told_of(row.case)
    public = write_public(
        row,
        row.case,
        at=at,
        **{part: texts.get(part, "") for part in Part.values},
        shown=True,
        reason="",
        item=row.case.item_name if told.matter else _kind_of_item(row),
        tags=[str(tag["label"]) for tag in row.case.tags],
        rated_on=first_day(timezone.localdate(row.case.received_at), told.grain),
        rated_grain=told.grain,
    )
    shown = show_pictures(public, row.case, pictures)
    data = {
        "pictures": shown,
        "hidden": row.finds,
        "kept": _kept(words, choices or {}),
        "grain": told.grain,
        "matter": told.matter,
    }
    write_history(row, DisclosureAct.PUBLISH, by=actor, at=at, note=note, texts=texts, data=data)
    return public


def _decide(text: str, part: Part, row: Disclosure, choice: Choice) -> list[Hidden]:
    missing = [phrase for phrase in choice.phrases if phrase and phrase not in text]
    if missing:
        raise Refused(_("原文里没有“%(phrase)s”,请照原文填写。") % {"phrase": missing[0][:40]})
    return decided(text, finds_of(row.finds, part), kept=choice.kept, phrases=choice.phrases)


def _kept(words: Mapping[Part, str], choices: Mapping[Part, Choice]) -> dict[str, list[str]]:
    """What somebody has said to identify nobody, in its own words, for history."""
    return {
        part.value: [words[part][one.start : one.end] for one in choice.kept]
        for part, choice in choices.items()
        if choice.kept and part in words
    }


def _kind_of_item(row: Disclosure) -> str:
    """The coarser word for a matter that few people had done: what kind of matter it is."""
    item = row.case.item
    return str(item.get_task_type_display()) if item else ""


@dataclass(frozen=True)
class Batch:
    """What became of many at once: shown, and those that somebody must look at by themselves."""

    published: int
    left: int


def publish_clear(disclosures: Iterable[tuple[Disclosure, int]], *, by: Staff, at: datetime) -> Batch:
    """公示 of many in which nothing was found, as somebody has read them on one screen.

    Args:
        disclosures: each with the version that was on the screen.
    """
    published = left = 0
    for disclosure, seen in disclosures:
        try:
            with transaction.atomic():
                if not locked(disclosure, seen=seen).clear:
                    raise Conflict(disclosure)
                publish_disclosure(disclosure, by=by, at=at, seen=seen)
        except Conflict:
            left += 1
        else:
            published += 1
    return Batch(published, left)


@transaction.atomic
def withhold_disclosure(
    disclosure: Disclosure, *, by: Staff, at: datetime, reason: Reason, note: str, seen: int | None = None
) -> Disclosure:
    """不予公示, with a reason that is counted in public and a note that is not.

    Raises:
        PermissionDenied, Conflict: as for publishing.
        Refused: it is public already and has to be taken down instead.
    """
    row = locked(disclosure, seen=seen)
    if row.standing == Standing.PUBLISHED:
        raise Refused(_("本件已经公示,请改用“撤下”。"))
    return _remove(row, Standing.WITHHELD, DisclosureAct.WITHHOLD, by=by, at=at, reason=reason, note=note)


@transaction.atomic
def take_down_disclosure(
    disclosure: Disclosure, *, by: Staff, at: datetime, reason: Reason, note: str, seen: int | None = None
) -> Disclosure:
    """撤下: nothing of it is shown from this moment; what had been public stays in history.

    Raises:
        PermissionDenied, Conflict: as for publishing.
        Refused: it is not public.
    """
    row = locked(disclosure, seen=seen)
    if row.standing != Standing.PUBLISHED:
        raise Refused(_("本件没有公示。"))
    return _remove(row, Standing.TAKEN_DOWN, DisclosureAct.TAKE_DOWN, by=by, at=at, reason=reason, note=note)


def _remove(
    row: Disclosure, standing: Standing, act: DisclosureAct, *, by: Staff, at: datetime, reason: Reason, note: str
) -> Disclosure:
    actor = deciding(row, by)
    row.standing, row.reason, row.waiting_since = standing, reason, None
    row.version += 1
    row.save()
    day = first_day(timezone.localdate(row.case.received_at), DateGrain.QUARTER)
    write_public(row, row.case, at=at, shown=False, reason=reason, rated_on=day, rated_grain=DateGrain.QUARTER)
    write_history(row, act, by=actor, at=at, note=note, data={"reason": reason})
    return row
