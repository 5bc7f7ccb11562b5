"""What the notice says: facts in the order of domain.md §12 and ux.md §11.1, with what was written by hand between."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from assessment.metrics import CLOCKS, METRICS, ZERO
from oversight.models import QuarterNotice
from oversight.paper import Block, Definition, Heading, Paper, Paragraph
from oversight.queries.cases import Told, typical_cases
from oversight.queries.facts import Facts, facts_of
from oversight.queries.sections import analysis, appeals, cases, overall, places, proposed, rectification, scores

NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四")
QUARTERS = "一二三四"


def paper_of(notice: QuarterNotice, *, at: datetime) -> Paper:
    """The notice as it would be, or as it is, if it was issued: figures of its quarter, words of its writers.

    Args:
        at: the moment of asking.
    """
    return paper_from(notice, facts_of(notice.begins, at=at), at=at)


def paper_from(notice: QuarterNotice, facts: Facts, *, at: datetime) -> Paper:
    """The same of facts that were read already.

    Args:
        at: from when the dates of demands count, until it is signed.
    """
    written: dict[str, Any] = notice.written
    words = words_of(notice, facts, at=at)
    return Paper(
        title=title_of(notice),
        issuer=settings.NOTICE_ISSUER,
        number=notice.number,
        as_of=facts.as_of,
        seal=notice.seal,
        issued_on=timezone.localdate(notice.issued_at) if notice.issued_at else None,
        addressees=settings.NOTICE_ADDRESSEES,
        copies=tuple(settings.NOTICE_COPIES),
        summary=tuple(str(line) for line in words["summary"]),
        blocks=tuple(_numbered(_sections(facts, words, _picked(notice, written, at=at), written))),
        definitions=tuple(_definitions()),
    )


def title_of(notice: QuarterNotice) -> str:
    """The title in the words of an office."""
    quarter = QUARTERS[(notice.begins.month - 1) // 3]
    return f"关于{notice.begins.year}年第{quarter}季度政务服务“好差评”情况的通报"


def words_of(notice: QuarterNotice, facts: Facts, *, at: datetime) -> dict[str, list[Paragraph]]:
    """Summary, problems and demands: as somebody has written them, or made of figures where nobody has."""
    days = proposed.days_from(notice.issued_at or at)
    made = {
        "summary": proposed.summary(facts, days),
        "problems": proposed.problems(facts),
        "demands": proposed.demands(facts, days),
    }
    return {key: written_lines(notice.written[key]) if key in notice.written else some for key, some in made.items()}


def proposed_of(notice: QuarterNotice, *, at: datetime) -> dict[str, str]:
    """What the portal writes in the sections where nobody has, as text to be changed."""
    with translation.override(settings.LANGUAGE_CODE):
        words = words_of(notice, facts_of(notice.begins, at=at), at=at)
    missing = (key for key in words if key not in notice.written)
    return {key: "\n".join(str(line) for line in words[key]) for key in missing}


def written_lines(text: str) -> list[Paragraph]:
    """What was written by hand: one line is one paragraph."""
    return [Paragraph.of(line) for line in _lines(text)]


def _picked(notice: QuarterNotice, written: dict[str, Any], *, at: datetime) -> list[Told]:
    """The cases that were picked, as far as they may still be told."""
    numbers = set(written.get("picked", ()))
    return [one for one in typical_cases(notice.begins, at=at) if one.number in numbers] if numbers else []


def _sections(
    facts: Facts, words: dict[str, list[Paragraph]], picked: list[Told], written: dict[str, Any]
) -> Iterable[tuple[str, list[Block]]]:
    yield "总体情况", overall.blocks(facts)
    yield "各地区、各部门情况", places.blocks(facts)
    yield "考核得分和名次", scores.blocks(facts)
    yield "差评分析", analysis.blocks(facts)
    yield "整改和回访情况", rectification.blocks(facts)
    yield "申诉评审情况", appeals.blocks(facts)
    yield from facts.overseen
    if told := cases.blocks(picked, _lines(written.get("cases", ""))):
        yield "典型案例", told
    for title, key in (("存在的问题", "problems"), ("下一步要求", "demands")):
        if words[key]:
            yield title, list(words[key])


def _numbered(sections: Iterable[tuple[str, list[Block]]]) -> Iterable[Block]:
    for place, (title, blocks) in enumerate(sections):
        yield Heading(1, f"{NUMERALS[place]}、{title}")
        yield from blocks


def _lines(text: str) -> Iterable[str]:
    return (line.strip() for line in text.splitlines() if line.strip())


def _definitions() -> Iterable[Definition]:
    """The catalogue of metrics: a figure and its definition are said once, for every page and paper."""
    for metric in METRICS:
        words = "%(part)s ÷ %(whole)s。%(clock)s。%(note)s"
        values = {"part": metric.part.label, "whole": metric.whole.label, "clock": CLOCKS[metric.clock]}
        yield Definition(str(metric.label), words % {**values, "note": metric.note})
    yield Definition("零分母", str(ZERO))
