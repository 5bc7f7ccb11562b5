"""Questions of inspections: the stops somebody may see, with what the newest visit met there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet

from organizations.enums import UNIT_ROLES
from organizations.models import Staff, any_prefix
from oversight.access import READS_DOSSIERS
from oversight.enums import InspectionStage, Kind, Seen, TaskState
from oversight.models import Dossier, DossierPicture, Finding, Stop, Visit


@dataclass
class StopLine:
    """One stop with its newest visit, if there was one, and what was met."""

    stop: Stop
    visit: Visit | None = None
    findings: list[Finding] = field(default_factory=list)
    nonces: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[Finding]:
        return [one for one in self.findings if one.seen == Seen.NOT_OK]


def _reached(user: Staff, path: str) -> Q:
    """Stops of an inspection that somebody reads: who reads its dossiers all, a county its own, a unit its own."""
    regions = [held.region_prefix for held in user.duties if held.role in READS_DOSSIERS and held.region_prefix]
    paths = [held.unit.path for held in user.duties if held.role in UNIT_ROLES]
    whole = any_prefix(f"{path}inspection__dossier__region__code", regions)
    return whole | any_prefix(f"{path}unit__region__code", regions) | any_prefix(f"{path}unit__path", paths)


def stops_of(row: Dossier, user: Staff) -> list[StopLine]:
    """The stops of an inspection that somebody may see, in the order of the route."""
    stops = Stop.objects.filter(_reached(user, ""), inspection=row.pk).select_related("unit", "hall").order_by("number")
    lines = {stop.pk: StopLine(stop) for stop in stops}
    for visit in Visit.objects.filter(stop__in=list(lines)).select_related("by").order_by("pk"):
        line = lines[visit.stop_id]
        line.visit = visit
        line.nonces.append(visit.nonce)
    newest = {line.visit.pk: line for line in lines.values() if line.visit}
    related = ("task", "case", "picture")
    for one in Finding.objects.filter(visit__in=list(newest)).select_related(*related).order_by("number"):
        newest[one.visit_id].findings.append(one)
    return list(lines.values())


def may_see_picture(picture: DossierPicture, user: Staff) -> bool:
    """Whether a picture taken at a stop is of one that somebody may see; any other is its dossier's alone."""
    found = Finding.objects.filter(picture=picture)
    return not found.exists() or found.filter(_reached(user, "visit__stop__")).exists()


@dataclass(frozen=True)
class InspectionFigures:
    """What came of the inspections of a period, and of each unit: stops, lines looked at, wrong, put right."""

    inspections: int
    covert: int
    stops: int
    looked: int
    wrong: int
    solved: int
    units: list[tuple[str, int, int]]


def figures_of(dossiers: QuerySet[Dossier], since: date, until: date) -> InspectionFigures:
    """The inspections whose visits were over in a period, by the newest visit of each stop.

    Args:
        since, until: its first day, and the first that is no longer in it.
    """
    kept = dossiers.filter(
        kind=Kind.INSPECTION, inspection__visited_on__gte=since, inspection__visited_on__lt=until
    ).exclude(stage=InspectionStage.DROPPED)
    newest = Visit.objects.filter(stop__inspection__dossier__in=kept).order_by("stop_id", "-pk").distinct("stop_id")
    found = Finding.objects.filter(visit__in=list(newest)).exclude(seen=Seen.NOT_SEEN)
    wrong = Q(seen=Seen.NOT_OK)
    solved = wrong & (Q(task__state=TaskState.DONE) | Q(case__state="closed"))
    units = (
        found.values_list("visit__stop__unit__name")
        .annotate(wrong=Count("pk", filter=wrong), solved=Count("pk", filter=solved))
        .filter(wrong__gt=0)
        .order_by("-wrong", "visit__stop__unit__name")
    )
    return InspectionFigures(
        inspections=kept.count(),
        covert=kept.filter(inspection__covert=True).count(),
        stops=len(newest),
        looked=found.count(),
        wrong=found.filter(wrong).count(),
        solved=found.filter(solved).count(),
        units=list(units),
    )


def unvisited(lines: Iterable[StopLine]) -> int:
    """How many stops nobody has been to."""
    return sum(line.visit is None for line in lines)
