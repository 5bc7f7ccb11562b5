"""通报 in the demo city: one issued for every frozen quarter, read by some, and a draft for the last one."""

from __future__ import annotations

from datetime import datetime, timedelta

from assessment.models import Quarter
from organizations.models import Staff
from oversight import actions
from oversight.models import Receipt

WRITTEN = {
    "summary": "演示:差评率没有证据表明有变化。\n演示:材料要求类差评仍居首位。\n演示:各单位请对照差评原因逐条整改。",
    "cases": "演示案例(正面):某窗口增设志愿帮办台,老年人办事不再依赖手机支付。\n"
    "演示案例(反面):某单位要求提供指南以外的材料,经回访核实后取消。",
    "problems": "演示:个别单位首次联系超时。",
    "demands": "演示:责任单位在下月底前完成整改并报市行政审批服务局。",
}


def notify_units(quarters: list[Quarter], people: dict[str, Staff], *, now: datetime) -> int:
    """Writes the notices of these quarters; returns how many were issued.

    Args:
        people: by account; lin drafts, qian reviews and signs, zheng reads for one department.
    """
    issued = 0
    for quarter in quarters:
        notice = actions.draft_notice(quarter.begins, by=people["lin"], at=now)
        actions.write_notice(notice, WRITTEN, by=people["lin"], at=now)
        if not quarter.frozen:
            continue
        actions.submit_notice(notice, by=people["lin"], at=now)
        actions.approve_notice(notice, by=people["qian"], at=now)
        actions.issue_notice(notice, by=people["qian"], at=now)
        issued += 1
        for receipt in Receipt.objects.filter(notice=notice, unit__memberships__staff=people["zheng"]):
            actions.acknowledge(receipt, by=people["zheng"], at=now + timedelta(minutes=5))
    return issued
