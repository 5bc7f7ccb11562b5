"""Appeals: one of every kind with its panel, and the doors that lead to it.

The panel of "voting" has lost a member who asked to be recused; on the other appeals that member still sits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from appeals import actions
from appeals.actions import Piece
from appeals.enums import Appellant, Proof, Vote
from appeals.models import Appeal, Ground, PanelMember
from appeals.queries import sitting
from common.models import OutboxMessage
from organizations.enums import Role
from organizations.models import Staff, Unit
from tests.appeals.court import picture
from tests.authz.probing import NOTHING, Arguments, Probe, case_at, fixed, held, types
from tests.factories import NOW, staff

if TYPE_CHECKING:
    from tests.authz.world import World

REASON = "调阅当日叫号记录和监控录像,逐条核对后认定。"
# Where the people of the pool work: nowhere near the units of the cases.
HOMES = ("370600-SFJ", "370600-KJJ", "370600-SLJ", "370600-SWJ", "370600-WLJ", "370600-HYJ")
EVIDENCE = {
    Proof.LEGAL_BASIS: "条例第十二条",
    Proof.SYSTEM_TIMES: "9:02 取号",
    Proof.OUTAGE: "9:10 至 11:05 中断",
    Proof.SYSTEM_LOG: "第 118 行",
}


def pool() -> dict[str, Staff]:
    """Who may be drawn, by what becomes of them: two sit on everything, one is recused from one appeal, one takes that
    seat, one is never drawn, and one is not on the list yet."""
    names = ("panel", "colleague", "recused", "deputy", "pool", "unlisted")
    homes = [Unit.objects.get(code=code) for code in HOMES]
    return {
        name: staff(f"panel_{name}", f"评审{name}", (Role.PANEL, home)) for name, home in zip(names, homes, strict=True)
    }


class Appealing:
    """Appeals by the unit of "our" cases, at every stage."""

    def __init__(self, world: World) -> None:
        self.world, self.people = world, world.pool
        for name in ("panel", "colleague", "recused"):
            self._list(name)
        self.appeals = {
            "hearing": self._filed("contested_1", "W6"),
            "ruled": self._decided(self._filed("contested_2", "W9"), Vote.PARTLY),
            "served": self._served(self._decided(self._filed("contested_3", "W8"), Vote.REJECT)),
            "upheld": self._served(self._decided(self._filed("contested_4", "W9"), Vote.UPHOLD)),
            "voting": self._filed("contested_5", "W5"),
        }
        self._list("deputy")
        actions.ask_recusal(self.appeals["voting"], by=self.people["recused"], at=NOW, note="同学")
        self._list("pool")
        self.exhibit = self.appeals["voting"].exhibits.get()
        self.drafts = {"ours": self._draft("contested_6", "W8"), "W1": self._draft("contested_7", "W1")}
        body = OutboxMessage.objects.get(key=f"appeal-facts:{self.appeals['hearing'].number}").body
        found = re.search(r"/a/([\w-]+)", body)
        assert found
        self.link = found[1]
        self.tie = actions.declare_relation(
            PanelMember.objects.get(staff=self.people["pool"]),
            by=world.cast.qian,
            at=NOW,
            note="曾在此工作",
            unit=world.cast.other_unit,
        )

    def number(self, about: str) -> str:
        return self.appeals[about].number if about in self.appeals else "A-2222-2222"

    def _list(self, name: str) -> None:
        actions.list_member(self.people[name], by=self.world.cast.qian, at=NOW, expertise="综合")

    def _draft(self, story: str, code: str) -> Appeal:
        writer, ground = self.world.supervisor, Ground.objects.get(code=code)
        draft = actions.begin_draft(
            self.world.cases[story],
            by=writer,
            at=NOW,
            side=Appellant.UNIT,
            ground=ground,
            statement="当日系统记录与评价所述不一致",
        )
        for kinds in ground.needs:
            words = next((Proof(kind) for kind in kinds if Proof(kind) in EVIDENCE), None)
            if words is not None:
                actions.add_exhibit(draft, Piece(words, text=EVIDENCE[words]), by=writer, at=NOW)
            elif Proof.PICTURE in kinds:
                seen = Piece(Proof.PICTURE, upload=picture(), name="现场.png")
                actions.add_exhibit(draft, seen, by=writer, at=NOW)
        return draft

    def _filed(self, story: str, code: str) -> Appeal:
        return actions.file_appeal(self._draft(story, code), by=self.world.supervisor, at=NOW)

    def _decided(self, appeal: Appeal, vote: Vote) -> Appeal:
        for place in sitting(appeal):
            appeal = actions.cast_vote(appeal, by=place.staff, at=NOW, vote=vote, reason=REASON)
        return appeal

    def _served(self, appeal: Appeal) -> Appeal:
        actions.serve_ruling(appeal, by=self.world.cast.lin, at=NOW, text="裁定书", plain="经评审已有认定。")
        return appeal


def _numbered(about: str) -> Arguments:
    return lambda world, who: [world.appealing.number(about)]


def contested() -> Iterator[Probe]:
    """The way in, drafts, every act on an appeal, evidence, the lists, and the pool."""
    for name in ("appeals", "appeal-figures", "panel", "panel-pool"):
        yield Probe(name)
    for about in ("rectifying", "received", "elsewhere", "unknown"):
        yield Probe("appeal-new", about, case_at(about), "", types(ground="W9"))
    mine = lambda world, who: [world.appealing.drafts["ours"].pk]  # noqa: E731
    unsaid = lambda world, who: [world.appealing.drafts["W1"].pk]  # noqa: E731
    filed = lambda world, who: [world.appealing.appeals["voting"].pk]  # noqa: E731
    words = types(ground="W8", statement="改过的理由", save="1")
    yield Probe("appeal-draft", "ours", mine, "supervisor", words)
    yield Probe("appeal-draft", "ours, filed now", mine, "supervisor", types(ground="W8", statement="x", file_it="1"))
    yield Probe("appeal-draft", "already filed", filed, "", words)
    yield Probe("appeal-draft", "unknown", fixed(999_999), "", words)
    yield Probe("appeal-confirm", "W1", unsaid, "callback", types(text="评价人说点错了"))
    yield Probe("appeal-confirm", "W8", mine, "", types(text="评价人说点错了"))
    exhibit = lambda world, who: [world.appealing.exhibit.pk]  # noqa: E731
    yield Probe("appeal-exhibit", "voting", exhibit)
    yield Probe("appeal-exhibit", "unknown", fixed(999_999))
    yield from _acts()
    yield Probe("appeal-facts", "", held(lambda w: w.appealing.link, lambda w: w.link), "citizen", types(text="有纸"))
    yield from _pool()


def _acts() -> Iterator[Probe]:
    for about in ("voting", "hearing", "ruled", "served", "unknown"):
        yield Probe("appeal", about, _numbered(about))
    vote = types(vote="uphold", reason=REASON)
    for about in ("voting", "hearing", "served", "unknown"):
        yield Probe("appeal-vote", about, _numbered(about), "", vote)
    yield Probe("appeal-recuse", "voting", _numbered("voting"), "panel", types(note="同学"))
    yield Probe("appeal-recuse", "unknown", _numbered("unknown"), "", types(note="同学"))
    yield Probe("appeal-withdraw", "voting", _numbered("voting"), "supervisor", types(note="不申诉了"))
    yield Probe("appeal-serve", "ruled", _numbered("ruled"), "dispatcher", types(plain="经评审已有认定。"))
    yield Probe("appeal-serve", "voting", _numbered("voting"), "", types(text="x", plain="x"))
    for about in ("served", "upheld", "voting"):
        yield Probe("appeal-review", about, _numbered(about), "", types(x="1"))


def _pool() -> Iterator[Probe]:
    yield Probe("panel-member-add", "", NOTHING, "city", types(staff="panel_unlisted", expertise="医保"))
    yield Probe("panel-member", "", fixed("panel_pool"), "city", types(expertise="医保", active="on"))
    tie: dict[str, Any] = {"unit": "370600-YBJ", "staff": "", "note": "同学在此"}
    yield Probe("panel-relation-add", "own", fixed("panel_panel"), "panel", types(**tie))
    yield Probe("panel-relation-add", "nobody's", fixed("panel_unlisted"), "", types(**tie))
    yield Probe("panel-relation-end", "", lambda world, who: [world.appealing.tie.pk], "city", types(note="已调走"))


def panelists(world: World) -> dict[str, Staff]:
    """The people of the pool who stand before doors as principals."""
    return {name: world.pool[name] for name in ("panel", "recused", "pool")}
