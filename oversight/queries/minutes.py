"""会议纪要: a joint meeting as a paper, for the page, for Word, PDF and a workbook; its words are the office's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from organizations.enums import RegionLevel
from organizations.models import Unit
from oversight.enums import Presence, TaskState
from oversight.models import AgendaItem, Dossier, MinutesCorrection, Task
from oversight.paper import Block, Column, Figure, Heading, Paper, Paragraph, Table, load
from oversight.queries.meetings import resolutions_of

NUMERALS = "一二三四五六七八九十"
RESOLVED = (
    Column("序号", number=True),
    Column("决议事项", wide=True),
    Column("来自议题"),
    Column("责任单位"),
    Column("期限"),
)
CAME = (Column("单位", wide=True), Column("到会情况"), Column("姓名"), Column("职务", wide=True))


def minutes_of(row: Dossier, *, at: datetime) -> Paper:
    """The minutes: as they were issued, with what was corrected since; until then as they would be.

    Args:
        at: the moment of asking.
    """
    meeting = row.meeting
    if not meeting.paper:
        return draft_minutes(row, at=at)
    kept = load(meeting.paper)
    added = _corrections(meeting.corrections.select_related("item", "by"))
    return replace(kept, blocks=(*kept.blocks, *added))


def draft_minutes(row: Dossier, *, at: datetime, number: str = "") -> Paper:
    """The minutes of what stands on the rows now.

    Args:
        number: under which they are issued; empty for a draft.
    """
    meeting = row.meeting
    items = list(meeting.agenda.all())
    tasks = list(resolutions_of(row).exclude(state=TaskState.DROPPED))
    starts = timezone.localtime(meeting.starts_at)
    said = Paragraph.of(f"{starts:%Y-%m-%d %H:%M},{meeting.chair}在{meeting.place}主持召开联席会议。纪要如下:")
    blocks: list[Block] = [said]
    for place, item in enumerate(items):
        blocks += [Heading(1, f"{_numeral(place)}、{item.title}"), *_of_item(item)]
    blocks += [Heading(1, f"{_numeral(len(items))}、会议决议"), _resolved(tasks)]
    blocks += [Heading(1, f"{_numeral(len(items) + 1)}、参加会议的单位"), _came(row)]
    if meeting.notice:
        blocks.append(Paragraph.of(f"附件:季度通报({meeting.notice.number})"))
    return Paper(
        title=f"{row.title}纪要",
        issuer=_issuer(row),
        number=number,
        as_of=at,
        issued_on=timezone.localdate(at) if number else None,
        blocks=tuple(blocks),
    )


def _issuer(row: Dossier) -> str:
    """Who signs: the city's office, of a county its managing body."""
    if row.region.level == RegionLevel.CITY:
        return settings.NOTICE_ISSUER
    body = Unit.objects.active().filter(region=row.region, supervises=True).order_by("code").first()
    return body.name if body else row.region.name


def _numeral(place: int) -> str:
    return NUMERALS[place] if place < len(NUMERALS) else str(place + 1)


def _of_item(item: AgendaItem) -> Iterable[Paragraph]:
    """What was before the meeting, and what it said to it."""
    yield from (Paragraph.of(line) for line in item.text.splitlines() if line.strip())
    yield from (Paragraph.of(f"会议意见:{line}") for line in item.said.splitlines() if line.strip())


def _resolved(tasks: Iterable[Task]) -> Table:
    rows = tuple(
        (Figure(task.number), task.wanted, _item_of(task), task.unit.name, timezone.localdate(task.due_at))
        for task in tasks
    )
    return Table("会议决议", RESOLVED, rows, "决议按任务办理,报结后由另一人销号,下次会议通报落实情况。")


def _item_of(task: Task) -> str:
    found = getattr(task, "resolution", None)
    return found.item.title if found else "—"


def _came(row: Dossier) -> Table:
    rows = tuple(
        (one.unit.name, str(Presence(one.presence).label), one.name or "—", one.post or "—")
        for one in row.meeting.attendance.select_related("unit")
    )
    return Table("到会情况", CAME, rows)


def _corrections(found: Iterable[MinutesCorrection]) -> list[Block]:
    lines = []
    for one in found:
        item = f"“{one.item.title}”" if one.item else ""
        lines.append(Paragraph.of(f"{timezone.localdate(one.at):%Y-%m-%d} {item}更正:{one.text}"))
    return [Heading(1, "更正"), *lines] if lines else []
