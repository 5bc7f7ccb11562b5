"""连续靠后: the clock opens a follow-up, leads it up the ladder and takes it off; people record what was done.

Each of it once per subject and frozen quarter, however often the clock asks and wherever it was killed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import IO

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessment.enums import Grain, SchemeKind
from assessment.models import Quarter
from assessment.periods import Period
from assessment.queries.sheets import Streak, low_streaks
from common.failpoints import failpoint
from organizations.actions import Refused
from organizations.enums import RegionLevel
from organizations.models import Region, Staff, Unit
from oversight.actions.clues import propose_clue
from oversight.actions.dossiers import Subject, begin, finish, keep_picture, locked, open_dossier
from oversight.actions.tasks import Wanted, add_task, report_task
from oversight.enums import ClueSort, DossierAct, FileSide, FollowAct, FollowStage, Kind, Part, RungKind, TaskState
from oversight.models import Dossier, FollowedQuarter, FollowUp, Rung, RungRecord
from oversight.queries.clue_rules import Proposal

Key = tuple[str, str]
ASKED = {
    RungKind.SITE_OFFICE: "分管领导到窗口现场办公,在卷里填写现场办公记录:日期、谁、哪个窗口、情况、措施、结果",
    RungKind.TALK: "接受约谈,落实约谈要求后报结",
    RungKind.LETTER: "提交书面检讨和整改承诺,加盖公章的原件拍照上传",
}
RECORDS: dict[str, RungKind] = {
    FollowAct.RECORD_VISIT: RungKind.SITE_OFFICE,
    FollowAct.RECORD_TALK: RungKind.TALK,
    FollowAct.RECORD_LETTER: RungKind.LETTER,
}
BY_UNIT = frozenset({RungKind.SITE_OFFICE, RungKind.LETTER})


def follow_low(*, at: datetime) -> int:
    """Goes through every newly frozen quarter, the oldest first, and closes what is recovered and done.

    Returns:
        How many follow-ups were opened, led on, taken off or closed.
    """
    done = 0
    known = FollowedQuarter.objects.values("begins")
    for quarter in Quarter.objects.filter(frozen_at__lte=at).exclude(begins__in=known).order_by("begins"):
        done += _follow(quarter, at)
    for pk in Dossier.objects.filter(kind=Kind.FOLLOW_UP, stage=FollowStage.RECOVERED).values_list("pk", flat=True):
        done += _settle(pk, at)
    return done


def _follow(quarter: Quarter, at: datetime) -> int:
    fresh = timedelta(days=settings.OVERSIGHT_LADDER_FRESH_DAYS)
    if quarter.frozen_at is None or quarter.frozen_at < at - fresh:
        return follow_quarter(quarter, [], None, at=at)
    ranked = set(quarter.scores.exclude(rank=None).values_list("kind", "subject"))
    return follow_quarter(quarter, low_streaks(quarter), ranked, at=at)


def follow_quarter(quarter: Quarter, low: Iterable[Streak], ranked: Set[Key] | None, *, at: datetime) -> int:
    """Leads on who is followed, opens who is newly low, and ticks the quarter off.

    Args:
        low: who is, in this frozen quarter, and for how long.
        ranked: who has a rank at all in it, by scheme and subject; None passes over the quarter.

    Returns:
        How many follow-ups were opened, led on or taken off.
    """
    done, streaks = 0, {(str(one.kind), one.subject): one for one in low}
    running = FollowUp.objects.filter(dossier__stage=FollowStage.RUNNING).order_by("pk")
    for pk in list(running.values_list("pk", flat=True)) if ranked is not None else []:
        done += _lead_on(pk, quarter, streaks, ranked or set(), at)
    for key, streak in sorted(streaks.items()):
        if streak.reached:
            done += _open(key, streak, quarter, at)
    FollowedQuarter.objects.get_or_create(begins=quarter.begins, defaults={"at": at})
    return done


@transaction.atomic
def _open(key: Key, streak: Streak, quarter: Quarter, at: datetime) -> int:
    """Opens a follow-up at the first rung, unless one is running or was opened for this quarter."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('follow-ups'))")
    name = f"low:{key[0]}:{key[1]}:{quarter.period.name}"
    running = FollowUp.objects.filter(scheme=key[0], subject=key[1], dossier__stage=FollowStage.RUNNING)
    found = _whose(streak)
    if found is None or running.exists() or Dossier.objects.filter(key=name).exists():
        return 0
    unit, region = found
    with translation.override(settings.LANGUAGE_CODE):
        scheme = SchemeKind(streak.kind).label
        quarters = "、".join(reversed(streak.quarters))
        title = f"{streak.name}连续靠后督办"
        about = f"{scheme}:{quarters}连续 {len(streak.quarters)} 个季度排名靠后。"
    row = open_dossier(
        Kind.FOLLOW_UP, region, Subject(title, about, unit), by=None, at=at, key=name, parts=[(unit, Part.SUBJECT)]
    )
    FollowUp.objects.create(dossier=row, scheme=streak.kind, subject=streak.subject, name=streak.name)
    failpoint("follow_up_opened")
    _climb(row, 1, quarter.begins, at)
    return 1


