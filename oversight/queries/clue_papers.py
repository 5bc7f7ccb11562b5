"""The papers of a clue: the letter that names a unit, and the hand-over file with its evidence and fingerprints."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from oversight.models import Decision, Dossier
from oversight.paper import Block, Cell, Column, Figure, Heading, Paper, Paragraph, Table
from oversight.queries.clues import standing

HEADS = (
    Column("序号", number=True),
    Column("材料"),
    Column("日期"),
    Column("内容", wide=True),
    Column("指纹", wide=True),
)


def letter_of(row: Dossier, addressee: str, *, at: datetime) -> Paper:
    """通报函: facts, clause and what the unit said.

    Raises:
        LookupError: no level stands.
    """
    decision = _of(row)
    said = [one.answer for one in row.statements.exclude(answered_at=None).order_by("pk")]
    blocks: list[Block] = [
        Heading(1, "认定事实"),
        *_lines(decision.facts),
        Heading(1, "依据"),
        Paragraph.of(f"{decision.document}{decision.article}:{decision.clause}"),
        Heading(1, "单位说明"),
        *(_lines("\n".join(said)) or [Paragraph.of("在规定期限内没有作出说明。")]),
        Heading(1, "要求"),
        Paragraph.of("请主要领导、分管领导阅,督促整改,并将整改情况书面反馈。"),
    ]
    name = row.unit.name if row.unit else ""
    return _paper(row, f"关于{name}有关问题的通报函", addressee, blocks, at=at)


def handover_of(row: Dossier, addressee: str, *, at: datetime) -> Paper:
    """移送材料: the facts as they were found and every piece of evidence with its SHA-256.

    Raises:
        LookupError: no level stands.
    """
    decision = _of(row)
    pieces = tuple((Figure(number), *piece) for number, piece in enumerate(_pieces(row, decision), 1))
    blocks: list[Block] = [
        Heading(1, "基本情况"),
        Paragraph.of(f"单位:{row.unit.name if row.unit else ''}。线索类别:{row.clue.get_sort_display()}。"),
        *_lines(row.about),
        Heading(1, "认定事实"),
        *_lines(decision.facts),
        Heading(1, "依据"),
        Paragraph.of(f"{decision.document}{decision.article}:{decision.clause}"),
        Heading(1, "证据目录"),
        Table("证据目录", HEADS, pieces, "指纹为 SHA-256,照片按文件计算,其他材料按所列内容计算。"),
        Paragraph.of("本材料只移送线索和证据,不作纪律处理的认定。"),
    ]
    return _paper(row, "问责线索移送材料", addressee, blocks, at=at)


def _of(row: Dossier) -> Decision:
    decision = standing(row)
    if decision is None:
        raise LookupError(row.pk)
    return decision


def _paper(row: Dossier, title: str, addressee: str, blocks: list[Block], *, at: datetime) -> Paper:
    return Paper(
        title=title,
        issuer=settings.NOTICE_ISSUER,
        number=row.number,
        addressees=addressee,
        as_of=at,
        issued_on=timezone.localdate(at),
        blocks=tuple(blocks),
    )


def _lines(text: str) -> list[Block]:
    return [Paragraph.of(line.strip()) for line in text.splitlines() if line.strip()]


def print_of(words: str) -> str:
    """The fingerprint of a text, as a hand-over file names it."""
    return hashlib.sha256(words.encode()).hexdigest()


def _pieces(row: Dossier, decision: Decision) -> Iterator[tuple[Cell, ...]]:
    """Every piece: what it is, of which day, what it says, and its fingerprint."""
    for line in row.clue.evidence:
        yield _piece("线索内容", row.opened_at, str(line["words"]))
    for one in row.cases.select_related("case"):
        yield _piece("差评件", one.case.received_at, f"{one.case.number} {one.case.get_state_display()}")
    for asked in row.statements.all():
        yield _piece("请单位说明", asked.started_at, asked.question)
        if asked.answered_at:
            yield _piece("单位说明", asked.answered_at, asked.answer)
    for heard in row.hearings.all():
        yield _piece("陈述申辩", heard.held_on, f"{heard.who}:{heard.record}")
    yield _piece("处理意见", decision.proposed_at, f"{decision.get_level_display()}:{decision.facts}")
    for picture in row.pictures.order_by("pk"):
        yield ("照片", _day(picture.at), picture.get_side_display(), picture.sha256)


def _piece(what: str, when: date | datetime, words: str) -> tuple[Cell, ...]:
    return what, _day(when), words, print_of(words)


def _day(when: date | datetime) -> date:
    return timezone.localdate(when) if isinstance(when, datetime) else when
