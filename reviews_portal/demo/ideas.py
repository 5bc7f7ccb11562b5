"""意见建议 of the whole year, for `make demo-year`: 120 in all, 30 of them adopted. Invented."""

from __future__ import annotations

from itertools import product

from evaluations.enums.reviews import Dimension
from reviews_portal.demo.listening import Idea

ALL, ADOPTED, TOLD, TOLD_ADOPTED = 120, 30, 12, 5
PLACES = (
    ("户籍", "370600-GAJ"),
    ("社保", "370600-RSJ"),
    ("医保", "370600-YBJ"),
    ("企业登记", "370600-SJJ"),
    ("不动产", "370600-ZGJ"),
    ("公积金", "370600-GJJ"),
    ("办税", "370600-TAX"),
    ("车管", "370600-CGS"),
    ("住建", "370600-ZJJ"),
)
WISHES = (
    ("{}窗口中午能不能留一个人值班?", Dimension.HUMANITY),
    ("{}的表格请给一份填好的样本。", Dimension.CONVENIENCE),
    ("{}网上申报的进度能不能发短信?", Dimension.ONLINE),
    ("{}要的证明系统里有的就别再让交了。", Dimension.CONVENIENCE),
    ("{}的咨询电话能不能加一部?", Dimension.HUMANITY),
    ("{}的页面上传照片时请自动压缩。", Dimension.ONLINE),
    ("{}预约能不能改时间,不用取消重来?", Dimension.ONLINE),
    ("{}的收费标准请贴在取号机旁边。", Dimension.CONVENIENCE),
    ("{}排队时能不能看到前面还有几个人?", Dimension.CONVENIENCE),
    ("{}窗口请备老花镜和轮椅。", Dimension.HUMANITY),
    ("{}办完后结果能不能寄到家?", Dimension.CONVENIENCE),
    ("{}的办事指南写得太长,请做一页纸。", Dimension.HUMANITY),
)
EVERY = 4
DECLINED = "现有系统由省里统一建设,已向上反映。"


def ideas_of_year() -> list[Idea]:
    """The suggestions besides those that are always told, over some ten months."""
    found = []
    for number, ((wish, dimension), (place, unit)) in enumerate(product(WISHES, PLACES)):
        adopted = number % EVERY == 1 and number // EVERY < ADOPTED - TOLD_ADOPTED
        script = "sort answer:adopted result" if adopted else "sort answer:declined"
        answer = "采纳,已列入改进计划。" if adopted else DECLINED
        result = f"演示:{place}已改进。" if adopted else ""
        days_ago = 30 + number * 280 // (ALL - TOLD)
        found.append(Idea(wish.format(place), dimension, unit, script, answer, result, days_ago))
    return found[: ALL - TOLD]
