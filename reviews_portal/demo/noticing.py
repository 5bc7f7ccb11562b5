"""通报 in the demo city: drafted by the clock, written, reviewed, signed, read by most; one is still being written."""

from __future__ import annotations

from datetime import datetime, timedelta

from assessment.models import Quarter
from organizations.models import Staff
from oversight import actions
from oversight.access import ACKNOWLEDGES
from oversight.models import QuarterNotice
from oversight.queries import typical_cases
from reviews_portal.demo.teller import OfficeClock

WRITTEN = {
    "summary": "演示:差评率没有证据表明有变化。\n演示:材料要求类差评仍居首位。\n演示:各单位请对照差评原因逐条整改。",
    "cases": "演示案例(正面):某窗口增设志愿帮办台,老年人办事不再依赖手机支付。\n"
    "演示案例(反面):某单位要求提供指南以外的材料,经回访核实后取消。",
    "problems": "演示:个别单位首次联系超时。",
    "demands": "演示:责任单位在下月底前完成整改并报市行政审批服务局。",
}
A_SIDE, UNREAD_EVERY = 2, 4


def notify_units(quarters: list[Quarter], people: dict[str, Staff], *, clock: OfficeClock) -> list[QuarterNotice]:
    """Has the clock draft the notices of frozen quarters, and takes each to the units that read it.

    Args:
        people: by account; lin writes, qian reviews and signs, the supervisors of the units read.
    """
    issued = []
    for quarter in quarters:
        if quarter.frozen_at is None:
            raise ValueError(f"{quarter} is not frozen")
        at = clock.after(quarter.frozen_at, 1)
        actions.draft_frozen(at=at)
        notice = QuarterNotice.objects.get(begins=quarter.begins)
        offered = typical_cases(quarter.begins, at=at)
        sides = ([one.number for one in offered if one.good is good][:A_SIDE] for good in (True, False))
        picked = [number for side in sides for number in side]
        actions.write_notice(notice, {"picked": picked}, by=people["lin"], at=clock.after(at, 20))
        actions.submit_notice(notice, by=people["lin"], at=clock.after(at, 24))
        actions.approve_notice(notice, by=people["qian"], at=clock.after(at, 48))
        notice = actions.issue_notice(notice, by=people["qian"], at=clock.after(at, 50))
        _read(notice, clock.after(at, 74))
        issued.append(notice)
    return issued


def _read(notice: QuarterNotice, at: datetime) -> None:
    """Supervisors say that it was read, but for every fourth unit."""
    receipts = notice.receipts.select_related("unit").order_by("unit__code")
    for number, receipt in enumerate(receipts):
        held = receipt.unit.memberships.select_related("staff").filter(role__in=ACKNOWLEDGES).first()
        if held is not None and number % UNREAD_EVERY:
            actions.acknowledge(receipt, by=held.staff, at=at + timedelta(minutes=7 * number))


def begin_notice(quarter: Quarter, by: Staff, *, now: datetime) -> QuarterNotice:
    """The notice of a quarter that is not frozen yet, begun by hand."""
    notice = actions.draft_notice(quarter.begins, by=by, at=now)
    return actions.write_notice(notice, WRITTEN, by=by, at=now)
