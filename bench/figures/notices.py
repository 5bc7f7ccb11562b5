"""S3: the report set of a quarter in one worker: the notice and extracts of 600 departments, each as three files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from time import perf_counter

from django.conf import settings
from django.utils import timezone, translation

import bench.ready  # noqa: F401 - makes Django ready
from assessment.enums import Grain, SchemeKind
from assessment.models import Quarter, Scheme, UnitScore
from assessment.periods import period_of
from assessment.queries.bases import gather
from assessment.queries.scores import row_of, score_quarter
from assessment.queries.sheets import sheets
from assessment.scoring import written
from assessment.scoring.preset import CITY, COUNTY
from bench.figures.run import Run
from bench.rounds import LESS, Goal
from organizations.models import Unit
from oversight.models import QuarterNotice
from oversight.paper import Paper
from oversight.queries import extract_of, facts_of, material_of, paper_from
from oversight.queries.extracts import Material
from oversight.renderings import as_pdf, as_word, as_workbook

DEPARTMENTS, SECONDS, ROUNDS = 600, 60.0, 2
MAKERS = {"docx": as_word, "pdf": as_pdf, "xlsx": as_workbook}
S3 = Goal("S3", f"notice and {DEPARTMENTS} extracts, three files each, s", "limit", "ours", "s", 1, 0.5, LESS)


def notices(run: Run) -> None:
    """Facts read, papers made, and every file of them, of the last whole quarter of the filled year."""
    figure, notice = run.figure(S3), _notice()
    for _round in range(ROUNDS):
        began, took = perf_counter(), dict[str, float]()
        with translation.override(settings.LANGUAGE_CODE):
            papers = _papers(notice)
            took["papers"] = perf_counter() - began
            for kind, make in MAKERS.items():
                started = perf_counter()
                for paper in papers:
                    make(paper)
                took[kind] = perf_counter() - started
        figure.add(SECONDS, perf_counter() - began)
        figure.notes = {"papers": len(papers), **{name: round(seconds, 1) for name, seconds in took.items()}}
        run.check("a paper for each department, and the notice", DEPARTMENTS + 1, len(papers))


def report_set() -> Iterator[str]:
    """The same, file by file; tells the kind of each before it is made."""
    with translation.override(settings.LANGUAGE_CODE):
        papers = _papers(_notice())
        for kind, make in MAKERS.items():
            for paper in papers:
                yield kind
                make(paper)


def _notice() -> QuarterNotice:
    at = timezone.now()
    notice = QuarterNotice(begins=period_of(timezone.localdate(at), Grain.QUARTER).before().begins, number="样本1号")
    notice.issued_at = at
    return notice


def _papers(notice: QuarterNotice) -> list[Paper]:
    """The notice and its extracts; where the structure has fewer departments, some stand for more than one."""
    at = notice.issued_at or timezone.now()
    facts = facts_of(notice.begins, at=at)
    material = _scored(material_of(notice, facts, at=at))
    units = list(Unit.objects.active().select_related("region").order_by("code"))
    extracts = [extract_of(material, unit) for unit in islice(cycle(units), DEPARTMENTS)]
    return [paper_from(notice, facts, at=at), *extracts]


def _scored(material: Material) -> Material:
    """The same with a score of everybody by the preset, which this year of the bench has not frozen."""
    quarter = Quarter(begins=material.notice.begins)
    quarter.city_scheme, quarter.county_scheme = (Scheme(content=written(one)) for one in (CITY, COUNTY))
    gathered = gather(quarter.period, at=timezone.now())
    rows: list[UnitScore] = []
    for kind, scheme in ((SchemeKind.CITY, CITY), (SchemeKind.COUNTY, COUNTY)):
        some = score_quarter(quarter.period, kind, scheme, at=timezone.now(), gathered=gathered)
        rows += [row_of(quarter, kind, one) for one in some]
    for number, row in enumerate(rows, 1):
        row.pk = number
    return replace(material, scores={row.subject: row for row in rows}, items=sheets(rows))
