"""The demo city's schemes and quarters: the presets adopted, past quarters closed by the schedule, the last one open
to objections."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from assessment import actions
from assessment.enums import EventKind, Grain, LineKind, QuarterState, SchemeKind
from assessment.models import Quarter, UnitScore
from assessment.periods import Period, period_of
from assessment.scoring.record import lines_of
from common.actors import SYSTEM
from organizations.models import Staff, Unit
from oversight.actions import tell_campaign_shares
from reviews_portal.demo.teller import OfficeClock

CLOSED = 5
NOTE = "演示城市:留有一个待确认的文件和几件评审中的申诉,供查看各个页面"
TOLD = (
    ("370600-YBJ", EventKind.SUGGESTION, "1", "意见建议被采纳:增设志愿帮办台"),
    ("370600-FGW", EventKind.TYPICAL, "1", "典型案例:一件跨部门差评的办理"),
)


def adopt_schemes(people: dict[str, Staff], first: date) -> None:
    """Both presets, in force from the first day of the oldest quarter."""
    for kind in SchemeKind:
        _adopt(kind, first, people)


def close_by_schedule(period: Period, qian: Staff, units: dict[str, Unit], clock: OfficeClock) -> Quarter:
    """Lets the sweep close a quarter at the moments at which it was due.

    Args:
        qian: confirms what the checks find, if they find something.
        units: by code.

    Raises:
        ValueError: it is not frozen in the end.
    """
    due = period.after + timedelta(days=settings.QUARTER_PREVIEW_DAYS)
    at = clock.after(timezone.make_aware(datetime.combine(due, time(10))), 0)
    tell_campaign_shares(at=at - timedelta(days=1))
    _tell(period, units, at - timedelta(days=1))
    actions.close_quarters(at=at)
    quarter = Quarter.objects.get(begins=period.begins)
    if quarter.state == QuarterState.CHECKED:
        actions.confirm_checks(quarter, NOTE, by=qian, at=at + timedelta(hours=1))
        actions.close_quarters(at=at + timedelta(hours=2))
        quarter.refresh_from_db()
    if quarter.objections_until is None:
        raise ValueError(f"{quarter} waits: {quarter.state}")
    actions.close_quarters(at=clock.after(quarter.objections_until, 1))
    quarter.refresh_from_db()
    if not quarter.frozen:
        raise ValueError(f"{quarter} was not frozen: {quarter.state}")
    return quarter


def open_last(period: Period, people: dict[str, Staff], units: dict[str, Unit], *, now: datetime) -> Quarter:
    """The newest past quarter, open to objections since yesterday, with one objection and a scheme for what follows.

    Args:
        people: by account; qian and fang supervise the city, zheng one of its departments.
        units: by code.
    """
    _tell(period, units, now)
    quarter = _upto_objections(period, people["qian"], now - timedelta(days=1), now)
    _object(quarter, people["zheng"], now)
    _look_ahead(quarter, people, now)
    return quarter


def past_quarters(today: date) -> list[Period]:
    """The quarters that are over, the oldest first."""
    period, found = period_of(today, Grain.QUARTER), []
    for _count in range(CLOSED):
        period = period.before()
        found.append(period)
    return found[::-1]


def _adopt(kind: SchemeKind, first: date, people: dict[str, Staff]) -> None:
    fang, at = people["fang"], timezone.make_aware(datetime.combine(first - timedelta(days=20), time(10)))
    draft = actions.draft_scheme(kind, by=fang, at=at, valid_from=first)
    actions.simulate_scheme(draft, by=fang, at=at)
    actions.propose_scheme(draft, by=fang, at=at)
    actions.adopt_scheme(draft, by=people["qian"], at=at + timedelta(days=1))


def _tell(period: Period, units: dict[str, Unit], now: datetime) -> None:
    for code, kind, value, source in TOLD:
        if code in units:
            key = f"demo:{period.name}:{code}:{kind}"
            actions.record_score_event(
                units[code], period, kind, Decimal(value), f"演示 {source}", key=key, by=SYSTEM, at=now
            )


def _upto_objections(period: Period, qian: Staff, at: datetime, now: datetime) -> Quarter:
    quarter = actions.check_quarter(actions.open_quarter(period, by=qian, at=at), by=qian, at=at)
    actions.confirm_checks(quarter, NOTE, by=qian, at=at)
    quarter = actions.preview_quarter(quarter, by=qian, at=now)
    return actions.open_objections(quarter, by=qian, at=at)


def _object(quarter: Quarter, zheng: Staff, now: datetime) -> None:
    """The department contests the first line that costs it something; without one, its score as a whole."""
    mine = UnitScore.objects.visible_to(zheng).filter(quarter=quarter).first()
    if mine is None:
        return
    lines = (line for line in lines_of(mine.lines) if line.kind in (LineKind.LOSS, LineKind.HELD))
    text = "演示:该件因系统升级当日无法签收,附运维记录,请核对"
    actions.object_to_score(mine, next(lines, None), text, by=zheng, at=now)


def _look_ahead(quarter: Quarter, people: dict[str, Staff], now: datetime) -> None:
    """A second version that weighs punctuality more, simulated; and somebody who is not ranked this quarter."""
    fang = people["fang"]
    after = period_of(period_of(timezone.localdate(now), Grain.QUARTER).after, Grain.QUARTER)
    draft = actions.draft_scheme(SchemeKind.CITY, by=fang, at=now, valid_from=after.begins, base=quarter.city_scheme)
    weights = {"active": "10", "on_time": "25"}
    items = [{**item, "weight": weights.get(item["code"], item["weight"])} for item in draft.content["items"]]
    said = actions.Wording(draft.name, draft.valid_from, {**draft.content, "items": items}, "按期整改提高到25分")
    actions.change_scheme(draft, said, by=fang, at=now)
    actions.simulate_scheme(draft, by=fang, at=now)
    why = "演示:本季度机构职能调整"
    first = quarter.period
    actions.exempt(SchemeKind.CITY, "unit:370600-KJJ", why, by=people["qian"], at=now, first=first, last=first)
