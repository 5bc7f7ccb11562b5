"""What the demo tells of appeals: who may be drawn, and the words of a script in which a rating is contested."""

from __future__ import annotations

import re
from datetime import date, datetime
from io import BytesIO

from appeals import actions
from appeals.actions import Piece
from appeals.enums import Appellant, Proof, Vote
from appeals.models import Appeal, Ground
from appeals.queries import sitting
from common.actors import SYSTEM
from common.models import OutboxMessage
from organizations.actions import add_membership, create_staff
from organizations.enums import Role
from organizations.models import Staff, Unit
from rectification.models import Case

# account, name, unit, what they know of; all invented. The first draws of the demo are among tang and the first two.
POOL = [
    ("panel1", "沈立新", "370600-KJJ", "信息系统"),
    ("panel2", "吕清华", "370600-GXJ", "行政许可"),
    ("panel3", "邵国平", "370600-SLJ", "行政复议"),
    ("panel4", "温晓岚", "370600-HYJ", "窗口服务"),
    ("panel5", "纪承志", "370600-SWJ", "政策法规"),
    ("panel6", "毕建华", "370600-WLJ", "群众工作"),
    ("panel7", "姜若水", "370600-YJJ", "应急处置"),
    ("panel8", "鲍永年", "370600-XFZ", "消防审批"),
    ("panel9", "祁玉梅", "370600-CLH", "无障碍服务"),
    ("panel10", "柏长青", "370600-FGW", "收费政策"),
    ("panel11", "娄思齐", "370600-TYJ", "信访办理"),
]
FIRST = 2
TIES = [("panel3", "370600-GJJ", "曾在该中心工作")]
# A document of one page.
PAPER = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 300]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 62>>stream
BT /F1 18 Tf 40 220 Td (DEMO  P  8:00-18:00  2.00 / h) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
STATEMENTS = {
    "W1": "评价人当场说点错了,请督导核实。",
    "W3": "当日系统升级,同一笔测试数据被当作评价推送。",
    "W5": "评价说的是停车场收费,与办理的事项无关。",
    "W6": "评价说等了一上午,系统记录取号到叫号二十分钟。",
    "W8": "法规规定须提交原件,窗口依法不予受理并已一次性告知。",
    "W9": "省级系统当日中断两小时,窗口无法提交。",
}
WORDS = {
    Proof.SYSTEM_TIMES: "9:02 取号,9:22 叫号,9:41 办结",
    Proof.SYSTEM_LOG: "2 号升级日志第 118 行: 推送测试数据",
    Proof.LEGAL_BASIS: "现行登记条例第十二条(演示)",
    Proof.OUTAGE: "省级平台通报: 当日 9:10 至 11:05 中断",
    Proof.DOCUMENT: "停车场由物业公司管理,见收费公示",
}
REASONS = {
    Vote.UPHOLD: "调阅系统记录和现场材料,逐条核对后,申诉理由能够成立。",
    Vote.PARTLY: "中断属实,但恢复后没有及时通知评价人,只能部分认定。",
    Vote.REJECT: "材料只说明流程,不能说明评价所述没有发生,理由不成立。",
    Vote.UNPROVEN: "所附材料看不出当时的经过,证据还不足以作出认定。",
}


def hire_pool(units: dict[str, Unit], tang: Staff, password: str, since: date, *, at: datetime) -> list[Staff]:
    """Hires the people of the pool; none of them is listed yet."""
    pool = [tang]
    for account, name, code, _knows in POOL:
        person = create_staff(
            username=account,
            name=name,
            email=f"{account}@demo.invalid",
            password_hash=password,
            demo=True,
            by=SYSTEM,
            at=at,
        )
        add_membership(person, role=Role.PANEL, unit=units[code], valid_from=since, by=SYSTEM, at=at)
        pool.append(person)
    return pool


def list_pool(pool: list[Staff], keeper: Staff, *, at: datetime) -> None:
    """Puts people on the list, with what they know of."""
    knows = {account: words for account, _name, _code, words in POOL}
    for person in pool:
        member = actions.list_member(person, by=keeper, at=at, expertise=knows.get(person.username, "依法行政"))
        for account, code, tie in TIES:
            if person.username == account:
                unit = Unit.objects.get(code=code)
                actions.declare_relation(member, by=person, at=at, note=tie, unit=unit)


def plead(case: Case, code: str, *, by: Staff, at: datetime) -> Appeal:
    """A draft on a ground, with what the ground needs, for the unit or as the rated person."""
    side = Appellant.PERSON if case.rated_staff_id == by.pk else Appellant.UNIT
    ground = Ground.objects.get(code=code)
    draft = actions.begin_draft(case, by=by, at=at, side=side, ground=ground, statement=STATEMENTS[code])
    for kinds in ground.needs:
        # What the evaluator confirmed is for somebody else to record.
        kind = next((Proof(kind) for kind in kinds if Proof(kind) in WORDS), None)
        if kind is not None:
            upload = BytesIO(PAPER) if kind == Proof.DOCUMENT else None
            piece = Piece(kind, text=WORDS[kind], upload=upload, name="收费公示.pdf", happened_at=case.served_at)
            actions.add_exhibit(draft, piece, by=by, at=at)
    return draft


def answer(appeal: Appeal, text: str, *, at: datetime) -> None:
    """The evaluator's word, by the link of their message."""
    body = OutboxMessage.objects.get(key=f"appeal-facts:{appeal.number}").body
    found = re.search(r"/a/([\w-]+)", body)
    if found is None:
        raise ValueError(f"no link for {appeal}")
    actions.answer_facts(found[1], text, at=at)


def ask_review(appeal: Appeal, *, at: datetime) -> Appeal:
    """复核 by who was refused, on something that was not there; its panel is drawn when there are people enough."""
    draft = actions.begin_review(appeal, by=appeal.by, at=at, statement="找到当日收费单据,收费的是物业公司,请复核。")
    words = "收费单据 0412 号,收款单位为物业公司(演示)"
    actions.add_exhibit(draft, Piece(Proof.SYSTEM_TIMES, text=words), by=appeal.by, at=at)
    return actions.file_review(draft, by=appeal.by, at=at)


def decide(appeal: Appeal, votes: list[Vote], *, at: datetime, silent: int = 0) -> None:
    """Everybody who sits votes, in turn as named; the last named goes on for the rest.

    Args:
        silent: how many of them have not voted yet.
    """
    for number, place in enumerate(sitting(appeal)[silent:]):
        vote = votes[min(number, len(votes) - 1)]
        actions.cast_vote(appeal, by=place.staff, at=at, vote=vote, reason=REASONS[vote])
