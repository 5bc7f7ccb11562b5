"""The facts of the overview's panels, for what somebody supervises: each by itself, with a time limit of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, QuerySet, Sum
from django.utils import timezone

from appeals.enums import UPHELD
from appeals.models import Appeal
from appeals.queries import first_rounds
from assessment import queries
from assessment.enums import FindingState, SchemeState
from assessment.figures import Counts, Share
from assessment.metrics import Facts
from assessment.models import Scheme
from assessment.periods import Period
from common.queries import patiently
from evaluations.enums import Origin
from evaluations.lists import units_read_by
from evaluations.models import Batch
from identity.models import Look
from organizations.models import Staff, Unit
from organizations.queries import working_calendar
from oversight.access import supervised
from oversight.enums import Stage
from oversight.models import QuarterNotice
from oversight.panels import ages, appeals, campaigns, hours, integrity, numbers, places, steps, weeks
from oversight.panels import reasons as why
from oversight.queries.analysis import bads_of
from oversight.queries.campaigns import effect_for, started_in
from rectification.enums import Source
from rectification.models import Case
from rectification.queries import with_next_due

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Scope:
    """What somebody's overview is about.

    Attributes:
        key: the same for all who supervise the same.
        regional: it is one or more divisions, and not single units. city: everything.
    """

    key: str
    units: QuerySet[Unit]
    regional: bool
    city: bool


def scope_of(user: Staff) -> Scope:
    """What this person supervises. Units come from `units_read_by`, so a number and its list have the same reach."""
    held = supervised(user.duties)
    units = units_read_by(user)
    return Scope(reach_of(user), units, held.regional, held.city)


def reach_of(user: Staff) -> str:
    """The same for all who supervise the same."""
    return "|".join(sorted({f"{one.role}:{one.region_prefix or one.unit.path}" for one in user.duties}))


def collect(code: str, scope: Scope, period: Period, *, at: datetime) -> Any:
    """The facts of one panel.

    Args:
        at: now.

    Raises:
        TooLong: a question took longer than OVERVIEW_PANEL_SECONDS.
    """
    with patiently(settings.OVERVIEW_PANEL_SECONDS):
        return COLLECT[code](scope, period, at)


def _whole(scope: Scope, period: Period) -> Facts:
    return Facts.sum(queries.rules_now(), list(queries.facts_of(period, scope.units).values()))


def _numbers(scope: Scope, period: Period, at: datetime) -> numbers.Found:
    return numbers.Found.of(_whole(scope, period), _whole(scope, period.before()))


def _weeks(scope: Scope, period: Period, at: datetime) -> weeks.Found:
    """Weeks that are over; of a quarter that still runs those until yesterday."""
    mondays = weeks.weeks_until(min(period.last, timezone.localdate(at) - timedelta(days=1)))
    first, last = mondays[0], mondays[-1] + timedelta(days=6)
    found: dict[date, Counts] = defaultdict(Counts)
    for day, _channel, counts in queries.channel_days(first, last, Origin.ACTIVE, _narrowed(scope)):
        found[day - timedelta(days=day.weekday())] += counts
    told = tuple(weeks.Week(monday, found[monday].effective, found[monday].valid) for monday in mondays)
    return weeks.Found(told, _marks(first, last))


def _narrowed(scope: Scope) -> QuerySet[Unit] | None:
    """The units, or None where they are all there are, which the tallies answer faster."""
    whole = scope.city and not Unit.objects.exclude(pk__in=scope.units.order_by()).exists()
    return None if whole else scope.units


def _marks(first: date, last: date) -> tuple[weeks.Mark, ...]:
    """Schemes that came into force and notices that were issued between two days."""
    schemes = Scheme.objects.filter(
        state__in=(SchemeState.ADOPTED, SchemeState.RETIRED), valid_from__range=(first, last)
    ).exclude(adopted_at=None)
    found = [weeks.Mark(one.valid_from, str(one.version), one.kind) for one in schemes]
    notices = QuarterNotice.objects.filter(stage=Stage.ISSUED, issued_at__date__range=(first, last))
    found += [weeks.Mark(timezone.localdate(one.issued_at), one.number) for one in notices if one.issued_at]
    return tuple(sorted(found, key=lambda mark: (mark.day, mark.name)))


def _reasons(scope: Scope, period: Period, at: datetime) -> why.Found:
    return why.Found(_classes(scope, period, at), _classes(scope, period.before(), at))


def _classes(scope: Scope, period: Period, at: datetime) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for bad in bads_of(period, scope.units, at=at):
        found[bad.classed.name].append(bad.case)
    return {name: tuple(cases) for name, cases in found.items()}


def _steps(scope: Scope, period: Period, at: datetime) -> steps.Found:
    since, until = queries.moments_of(period)
    cases = Case.objects.filter(received_at__gte=since, received_at__lt=until, unit__in=scope.units.order_by())
    ids = list(cases.exclude(source=Source.TEST).values_list("pk", flat=True))
    return steps.Found.of(queries.stories_of(ids, at))


def _places(scope: Scope, period: Period, at: datetime) -> places.Found:
    facts, rules = queries.facts_of(period, scope.units), queries.rules_now()
    found = []
    for head in _heads(scope):
        one = Facts.sum(rules, [facts[pk] for pk in head.members])
        on_time, satisfaction = places.ON_TIME.value(one), places.SATISFACTION.value(one)
        if on_time.whole or satisfaction.whole:
            found.append(places.Place(head.unit.code, head.unit.name, head.own, on_time, satisfaction))
    whole = Facts.sum(rules, list(facts.values()))
    return places.Found(tuple(found), places.ON_TIME.value(whole), places.SATISFACTION.value(whole))


def _heads(scope: Scope) -> list[queries.Head]:
    """The units at the top; of a single unit, itself and those right below it."""
    units = list(scope.units.order_by("code"))
    known = {unit.pk for unit in units}
    roots = [unit for unit in units if unit.parent_id not in known]
    return queries.heads(units, None if scope.regional or len(roots) != 1 else roots[0])


def _ages(scope: Scope, period: Period, at: datetime) -> ages.Found:
    cases = Case.objects.open().filter(unit__in=scope.units.order_by()).exclude(source=Source.TEST)
    rows: list[tuple[int, int, datetime | None]] = [
        (case.pk, case.unit_id, case.next_due_at)  # type: ignore[attr-defined]  # annotated below
        for case in with_next_due(cases).only("pk", "unit_id").order_by("pk")
    ]
    today = timezone.localdate(at)
    calendar = working_calendar(min((timezone.localdate(due) for *_, due in rows if due), default=today), today)

    def age(due: datetime | None) -> ages.Age:
        if due is None:
            return ages.Age.PAUSED
        if due > at:
            return ages.Age.SOON if due <= at + timedelta(days=1) else ages.Age.IN_TIME
        late = calendar.count_working_days(timezone.localdate(due), today)
        return ages.Age.VERY_LATE if late > settings.OVERDUE_FAR_DAYS else ages.Age.LATE

    by_unit: dict[int, dict[ages.Age, list[int]]] = defaultdict(lambda: defaultdict(list))
    for pk, unit, due in rows:
        by_unit[unit][age(due)].append(pk)
    found = [_aged(head, by_unit) for head in _heads(scope)]
    return ages.Found(tuple(one for one in found if one.count()), settings.OVERDUE_FAR_DAYS)


def _aged(head: queries.Head, by_unit: dict[int, dict[ages.Age, list[int]]]) -> ages.Place:
    cases = {age: tuple(pk for unit in head.members for pk in by_unit[unit][age]) for age in ages.Age}
    return ages.Place(head.unit.code, head.unit.name, head.own, cases)


def _hours(scope: Scope, period: Period, at: datetime) -> hours.Found:
    """Valid 差评 whose rating names a window, by the hour in which it was given."""
    bads = {bad.case: bad.classed.name for bad in bads_of(period, scope.units, at=at)}
    cases = Case.objects.filter(pk__in=bads, window__isnull=False).annotate(said_at=Min("evaluations__rated_at"))
    ordered = cases.order_by("window__hall__code", "window__number", "pk")
    columns = ("window_id", "window__hall__name", "window__number", "window__name")
    found: dict[tuple[str, str], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for pk, said, received, window, *names in ordered.values_list("pk", "said_at", "received_at", *columns):
        found[str(window), " ".join(names)][timezone.localtime(said or received).hour].append(pk)
    waiting = (pk for pk, name in bads.items() if any(word in name for word in settings.WAITING_WORDS))
    opens, closes = settings.OFFICE_OPENING, settings.OFFICE_CLOSING
    return hours.Found(
        tuple(
            hours.Desk(key, name, {hour: tuple(ids) for hour, ids in by_hour.items()})
            for (key, name), by_hour in found.items()
        ),
        frozenset(waiting),
        queries.window_hours(period, _narrowed(scope)),
        opens.hour,
        closes.hour + bool(closes.minute),
    )


def _appeals(scope: Scope, period: Period, at: datetime) -> appeals.Found:
    """Each appeal once, counted as `appeals.queries.figures_by_ground` and `figures_by_unit` count."""
    since, until = queries.moments_of(period)
    filed = Appeal.objects.filter(filed_at__gte=since, filed_at__lt=until, unit__in=scope.units.order_by())
    names = ("pk", "outcome", "ground__code", "ground__name", "unit__code", "unit__name")
    rows = list(first_rounds(filed).order_by("pk").values_list(*names))
    grounds = _grouped("ground", [(pk, outcome, code, name) for pk, outcome, code, name, *_unit in rows])
    return appeals.Found(grounds, _grouped("unit", [(pk, outcome, *unit) for pk, outcome, _c, _n, *unit in rows]))


def _grouped(kind: str, rows: list[tuple[Any, ...]]) -> tuple[appeals.Row, ...]:
    groups: dict[tuple[str, str], list[tuple[int, str | None]]] = defaultdict(list)
    for pk, outcome, code, name in rows:
        groups[code, name].append((pk, outcome))
    return tuple(
        appeals.Row(
            kind,
            code,
            name,
            tuple(pk for pk, _outcome in found),
            tuple(pk for pk, outcome in found if outcome in UPHELD),
            tuple(pk for pk, outcome in found if outcome is not None and outcome not in UPHELD),
        )
        for (code, name), found in groups.items()
    )


def _integrity(scope: Scope, period: Period, at: datetime) -> integrity.Found:
    doubts = queries.doubted(period, scope.units)
    figures = queries.overall(period, _narrowed(scope))
    purposes = looks_of(scope, period).order_by().values_list("purpose").annotate(n=Count("pk"))
    found = batches_of(period).aggregate(part=Sum("duplicates"), whole=Sum("received")) if scope.city else None
    suspected, confirmed, blamed = (sum(doubt_is(name, doubt) for doubt in doubts.values()) for name in DOUBTS)
    return integrity.Found(
        suspected,
        confirmed,
        blamed,
        Share(figures.of(Origin.DEFAULT).counted, figures.together.counted),
        Share(found["part"] or 0, found["whole"] or 0) if found else None,
        dict(purposes),
    )


DOUBTS = ("suspected", "confirmed", "blamed")


def doubt_is(name: str, doubt: queries.Doubt) -> bool:
    """Whether a doubtful rating is in one of the three counts of the panel."""
    if name == "blamed":
        return doubt.bad
    return not doubt.bad and (doubt.state == FindingState.CONFIRMED) == (name == "confirmed")


def looks_of(scope: Scope, period: Period) -> QuerySet[Look]:
    """The looks into the vault in a period that were for cases of these units; of the city all of them."""
    since, until = queries.moments_of(period)
    looks = Look.objects.filter(at__gte=since, at__lt=until)
    if scope.city:
        return looks
    return looks.filter(about__in=Case.objects.filter(unit__in=scope.units.order_by()).values("number"))


def batches_of(period: Period) -> QuerySet[Batch]:
    """The batches handed over in a period."""
    since, until = queries.moments_of(period)
    return Batch.objects.filter(created_at__gte=since, created_at__lt=until, dry_run=False).defer("plan")


def _campaigns(scope: Scope, _period: Period, at: datetime) -> campaigns.Found:
    """The campaigns of the last year that have started in the reader's divisions, whatever quarter is chosen."""
    told = ((row, effect_for(row, at=at)) for row in started_in(scope.units, since=timezone.localdate(at) - YEAR))
    return campaigns.Found(tuple(campaigns.Row(row.number, row.title, one.effect) for row, one in told if one))


COLLECT: dict[str, Callable[[Scope, Period, datetime], Any]] = {
    "numbers": _numbers,
    "weeks": _weeks,
    "reasons": _reasons,
    "steps": _steps,
    "places": _places,
    "ages": _ages,
    "hours": _hours,
    "appeals": _appeals,
    "integrity": _integrity,
    "campaigns": _campaigns,
}
