"""The proposed schemes (domain.md §11.2), which a city can edit. Weights, thresholds, bands are proposals. Pure."""

from __future__ import annotations

from decimal import Decimal

from assessment.enums import Cases, EventKind, Low, Measure, Rule
from assessment.scoring.scheme import Band, Item, Loss, Mark, Scheme, Volume

D = Decimal


def _losses(**points: str) -> tuple[Loss, ...]:
    return tuple(Loss(Cases(name), D(value)) for name, value in points.items())


BANDS = tuple(
    Band(None if upto is None else D(upto), D(share))
    for upto, share in (("0.8", "1"), ("1.2", "0.9"), ("2", "0.75"), ("3", "0.5"), (None, "0.2"))
)
ITEMS = (
    Item("active", "主动评价", D(15), Rule.LINEAR, Measure.ACTIVE, full=D("0.6")),
    Item("negative", "有效差评率", D(15), Rule.BANDS, Measure.NEGATIVE, bands=BANDS),
    Item(
        "timely",
        "签收和首次联系及时",
        D(10),
        Rule.EACH,
        base=(Cases.SIGN_DUE, Cases.CONTACT_DUE),
        losses=_losses(signed_late="0.5", contact_late="0.5"),
    ),
    # A case more than five working days overdue is in both sets: two points in all.
    Item(
        "on_time",
        "按期整改",
        D(20),
        Rule.EACH,
        base=(Cases.DUE,),
        losses=_losses(overdue="1", overdue_far="1"),
    ),
    Item(
        "answered",
        "回访与答复",
        D(10),
        Rule.EACH,
        base=(Cases.REPLY_DUE, Cases.CALL_DUE),
        losses=_losses(unreplied="1", uncalled="1"),
    ),
    Item("satisfied", "整改满意", D(20), Rule.SHARE, Measure.SATISFACTION, losses=_losses(reworked="1")),
    Item(EventKind.CAMPAIGN, "举一反三和专项整治", D(10), Rule.TOLD),
)
DEDUCTIONS = (
    Mark(EventKind.FALSE_REPORT, "虚假整改", D(5)),
    Mark(EventKind.INTERFERENCE, "干预评价", D(10)),
    Mark(EventKind.BRUSHING, "刷好评", D(10)),
    Mark(EventKind.REPEAT_OFFENCE, "屡改屡犯", D(3)),
)
BONUSES = (
    Mark(EventKind.SUGGESTION, "意见建议被采纳", D(1)),
    Mark(EventKind.TYPICAL, "典型案例", D(2)),
)
CITY = Scheme(
    items=ITEMS,
    measured=D("0.5"),
    low=Low.SURE,
    deductions=DEDUCTIONS,
    bonuses=BONUSES,
    vetoes=(EventKind.RETALIATION, EventKind.IDENTITY_LEAK),
    volumes=(Volume("高频", 3000), Volume("低频", 0)),
)
# Units of a county have fewer ratings: the two groups part at a tenth.
COUNTY = Scheme(
    items=ITEMS,
    measured=D("0.5"),
    low=Low.SURE,
    deductions=DEDUCTIONS,
    bonuses=BONUSES,
    vetoes=(EventKind.RETALIATION, EventKind.IDENTITY_LEAK),
    volumes=(Volume("高频", 300), Volume("低频", 0)),
)
