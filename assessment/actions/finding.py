"""疑点: a day is searched, what is found is written down, a unit explains, a person decides. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.access import deciding_duty, explaining_duty
from assessment.enums import DECISIONS, FindingAct, FindingState
from assessment.models import CountedDay, DayToLook, Finding, FindingEvent, FindingRating, PlaceDay
from assessment.queries import suspicions
from assessment.queries.suspicions import Hours
from assessment.suspicions import Suspicion, direction_of
from common.actions import NoticeText, notify, record_audit
from common.actors import SYSTEM, Actor
from organizations.actions import Refused
from organizations.models import Staff
from organizations.queries import staff_actor, supervisors_of_unit, working_calendar

SHORTEST_REASON = 10
ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('assessment findings'))"
CLAIM = """
DELETE FROM assessment_daytolook WHERE id IN (
    SELECT id FROM assessment_daytolook WHERE day = %s FOR UPDATE SKIP LOCKED
)
"""


@dataclass(frozen=True)
class Looked:
    """What a search of one day came to.

    Attributes:
        places: looked at. findings: that hold now. new: of them. gone: undecided ones that hold no more.
        busy: another search was at it, so this one did nothing.
    """

    places: int = 0
    findings: int = 0
    new: int = 0
    gone: int = 0
    busy: bool = False


@transaction.atomic
def count_day(day: date) -> None:
    """Counts the places of a day as a base for others, whether or not it was counted before."""
    with connection.cursor() as cursor:
        working = _count(cursor, day)
    CountedDay.objects.update_or_create(day=day, defaults={"working": working})


def uncounted_base(day: date) -> list[date]:
    """The days before a day that are its base and have not been counted yet, the newest first."""
    days = [day - timedelta(days=back) for back in range(1, int(settings.INTEGRITY["base_days"]) + 1)]
    known = set(CountedDay.objects.filter(day__in=days).values_list("day", flat=True))
    return [one for one in days if one not in known]


def look_at_day(day: date, *, at: datetime) -> Looked:
    """Searches one day for doubtful ratings and writes what is found. Doing it twice moves nothing.

    Days of its base that were never counted are counted first. What had been found and holds no longer is marked as
    gone unless somebody has decided it; what somebody has decided is not touched.

    Args:
        day: of the ratings.
        at: now; hours of the day that are not over are not missed.
    """
    for missing in uncounted_base(day):
        count_day(missing)
    return _look(day, at=at)


@transaction.atomic
def _look(day: date, *, at: datetime) -> Looked:
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
        if not cursor.fetchone()[0]:
            return Looked(busy=True)
        # Claimed before anything is read: what changes from here on is looked at again (`refreshing.refresh`).
        cursor.execute(CLAIM, [day])
        working = _count(cursor, day)
        CountedDay.objects.update_or_create(day=day, defaults={"working": working, "looked_at": at})
        base_days = int(settings.INTEGRITY["base_days"])
        places = suspicions.places_of(cursor, day, working=working, days=base_days)
        found = suspicions.search(
            cursor,
            day,
            places,
            like_it=_like_it(day, working),
            until_hour=24 if timezone.localdate(at) > day else timezone.localtime(at).hour,
            wanted=settings.INTEGRITY,
        )
        known = {_key(one): one for one in Finding.objects.select_for_update().filter(day=day)}
        new = sum(_note(cursor, day, one, known, looked=len(places.rows), at=at) for one in found)
    gone = _take_back([one for key, one in known.items() if key not in {one.key for one in found}], at=at)
    return Looked(len(places.rows), len(found), new, gone)


def _count(cursor: Any, day: date) -> bool:
    """Lays a day out and counts its places; whether offices worked on it."""
    working = working_calendar(day, day).is_working(day)
    suspicions.lay_out(cursor, day, Hours.of(day, working=working))
    PlaceDay.objects.filter(day=day).delete()
    select, values = suspicions.counted_places(day)
    cursor.execute(f"INSERT INTO assessment_placeday ({suspicions.COUNTED}) {select}", values)
    return working


def _like_it(day: date, working: bool) -> list[date]:
    since = day - timedelta(days=suspicions.HOLE_DAYS)
    alike = CountedDay.objects.filter(day__gte=since, day__lt=day, working=working)
    return list(alike.order_by("day").values_list("day", flat=True))


def _key(finding: Finding) -> tuple[str, int, int, str]:
    return finding.signal, finding.unit_id or 0, finding.window_id or 0, finding.subject


def _note(cursor: Any, day: date, one: Suspicion, known: dict[Any, Finding], *, looked: int, at: datetime) -> bool:
    """Writes a finding, or what has changed of one that nobody has decided; whether it is new."""
    ids, good, bad = suspicions.rows_of(cursor, one)
    facts = {
        "direction": direction_of(good, bad),
        "observed": one.observed,
        "total": one.total,
        "expected": round(one.tail.expected, 4),
        "chance": one.tail.chance,
        "evidence": _plain({**one.evidence, "good": good, "bad": bad}),
    }
    finding = known.get(one.key)
    if finding is None:
        finding = Finding.objects.create(
            day=day,
            unit_id=one.unit or None,
            window_id=one.window or None,
            signal=one.signal,
            subject=one.subject,
            looked=looked,
            found_at=at,
            **facts,
        )
        _write_event(finding, FindingAct.FOUND, by=SYSTEM, at=at, data=facts)
        _point(finding, ids)
        return True
    if finding.state in (FindingState.OPEN, FindingState.GONE):
        _renew(finding, facts, ids, at=at)
    return False


def _renew(finding: Finding, facts: dict[str, Any], ids: list[str], *, at: datetime) -> None:
    # The base moves a little with every late row; only what was counted of the day itself is a change.
    counted = ("direction", "observed", "total")
    same = all(getattr(finding, name) == facts[name] for name in counted) and finding.state == FindingState.OPEN
    if same:
        return
    for name, value in facts.items():
        setattr(finding, name, value)
    finding.state = FindingState.OPEN
    finding.save()
    _point(finding, ids)
    _write_event(finding, FindingAct.CHANGED, by=SYSTEM, at=at, data=facts)


def _point(finding: Finding, ids: Iterable[str]) -> None:
    finding.ratings.all().delete()
    FindingRating.objects.bulk_create([FindingRating(finding=finding, evaluation_id=pk) for pk in ids])


def _take_back(findings: Iterable[Finding], *, at: datetime) -> int:
    taken = [one for one in findings if one.state == FindingState.OPEN]
    for one in taken:
        one.state = FindingState.GONE
        one.save(update_fields=["state"])
        _write_event(one, FindingAct.GONE, by=SYSTEM, at=at)
    return len(taken)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: float(value) if hasattr(value, "as_tuple") else value for name, value in values.items()}


def _write_event(
    finding: Finding, act: FindingAct, *, by: Actor, at: datetime, note: str = "", data: dict[str, Any] | None = None
) -> None:
    FindingEvent.objects.create(finding=finding, act=act, at=at, note=note, data=data or {}, **by.columns())


@transaction.atomic
def explain_finding(finding: Finding, *, by: Staff, at: datetime, note: str) -> Finding:
    """Keeps what a unit says of a finding about itself, for whoever decides. Said again, both stay in the history.

    Args:
        note: at least 10 characters.

    Raises:
        Refused: it is not this person's unit, it is decided already, or too little is said.
    """
    locked = Finding.objects.select_for_update(of=("self",)).select_related("unit__region").get(pk=finding.pk)
    duty = explaining_duty(by.duties, locked.unit)
    if duty is None:
        raise Refused(_("由被提示单位的主管说明。"))
    if locked.state != FindingState.OPEN:
        raise Refused(_("已经认定,不能再补充说明。"))
    _long_enough(note)
    locked.explanation, locked.explained_at = note.strip(), at
    locked.save(update_fields=["explanation", "explained_at"])
    actor = staff_actor(by, duty)
    _write_event(locked, FindingAct.EXPLAIN, by=actor, at=at, note=locked.explanation)
    record_audit("finding.explain", ("finding", locked.pk), by=actor, at=at, reason=locked.explanation)
    return locked


@transaction.atomic
def decide_finding(finding: Finding, *, by: Staff, at: datetime, outcome: FindingState, reason: str) -> Finding:
    """Says what a finding is: 属实, 不属实 or 存疑. May be decided anew; every decision stays in the history.

    The ratings stay where they are and count as they counted: what becomes of confirmed ones in a score is a matter of
    its scheme, which reads them with `queries.flagged`.

    Args:
        outcome: one of `DECISIONS`.
        reason: at least 10 characters.

    Raises:
        Refused: it is not this person's to decide, holds no longer, or the reason says too little.
    """
    locked = Finding.objects.select_for_update(of=("self",)).select_related("unit__region").get(pk=finding.pk)
    duty = deciding_duty(by.duties, locked.unit)
    if duty is None:
        raise Refused(_("由上级政务服务管理机构的督导认定,本单位不能自己认定。"))
    if outcome not in DECISIONS:
        raise Refused(_("请选择属实、不属实或存疑。"))
    if locked.state == FindingState.GONE:
        raise Refused(_("数据补齐后已不再成立,无需认定。"))
    _long_enough(reason)
    before = locked.state
    locked.state, locked.reason, locked.decided_by, locked.decided_at = outcome, reason.strip(), by, at
    locked.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    actor, told = staff_actor(by, duty), {"state": outcome}
    _write_event(locked, FindingAct.DECIDE, by=actor, at=at, note=locked.reason, data=told)
    about = ("finding", locked.pk)
    record_audit("finding.decide", about, by=actor, at=at, before={"state": before}, after=told, reason=locked.reason)
    _tell_unit(locked, at=at)
    return locked


def _long_enough(words: str) -> None:
    if len("".join(words.split())) < SHORTEST_REASON:
        raise Refused(_("请写明理由,至少 %(count)d 个字。") % {"count": SHORTEST_REASON})


def _tell_unit(finding: Finding, *, at: datetime) -> None:
    if finding.unit is None:
        return
    people = supervisors_of_unit(finding.unit, timezone.localdate(at)).values_list("pk", flat=True)
    url = reverse("finding", args=[finding.pk])
    count = finding.events.count()
    told = NoticeText(
        key=f"finding:{finding.pk}:{count}",
        kind="finding.decided",
        text=str(finding.get_signal_display()),
        url=url,
    )
    notify(people, told, at=at)


def days_to_look(today: date) -> list[date]:
    """The days that have changed since they were searched, and those of the last week never searched; newest first.

    Today is left to the evening and to tomorrow: a half day has no base.
    """
    changed = set(DayToLook.objects.filter(day__lt=today).values_list("day", flat=True).distinct())
    week = {today - timedelta(days=back) for back in range(1, 8)}
    done = set(CountedDay.objects.filter(day__in=week, looked_at__isnull=False).values_list("day", flat=True))
    return sorted(changed | (week - done), reverse=True)
