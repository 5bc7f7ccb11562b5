"""An appeal through real acts: a pool of people who may sit, evidence of every kind, votes, and the days between.

court = Court(cast)
appeal = court.file("W6")                  # Zheng contests for the unit; the panel is drawn
court.answer(appeal)                       # the evaluator's word, where the ground asks for it
appeal = court.decide(appeal, UPHOLD)      # all who sit vote so
"""

from __future__ import annotations

import functools
import re
from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image

from appeals import actions
from appeals.actions import Piece
from appeals.enums import Appellant, Proof, Vote
from appeals.models import Appeal, CitizenFact, Exhibit, Ground, PanelMember
from appeals.queries import sitting
from common.models import OutboxMessage
from organizations.enums import Role
from organizations.models import Staff, Unit
from rectification.enums import State
from rectification.models import Case
from tests.factories import NOW, Cast, staff

REASON = "调阅当日叫号记录和监控录像,逐条核对后认定。"
STATEMENT = "当日系统记录与评价所述不一致,请评审。"
MORNING, DAY = NOW, timedelta(days=1)


def picture(colour: str = "white") -> BytesIO:
    file = BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "PNG")
    file.seek(0)
    return file


def pdf(words: bytes = b"a table") -> BytesIO:
    """A document of one page; what is written behind its end makes it another one."""
    return BytesIO(_page() + b"%" + words)


@functools.cache
def _page() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PDF")
    return out.getvalue()


def film() -> BytesIO:
    return BytesIO(b"\x00\x00\x00\x20ftypisom" + bytes(200))


def piece(kind: Proof, *, words: str = "见说明", file: BytesIO | None = None) -> Piece:
    """A piece of evidence of a kind that leaves nothing to be desired."""
    if kind == Proof.RECORDING:
        return Piece(kind, upload=file or film(), name="大厅监控.mp4", second=192)
    if kind == Proof.DOCUMENT:
        return Piece(kind, upload=file or pdf(), name="办件材料.pdf")
    if kind == Proof.PICTURE:
        return Piece(kind, upload=file or picture(), name="现场.png")
    return Piece(kind, text=words, upload=file)


class Court:
    """The cast, and people of many units who may be drawn."""

    def __init__(self, cast: Cast, *, pool: int = 12) -> None:
        self.cast = cast
        used = [cast.unit.pk, cast.other_unit.pk]
        homes = list(Unit.objects.active().exclude(pk__in=used).filter(level="city", parent=None).order_by("code")[:6])
        self.pool = [
            staff(f"panel{number}", f"评审{number}", (Role.PANEL, homes[number % len(homes)])) for number in range(pool)
        ]
        for person in self.pool:
            actions.list_member(person, by=cast.qian, at=NOW, expertise="综合")
        self.people = {person.pk: person for person in self.pool}

    # --- before it is filed ---------------------------------------------------------------------------------

    def case(self, state: State = State.RECTIFYING, *, at: datetime = NOW, phone: str = "13800000001") -> Case:
        return self.cast.upto(self.cast.rate(1, at=at, phone=phone, text="等了三个小时"), state, at=at)

    def draft(
        self, code: str, case: Case | None = None, *, by: Staff | None = None, at: datetime = NOW, proven: bool = True
    ) -> Appeal:
        """A draft with everything its ground needs, or with nothing."""
        writer = by or self.cast.zheng
        found = case or self.case(at=at)
        side = Appellant.PERSON if writer == self.cast.rated else Appellant.UNIT
        ground = Ground.objects.get(code=code)
        appeal = actions.begin_draft(
            found,
            by=writer,
            at=at,
            side=side,
            ground=ground,
            statement=STATEMENT,
            other_unit=self.cast.other_unit if code == "W4" else None,
        )
        for kinds in ground.needs if proven else []:
            self.prove(appeal, Proof(kinds[0]), by=writer, at=at)
        return appeal

    def prove(self, appeal: Appeal, kind: Proof, *, by: Staff, at: datetime = NOW, words: str = "见说明") -> Exhibit:
        witness = self.cast.zhao if kind == Proof.CONFIRMATION else by
        return actions.add_exhibit(appeal, piece(kind, words=words), by=witness, at=at)

    def file(self, code: str, case: Case | None = None, *, by: Staff | None = None, at: datetime = NOW) -> Appeal:
        appeal = self.draft(code, case, by=by, at=at)
        return actions.file_appeal(appeal, by=by or self.cast.zheng, at=at)

    # --- after ----------------------------------------------------------------------------------------------

    def panel(self, appeal: Appeal) -> list[Staff]:
        """Who sits, as the database has them now."""
        return [Staff.objects.get(pk=place.staff_id) for place in sitting(appeal)]

    def answer(self, appeal: Appeal, *, at: datetime = NOW, text: str = "我当天有取号纸。") -> CitizenFact:
        return actions.answer_facts(self.token(appeal), text, at=at)

    def token(self, appeal: Appeal) -> str:
        """The secret of the evaluator's link, as only their message has it."""
        body = OutboxMessage.objects.get(key=f"appeal-facts:{appeal.number}").body
        found = re.search(r"/a/([\w-]+)", body)
        assert found
        return found[1]

    def vote(self, appeal: Appeal, by: Staff, vote: Vote = Vote.UPHOLD, *, at: datetime = NOW) -> Appeal:
        return actions.cast_vote(appeal, by=by, at=at, vote=vote, reason=REASON)

    def decide(self, appeal: Appeal, *votes: Vote, at: datetime = NOW) -> Appeal:
        """Everybody who sits votes, in turn as named; the last named goes on for the rest."""
        for number, member in enumerate(self.panel(appeal)):
            appeal = self.vote(appeal, member, votes[min(number, len(votes) - 1)], at=at)
        return appeal

    def serve(self, appeal: Appeal, *, at: datetime = NOW) -> Appeal:
        actions.serve_ruling(appeal, by=self.cast.lin, at=at, text="裁定书正文", plain="评审已有认定。")
        return appeal

    def ruled(self, code: str, *votes: Vote, case: Case | None = None, by: Staff | None = None) -> Appeal:
        """Filed, heard, decided and served on one morning."""
        appeal = self.file(code, case, by=by)
        if appeal.heard_by is not None:
            self.answer(appeal)
        return self.serve(self.decide(appeal, *votes))

    def review(self, first: Appeal, by: Staff, *, at: datetime = NOW, words: str = "新找到的记录") -> Appeal:
        """A review on one new piece of evidence."""
        draft = actions.begin_review(first, by=by, at=at, statement="有新证据,请复核。")
        self.prove(draft, Proof.SYSTEM_TIMES, by=by, at=at, words=words)
        return actions.file_review(draft, by=by, at=at)

    def joins(self, person: Staff, unit: Unit, role: Role = Role.WINDOW) -> None:
        """Somebody takes up another office."""
        person.memberships.create(role=role, unit=unit, valid_from=NOW.date() - timedelta(days=30))

    def listed(self, person: Staff) -> PanelMember:
        return PanelMember.objects.get(staff=person)
