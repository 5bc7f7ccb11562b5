"""专项整治成效 on paper: of one campaign in its ledger, of a quarter's in its notice (docs/campaigns.md)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q
from django.utils import timezone

from assessment.periods import Period
from organizations.models import Staff
from oversight.courses import stage_label
from oversight.effect import Around, Counted, Effect
from oversight.enums import Kind, Moved, TaskState
from oversight.models import Dossier
from oversight.models.dossiers import DROPPED
from oversight.panels.campaigns import fall_words
from oversight.paper import Block, Cell, Column, Figure, Heading, Paragraph, Part, Table
from oversight.queries.campaigns import Told, effect_for
from rectification.models import Case

HEADS = (
    Column("单位"),
    Column("时间"),
    Column("有效差评件", number=True),
    Column("评价", number=True),
    Column("每十万条", number=True),
    Column("95%精确区间"),
)
LEDGER = (Column("时间"), Column("编号"), Column("接收日期"), Column("单位", wide=True))


def effect_blocks(row: Dossier, told: Told | None, *, user: Staff | None = None) -> list[Block]:
    """What a campaign has come to, with everything it takes to compute it again.

    Args:
        user: whose ledger it is: the cases that this person may see are listed; None lists none.
    """
    if told is None:
        return []
    blocks: list[Block] = [Heading(1, "成效"), Paragraph.of(*_sentence(told.effect)), _table(told.effect)]
    blocks += [Paragraph.of(f"注意:{doubt.label}。") for doubt in told.effect.doubts]
    blocks += [Paragraph.of(*_by_itself(told.effect))]
    for check in told.checks:
        state = "" if check.over else f",到{check.due:%Y-%m-%d}为止,还没有满"
        blocks.append(Paragraph.of(f"销号后{check.days}天内同类有效差评", Figure(len(check.cases)), f"件{state}。"))
    return [*blocks, _cases(told, user)] if user else blocks


def _sentence(effect: Effect) -> list[Part]:
    units = effect.units
    classes = "、".join(sorted(effect.scope.classes))
    said: list[Part] = [f"{classes}类有效差评,整治前", Figure(effect.windows.days), "天", Figure(units.before.count)]
    said += ["件,整治后同样天数", Figure(units.after.count), "件"]
    if units.reduction is not None and effect.windows.days:
        said += [",差评率变化", Figure(Decimal(str(-units.reduction * 100)), 1, "%", signed=True)]
    return [*said, f";{Moved(effect.moved).label}。"]


def _by_itself(effect: Effect) -> list[Part]:
    found = effect.comes_back
    if found.expected is None or not effect.windows.days:
        return ["如果什么都不做会有多少件,没有基线可以推算。"]
    expected = Figure(Decimal(str(found.expected)), 1)
    said: list[Part] = ["按基线推算,什么都不做整治后也只会有约", expected, "件"]
    if found.share is not None:
        said += [
            ",下降中自己回落的部分",
            "至多" if found.at_most else "约",
            Figure(Decimal(str(found.share * 100)), 0, "%"),
        ]
    return [*said, "。"]


def _table(effect: Effect) -> Table:
    rows = [*_rows("整治范围", effect.units)]
    if effect.beside:
        rows += _rows("对照单位", effect.beside)
    rows.append(_row("整治范围", "基线(前四个季度)", effect.baseline))
    windows = effect.windows
    spans = [f"{days.begins:%Y-%m-%d}起{days.count}天" for days in (windows.before, windows.after)]
    return Table(
        "整治前后", HEADS, tuple(rows), note=f"整治前:{spans[0]};整治后:{spans[1]}。评价为本人作出的有效评价。"
    )


def _rows(name: str, around: Around) -> Iterable[tuple[Cell, ...]]:
    return [_row(name, "整治前", around.before), _row(name, "整治后", around.after)]


def _row(name: str, when: str, counted: Counted) -> tuple[Cell, ...]:
    value, ends = counted.rate.value, counted.rate.interval
    rate = Figure(None if value is None else Decimal(str(value)), 2)
    return name, when, Figure(counted.count), Figure(counted.ratings), rate, _ends(ends)


def _ends(ends: object) -> str:
    low, high = getattr(ends, "low", None), getattr(ends, "high", None)
    return "—" if low is None or high is None else f"{low:,.2f} – {high:,.2f}"


def _cases(told: Told, user: Staff) -> Table:
    """Every case that was counted and that the reader may see: the effect is recomputed from this list."""
    effect = told.effect
    groups = [("整治前", effect.units.before), ("整治后", effect.units.after), ("基线", effect.baseline)]
    if effect.beside:
        groups += [("对照单位整治前", effect.beside.before), ("对照单位整治后", effect.beside.after)]
    wanted = {case for _name, counted in groups for case in counted.bad}
    seen = Case.objects.visible_to(user).filter(pk__in=wanted).select_related("unit").in_bulk()
    rows = [
        (name, seen[pk].number, timezone.localdate(seen[pk].received_at), seen[pk].unit.name)
        for name, counted in groups
        for pk in counted.bad
        if pk in seen
    ]
    return Table("计入的差评件", LEDGER, tuple(rows))


# --- the notice -----------------------------------------------------------------------------------------------

QUARTER = (
    Column("专项整治", wide=True),
    Column("问题类别"),
    Column("状态"),
    Column("任务", number=True),
    Column("销号", number=True),
    Column("整治前(件)", number=True),
    Column("整治后(件)", number=True),
    Column("下降(95%精确区间)", wide=True),
    Column("结论"),
)


def blocks(period: Period, *, at: datetime) -> list[Block]:
    """The campaigns that ran in a quarter, as known at a moment; nothing where none did."""
    ran = Q(begins__lte=period.last) & (Q(closed_at=None) | Q(closed_at__date__gte=period.begins))
    counted = Count("tasks", filter=~Q(tasks__state=TaskState.DROPPED))
    done = Count("tasks", filter=Q(tasks__state=TaskState.DONE))
    rows = Dossier.objects.of(Kind.CAMPAIGN).filter(ran, campaign__fixed_at__lte=at).exclude(stage=DROPPED)
    found = list(rows.select_related("campaign").annotate(n=counted, done=done).order_by("number"))
    if not found:
        return []
    lines = tuple(_line(row, at) for row in found)
    said = Paragraph.of("本季度开展专项整治", Figure(len(found)), "项。前后按同样天数比较,件数少的不下结论。")
    return [said, Table("专项整治成效", QUARTER, lines, note="口径、对照单位和自己回落的部分见各项台账。")]


def _line(row: Dossier, at: datetime) -> tuple[Cell, ...]:
    told = effect_for(row, at=at)
    assert told is not None  # only those that have started are asked for
    around = told.effect.units
    n, done = Figure(row.n), Figure(row.done)  # type: ignore[attr-defined]  # annotated by `blocks`
    before, after = (
        Figure(one.count) if told.effect.windows.days else Figure(None) for one in (around.before, around.after)
    )
    classes, stage = "、".join(row.campaign.classes), str(stage_label(row.kind, row.stage))
    return row.title, classes, stage, n, done, before, after, fall_words(around), str(told.effect.moved.label)