def _whose(streak: Streak) -> tuple[Unit, Region] | None:
    """Who answers for a subject, and whose it is: of a county its managing body, and the city's.

    Returns:
        None where nobody does: a county without a managing body.
    """
    units = Unit.objects.active().select_related("region")
    kind, _colon, code = streak.subject.partition(":")
    if kind == "region":
        unit = units.filter(supervises=True, region__code__startswith=code, region__level=RegionLevel.COUNTY).first()
    else:
        unit = units.filter(code=code).first()
    if unit is None:
        return None
    if streak.kind == SchemeKind.COUNTY:
        return unit, unit.region
    city = Region.objects.filter(level=RegionLevel.CITY, code__startswith=unit.region.code[: RegionLevel.CITY]).first()
    return (unit, city) if city else None


@transaction.atomic
def _lead_on(pk: int, quarter: Quarter, streaks: Mapping[Key, Streak], placed: Set[Key], at: datetime) -> int:
    """One more quarter of a running follow-up: low again, off the low ranks, or not ranked at all."""
    row = locked(Dossier.objects.get(pk=pk))
    followed = FollowUp.objects.get(dossier=row)
    key, name = (followed.scheme, followed.subject), quarter.period.name
    last = row.rungs.order_by("place").last()
    if row.stage != FollowStage.RUNNING or last is None or last.quarter >= quarter.begins:
        return 0
    if row.events.filter(data__quarter=name).exists():
        return 0
    if key in streaks:
        return _again(row, last, quarter, at)
    if key not in placed:
        finish(begin(row, FollowAct.SKIP, by=None, at=at), data={"quarter": name}, note=name)
        return 0
    followed.recovered_in = quarter.begins
    followed.save(update_fields=["recovered_in"])
    finish(begin(row, FollowAct.RECOVER, by=None, at=at), data={"quarter": name}, note=name)
    return 1


def _again(row: Dossier, last: Rung, quarter: Quarter, at: datetime) -> int:
    name = quarter.period.name
    if last.place >= len(settings.OVERSIGHT_LADDER):
        finish(begin(row, FollowAct.STAY, by=None, at=at), data={"quarter": name}, note=name)
        return 0
    finish(begin(row, FollowAct.STEP, by=None, at=at), data={"quarter": name}, note=name)
    _climb(row, last.place + 1, quarter.begins, at)
    return 1


