"""季度考核, step by step: check, confirm, preview, objections, freeze. Each step is one transaction under the quarter's
lock, and doing it twice is doing it once. Who comes too early or too late is told so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.access import CLOSES_QUARTERS
from assessment.enums import Found, Grain, QuarterState, SchemeKind
from assessment.models import Exemption, Objection, Quarter, QuarterCheck, Scheme, SourceTotal, UnitScore
from assessment.periods import Period
from assessment.queries.bases import gather
from assessment.queries.rebuild import fingerprint_of_quarter
from assessment.queries.scores import row_of, score_quarter, with_reach
from assessment.queries.soundness import findings
from assessment.scoring import read_scheme
from assessment.words import period_words
from common.actions import NoticeText, notify, record_audit
from common.actors import Actor
from common.failpoints import failpoint
from common.models import AuditSeal
from organizations.actions.core import By, Refused, authorise
from organizations.enums import Role
from organizations.models import Membership, Staff
from organizations.queries import working_calendar
from rectification.deadlines import due_at
from rectification.enums import TimeUnit
from rectification.queries import clock_rules

NOTE_MIN = 5


@transaction.atomic
def open_quarter(period: Period, *, by: By, at: datetime) -> Quarter:
    """The row of a quarter that is over.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: no quarter, it is not over, or no scheme is in force for it.
    """
    authorise(by, CLOSES_QUARTERS)
    if period.grain != Grain.QUARTER or period.after > timezone.localdate(at):
        raise Refused(_("这个季度还没有结束"))
    if not any(Scheme.objects.in_force(kind, period.begins) for kind in SchemeKind):
        raise Refused(_("这个季度没有施行的考核办法"))
    return Quarter.objects.get_or_create(begins=period.begins)[0]


@transaction.atomic
def check_quarter(quarter: Quarter, *, by: By, at: datetime) -> Quarter:
    """Looks at everything that could make scores wrong. May be repeated until the freeze; asks nothing of anybody.

    Raises:
        PermissionDenied, Refused: not a city supervisor; it is frozen.
    """
    actor, locked = _locked(quarter, by)
    _check(locked, at)
    if locked.state == QuarterState.OPEN:
        locked.state = QuarterState.CHECKED
    failpoint("quarter_checked")
    return _saved(locked, "check", actor, at)


def _check(locked: Quarter, at: datetime) -> None:
    rows = [
        QuarterCheck(
            quarter=locked, check_of=one.check, found=one.found, count=one.count, detail=list(one.detail), at=at
        )
        for one in findings(locked.period)
    ]
    worse = _bad(rows) - _bad(locked.checks.all())
    locked.checks.all().delete()
    QuarterCheck.objects.bulk_create(rows)
    locked.checked_at = at
    if worse:  # what was confirmed was not this
        locked.confirmed_at = locked.confirmed_by = None


def _bad(rows: Iterable[QuarterCheck]) -> set[tuple[str, int]]:
    return {(row.check_of, row.count) for row in rows if row.found == Found.BAD}


@transaction.atomic
def confirm_checks(quarter: Quarter, note: str, *, by: By, at: datetime) -> Quarter:
    """A person goes on although checks found something bad, and says why.

    Raises:
        PermissionDenied, Refused: not a city supervisor; frozen, not checked yet, or nothing was said.
    """
    actor, locked = _locked(quarter, by)
    _after(locked, QuarterState.CHECKED)
    if len(note.strip()) < NOTE_MIN:
        raise Refused(_("请说明为什么可以继续"))
    locked.confirmed_at, locked.confirmed_note = at, note.strip()
    locked.confirmed_by = by if isinstance(by, Staff) else None
    return _saved(locked, "confirm", actor, at, reason=note)


@transaction.atomic
def preview_quarter(quarter: Quarter, *, by: By, at: datetime) -> Quarter:
    """Scores everybody from tallies, as things stand. Repeated during the objections, it follows their answers.

    Raises:
        PermissionDenied, Refused: not a city supervisor; frozen, not checked, or bad and not confirmed.
    """
    actor, locked = _locked(quarter, by)
    _after(locked, QuarterState.CHECKED)
    _confirmed(locked)
    _score(locked, at=at, raw=False)
    locked.previewed_at = at
    if locked.state == QuarterState.CHECKED:
        locked.state = QuarterState.PREVIEWED
    failpoint("quarter_previewed")
    return _saved(locked, "preview", actor, at)


def _score(locked: Quarter, *, at: datetime, raw: bool) -> list[UnitScore]:
    """Writes everybody's score anew, by the schemes in force on the quarter's first day."""
    locked.city_scheme = Scheme.objects.in_force(SchemeKind.CITY, locked.begins)
    locked.county_scheme = Scheme.objects.in_force(SchemeKind.COUNTY, locked.begins)
    gathered = gather(locked.period, at=at, raw=raw)
    rows: list[UnitScore] = []
    for kind in SchemeKind:
        chosen = locked.scheme(kind)
        if chosen is not None:
            scheme = read_scheme(chosen.content)
            some = score_quarter(locked.period, kind, scheme, at=at, gathered=gathered)
            made = [row_of(locked, kind, one) for one in some]
            with_reach(scheme, made, some, seed=locked.begins.toordinal())
            rows += made
    locked.scores.all().delete()
    return UnitScore.objects.bulk_create(rows, batch_size=500)


@transaction.atomic
def open_objections(quarter: Quarter, *, by: By, at: datetime) -> Quarter:
    """Tells every unit its score; from now on so many working days (QUARTER_OBJECTION_DAYS) it may object.

    Raises:
        PermissionDenied, Refused: not a city supervisor; frozen, or not previewed.
    """
    actor, locked = _locked(quarter, by)
    if locked.state == QuarterState.OBJECTING:
        return locked
    _after(locked, QuarterState.PREVIEWED)
    today = timezone.localdate(at)
    calendar = working_calendar(today, today + timedelta(days=60))
    due = due_at(at, settings.QUARTER_OBJECTION_DAYS, TimeUnit.WORKING_DAYS, calendar, clock_rules())
    locked.state, locked.objections_from, locked.objections_until = QuarterState.OBJECTING, at, due.at
    failpoint("quarter_opened")
    _tell_units(locked, at)
    return _saved(locked, "open_objections", actor, at)


def _tell_units(locked: Quarter, at: datetime) -> None:
    scored = locked.scores.exclude(unit=None).values("unit")
    held = Membership.objects.in_force(timezone.localdate(at)).filter(role=Role.UNIT_SUPERVISOR, unit__in=scored)
    told = NoticeText(
        key=f"quarter:{locked.period.name}:objections",
        kind="quarter.objections",
        text=period_words(locked.period),
        url=reverse("scores-quarter", args=[locked.period.name]),
        due_at=locked.objections_until,
    )
    notify(held.values_list("staff_id", flat=True), told, at=at)


@transaction.atomic
def freeze_quarter(quarter: Quarter, *, by: By, at: datetime) -> Quarter:
    """Counts everything from the rows as they were known at a cut, and closes the quarter for good.

    The cut lies QUARTER_SETTLE_MINUTES back: a transaction that tells a time before it has ended by now, so whoever
    counts again finds the same rows (reliability.md §6.6). Tallies are of now, so they are not asked.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: time for objections is left, one has no answer, data were not checked since, or are bad and nobody has
            confirmed them, or something that concerns a score was decided after the cut.
    """
    actor, locked = _locked(quarter, by, done=True)
    if locked.frozen:
        return locked
    _after(locked, QuarterState.OBJECTING)
    cut = at - timedelta(minutes=settings.QUARTER_SETTLE_MINUTES)
    _settled(locked, cut, at)
    _confirmed(locked)
    rows = _score(locked, at=cut, raw=True)
    failpoint("quarter_scored")
    locked.as_of, locked.frozen_at, locked.state = cut, at, QuarterState.FROZEN
    locked.fingerprint = fingerprint_of_quarter(locked, rows)
    seal = AuditSeal.objects.order_by("-to_transaction").first()
    locked.audit_head = seal.hash if seal else ""
    saved = _saved(locked, "freeze", actor, at, after={"fingerprint": locked.fingerprint, "as_of": cut})
    failpoint("quarter_frozen")
    return saved


def _settled(locked: Quarter, cut: datetime, at: datetime) -> None:
    if locked.objections_until is None or at < locked.objections_until:
        raise Refused(_("异议期还没有结束"))
    if locked.checked_at is None or locked.checked_at < locked.objections_until:
        raise Refused(_("异议期结束后,请再核对一次数据"))
    waiting = locked.objections.filter(answered_at=None).count()
    if waiting:
        raise Refused(_("还有%(count)s件异议没有答复") % {"count": waiting})
    answers = Objection.objects.filter(quarter=locked).aggregate(last=Max("answered_at"))["last"]
    freed = Exemption.objects.aggregate(last=Max("at"), lifted=Max("lifted_at"))
    last = max((moment for moment in (answers, *freed.values()) if moment), default=cut)
    if last > cut:
        minutes = settings.QUARTER_SETTLE_MINUTES
        raise Refused(_("刚刚作过决定,请在%(minutes)s分钟后再封存") % {"minutes": minutes})


@transaction.atomic
def declare_total(
    quarter: Quarter, source: str, *, ratings: int | None, services: int | None, by: Staff, at: datetime
) -> SourceTotal:
    """Keeps what a source says it has sent for a quarter; the next check compares.

    Raises:
        PermissionDenied, Refused: not a city supervisor; frozen.
    """
    actor, locked = _locked(quarter, by)
    told = {"ratings": ratings, "services": services}
    row, _made = SourceTotal.objects.update_or_create(
        quarter=locked.begins, source=source, defaults={**told, "by": by, "at": at}
    )
    record_audit("quarter.source_total", ("quarter", locked), by=actor, at=at, after={"source": source, **told})
    return row


def _locked(quarter: Quarter, by: By, *, done: bool = False) -> tuple[Actor, Quarter]:
    actor = authorise(by, CLOSES_QUARTERS)
    locked = Quarter.objects.select_for_update().get(pk=quarter.pk)
    if locked.frozen and not done:
        raise Refused(_("这个季度已经封存,更正记入更正记录"))
    return actor, locked


ORDER = list(QuarterState)


def _after(locked: Quarter, state: QuarterState) -> None:
    if ORDER.index(QuarterState(locked.state)) < ORDER.index(state):
        raise Refused(_("前一步还没有完成"))


def _confirmed(locked: Quarter) -> None:
    if locked.confirmed_at is None and _bad(locked.checks.all()):
        raise Refused(_("数据核对有需要处理的问题,请处理后再核对,或说明理由后继续"))


def _saved(
    locked: Quarter, verb: str, actor: Actor, at: datetime, *, reason: str = "", after: dict[str, object] | None = None
) -> Quarter:
    locked.save()
    told = {"state": locked.state, **(after or {})}
    record_audit(f"quarter.{verb}", ("quarter", locked), by=actor, at=at, after=told, reason=reason)
    return locked