def _climb(row: Dossier, place: int, quarter: date, at: datetime) -> None:
    """The next rung, with the task that goes with it; the last one is a clue that somebody has to take up."""
    name, days = settings.OVERSIGHT_LADDER[place - 1]
    kind, task = RungKind(name), None
    if row.unit is None:
        raise ValueError(f"{row} has no unit")
    if kind == RungKind.CLUE:
        _propose(row, place, at)
    else:
        task = add_task(row, Wanted(unit=row.unit, wanted=ASKED[kind], days=days), by=None, at=at)
    Rung.objects.create(dossier=row, place=place, kind=kind, quarter=quarter, task=task, at=at)
    failpoint("rung_climbed")


def _propose(row: Dossier, place: int, at: datetime) -> None:
    if row.unit is None:
        raise ValueError(f"{row} has no unit")
    said = [row.about, *(f"{rung.quarter:%Y-%m-%d} 起的季度:{rung.get_kind_display()}" for rung in row.rungs.all())]
    propose_clue(
        Proposal(
            key=f"clue:ladder:{row.pk}:{place}",
            sort=ClueSort.SLACK,
            rule="ladder",
            unit=row.unit,
            words=tuple(said),
            source=row,
        ),
        at=at,
    )


@transaction.atomic
def _settle(pk: int, at: datetime) -> int:
    """Closes a recovered follow-up once nothing that was asked before waits for anybody."""
    row = locked(Dossier.objects.get(pk=pk))
    if row.stage != FollowStage.RECOVERED or row.tasks.open().exists():
        return 0
    recovered = FollowUp.objects.get(dossier=row).recovered_in
    if recovered is None:
        raise ValueError(f"{row} has not recovered")
    name = Period(recovered, Grain.QUARTER).name
    move = begin(row, DossierAct.CLOSE, by=None, at=at)
    with translation.override(settings.LANGUAGE_CODE):
        move.dossier.outcome = _("%(quarter)s已退出靠后。") % {"quarter": name}
    finish(move)
    return 1


# --- what people record ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """What was done on a rung; `RungRecord` says what each is."""

    held_on: date
    who: str
    findings: str
    place: str = ""
    with_whom: str = ""
    measures: str = ""
    result: str = ""


@transaction.atomic
def record_rung(
    row: Dossier,
    held: Held,
    *,
    act: FollowAct,
    by: Staff,
    at: datetime,
    pictures: Sequence[IO[bytes]] = (),
    seen: int | None = None,
) -> RungRecord:
    """Records a visit, a talk or a letter. What the unit itself does is reported with it.

    Raises:
        PermissionDenied: a visit and a letter are the unit's, a talk is its supervisors'.
        Refused: nothing of the kind is asked now, the day is to come, or nothing is said.
    """
    move = begin(row, act, by=by, at=at, seen=seen)
    kind = RECORDS[act]
    rung = (
        move.dossier.rungs.filter(kind=kind, task__state=TaskState.OPEN).select_related("task").order_by("place").last()
    )
    if rung is None or rung.task is None:
        raise Refused(_("现在没有这一项要填写。"))
    if held.held_on > timezone.localdate(at):
        raise Refused(_("日期不能晚于今天。"))
    if not held.who.strip() or not held.findings.strip():
        raise Refused(_("请写明谁做的、做了什么。"))
    record = RungRecord.objects.create(rung=rung, by=by, at=at, **vars(held))
    kept = [keep_picture(move.dossier, one, FileSide.RECORD, by=by, at=at, task=rung.task) for one in pictures]
    finish(move, note=held.findings, data={"rung": rung.place, "pictures": [one.sha256 for one in kept]})
    if kind in BY_UNIT:
        report_task(rung.task, _told(held), by=by, at=at)
    return record


def _told(held: Held) -> str:
    lines = [f"{held.held_on:%Y-%m-%d} {held.who} {held.place}".strip(), held.findings, held.measures, held.result]
    return "\n".join(line.strip() for line in lines if line.strip())


record_visit = partial(record_rung, act=FollowAct.RECORD_VISIT)
record_talk = partial(record_rung, act=FollowAct.RECORD_TALK)
record_letter = partial(record_rung, act=FollowAct.RECORD_LETTER)
