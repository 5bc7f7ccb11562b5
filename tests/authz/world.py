"""The world the matrix is asked of: everybody who may stand before a door, and one thing of every kind behind it.

The case called "ours" lies with the county bureau (芝罘区公安局), so that a county, the city, a unit, the unit above it
and a co-handling unit each stand differently towards it; "elsewhere" lies with a city bureau of another line.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO

from django.core import signing
from django.test import Client
from django.urls import reverse
from PIL import Image

from common.actors import SYSTEM
from common.enums import Channel, MessageState
from common.models import Export, Notice, OutboxMessage
from evaluations.actions import (
    Rated,
    Receipt,
    Words,
    add_device,
    add_window_key,
    invite_follow_ups,
    make_rating_link,
    record_service,
    revoke_device,
    submit_evaluation,
)
from evaluations.actions.partners import register_partner
from evaluations.enums import LinkKind, Origin, RatingChannel, Scope, ServiceSource, SigningMethod
from evaluations.models import Service, Source, Tag
from evaluations.views.manners import phone_address
from identity.actions import store_evaluator
from identity.models import Evaluator
from organizations.actions import disable_staff, renew_sign, run_exports
from organizations.enums import Role
from organizations.models import Staff, Unit, Window
from rectification import actions
from rectification.actions.closing import Answers
from rectification.actions.rectifying import QUALITY_CHECKS, Findings
from rectification.enums import ContactResult, Evidence, Judgement, ReportKind, Target, Verdict
from rectification.models import Case
from tests.authz.accounting import Accounting
from tests.authz.appealing import Appealing, panelists, pool
from tests.authz.classed import Classed
from tests.authz.convened import Convened
from tests.authz.disclosed import Disclosed
from tests.authz.doubted import Doubted
from tests.authz.field import Fieldwork
from tests.authz.guarding import Guarding
from tests.authz.listening import Listening
from tests.authz.noticed import Noticed
from tests.authz.overseen import Overseen
from tests.authz.scored import Scored
from tests.factories import NOW, Cast, staff
from tests.support.rating_files import csv_of, rating_cells, received, taken_in
from tests.support.tablet import put_up

TODAY = NOW.date()
SAID_BY_WINDOW = "经办人写到一半的话"


@dataclass(frozen=True)
class Principal:
    """Somebody before a door: a signed-in person, or a citizen with what they hold in hand."""

    name: str
    person: Staff | None = None
    keys: str = "none"  # of a citizen: "right", "wrong" (those of another matter), or "none"


@dataclass
class World:
    """Built once per module, in one transaction that is rolled back at the end."""

    cast: Cast = field(default_factory=Cast)

    def __post_init__(self) -> None:
        unit = Unit.objects.select_related("region").get
        self.unit, self.co_unit = unit(code="370602-GAJ"), unit(code="370602-RSJ")
        self.window = Window.objects.select_related("hall").filter(hall__code="YT-ZF")[0]
        self.window.unit = self.unit
        self.window.save()
        self._people(unit(code="370611-SPJ"))
        self.pool = pool()
        self.principals = {one.name: one for one in self._principals()}
        self.receipts: dict[str, Receipt] = {}
        self.nonces: dict[str, str] = {}
        self._admitted: dict[str, str] = {}
        self.browser = Client(raise_request_exception=False)
        self.cases = {name: self._case(name) for name in STORIES}
        self.elsewhere = self._elsewhere()
        self._things()
        disable_staff(self.disabled, note="离职", by=self.cast.xu, at=NOW)
        self.sessions = {name: _session(one.person) for name, one in self.principals.items() if one.person}

    def _people(self, other_county: Unit) -> None:
        self.handler = staff("jing", "荆经办", (Role.WINDOW, self.unit), window=self.window)
        self.colleague = staff("tong", "佟同事", (Role.WINDOW, self.unit))
        self.rated = staff("bei", "贝被评", (Role.WINDOW, self.unit))
        self.supervisor = staff("guan", "管主管", (Role.UNIT_SUPERVISOR, self.unit))
        self.helper = staff("xie", "谢协办", (Role.WINDOW, self.co_unit))
        staff("lu", "鲁他窗", (Role.WINDOW, self.cast.other_unit))
        self.other_he = staff("fu", "福县督", (Role.COUNTY_SUPERVISOR, other_county))
        self.disabled = staff("ting", "停主管", (Role.UNIT_SUPERVISOR, self.unit))
        self.former = staff("qianren", "前任主管", (Role.UNIT_SUPERVISOR, self.unit))
        self.former.memberships.update(valid_to=TODAY - timedelta(days=1))

    def _principals(self) -> list[Principal]:
        cast = self.cast
        people = {
            "window": self.handler,
            "colleague": self.colleague,
            "rated": self.rated,
            "supervisor": self.supervisor,
            "superior": cast.zheng,
            "other_window": cast.sun,
            "other_supervisor": cast.song,
            "co_handler": self.helper,
            "dispatcher": cast.lin,
            "callback": cast.zhao,
            "county": cast.he,
            "other_county": self.other_he,
            "city": cast.qian,
            "auditor": cast.zhou,
            "system": cast.xu,
            "security": cast.gu,
            "audit_admin": cast.meng,
            "disabled": self.disabled,
            "former": self.former,
            **panelists(self),
        }
        citizens = [Principal("citizen", keys="right"), Principal("wrong_code", keys="wrong")]
        return [Principal("anonymous"), *citizens, *(Principal(name, person) for name, person in people.items())]

    # --- cases, each in a state somebody waits in ----------------------------------------------------------------

    def service(self, contact: Evaluator | None = None) -> Service:
        return record_service(
            source=ServiceSource.HALL,
            project_number=f"370602AUTHZ{uuid.uuid4().hex[:12]}",
            item=self.cast.item,
            unit=self.unit,
            served_at=NOW - timedelta(minutes=10),
            at=NOW,
            window=self.window,
            staff=self.rated,
            applicant="王演示",
            contact=contact,
        )

    def rate(self, name: str, *, level: int = 1, phone: str = "13800000009") -> Receipt:
        nonce = self.nonces[name] = uuid.uuid4().hex
        thing = Rated(
            target=Target.SERVICE,
            unit=self.unit,
            item=self.cast.item,
            window=self.window,
            hall=self.window.hall,
            staff=self.rated,
            service=self.service(),
        )
        words = Words(
            level=level,
            tags=list(Tag.objects.filter(level=level, active=True)[:1]),
            text=f"我们的件{name}",
            phone=phone,
        )
        receipt = submit_evaluation(thing, words, nonce=nonce, channel=RatingChannel.SLIP, origin=Origin.ACTIVE, at=NOW)
        return receipt

    def _case(self, name: str) -> Case:
        self.receipts[name] = self.rate(name, phone="" if name == "on_file" else "13800000009")
        case = self.receipts[name].case
        assert case is not None
        for step in STORIES[name]:
            getattr(self, f"_{step}")(case)
        case.refresh_from_db()
        return case

    def _precheck(self, case: Case) -> None:
        yes, no = Judgement.YES, Judgement.NO
        actions.precheck_case(case, by=self.cast.lin, at=NOW, true=yes, reasonable=yes, malicious=no)

    def _dispatch(self, case: Case) -> None:
        actions.dispatch_case(case, by=self.cast.lin, at=NOW, unit=self.unit)

    def _refuse(self, case: Case) -> None:
        actions.refuse_case(case, by=self.handler, at=NOW, reason="不属本单位", limit=1)

    def _sign(self, case: Case) -> None:
        actions.sign_case(case, by=self.handler, at=NOW)
        actions.add_co_handler(case, by=self.handler, at=NOW, unit=self.co_unit, task="提供材料清单")

    def _miss(self, case: Case) -> None:
        for hours in range(3):
            at = NOW - timedelta(days=3 - hours)
            actions.record_contact(case, by=self.handler, at=at, result=ContactResult.NO_ANSWER, note="")

    def _contact(self, case: Case) -> None:
        if case.reachable:
            actions.record_contact(case, by=self.handler, at=NOW, result=ContactResult.REACHED, note="已致歉")

    def _help(self, case: Case) -> None:
        actions.answer_co_handling(case, by=self.helper, at=NOW, answer="清单已给")

    def _ask(self, case: Case) -> None:
        actions.request_complex(case, by=self.handler, at=NOW, reason="涉及两个部门")
        actions.request_extension(case, by=self.handler, at=NOW, reason="等批复", until=date(2026, 12, 4), limit=1)
        actions.supervise_case(case, by=self.cast.qian, at=NOW, text="请说明进度")

    def _report(self, case: Case) -> None:
        findings = Findings(
            kind=ReportKind.RECTIFIED,
            wrong="缺样本",
            changed="已补",
            prevention="每周核对",
            legal_basis="",
            reply="已经改正,感谢监督。",
        )
        actions.submit_report(case, by=self.handler, at=NOW, findings=findings)

    def _reply(self, case: Case) -> None:
        actions.send_reply(case, by=self.supervisor, at=NOW, ticks=QUALITY_CHECKS)

    def _no_answer(self, case: Case) -> None:
        for hours in (1, 2, 25):
            at = NOW + timedelta(hours=hours)
            actions.record_callback(
                case, by=self.cast.zhao, at=at, result=ContactResult.NO_ANSWER, reworks_max=2, note=""
            )

    def _verify(self, case: Case) -> None:
        answers = Answers(
            was_contacted=True, solved=True, verdict=Verdict.SATISFIED, pressed=False, retaliated=False, note="回访"
        )
        actions.record_callback(
            case, by=self.cast.zhao, at=NOW, result=ContactResult.REACHED, reworks_max=2, answers=answers
        )

    def _close(self, case: Case) -> None:
        actions.close_case(case, by=self.cast.qian, at=NOW, note="销号")

    def _elsewhere(self) -> Case:
        """A case of the city's 医疗保障局: its own staff work on it, and nobody of ours."""
        cast = self.cast
        rated = Rated(target=Target.HALL, unit=cast.other_unit, hall=cast.window.hall)
        words = Words(
            level=1, tags=list(Tag.objects.filter(level=1, active=True)[:1]), text="别处的件", phone="13800000008"
        )
        receipt = submit_evaluation(
            rated,
            words,
            nonce=uuid.uuid4().hex,
            channel=RatingChannel.WEB,
            origin=Origin.UNMATCHED,
            at=NOW,
        )
        assert receipt.case is not None
        self.receipts["elsewhere"] = receipt
        self._precheck(receipt.case)
        actions.dispatch_case(receipt.case, by=cast.lin, at=NOW, unit=cast.other_unit)
        actions.sign_case(receipt.case, by=cast.sun, at=NOW)
        receipt.case.refresh_from_db()
        return receipt.case

    # --- other things behind doors --------------------------------------------------------------------------------

    def _things(self) -> None:
        self.link = make_rating_link(self.service(), kind=LinkKind.SLIP, at=NOW)
        self.stale_link = make_rating_link(self.service(), kind=LinkKind.SLIP, at=NOW - timedelta(days=60))
        contact = store_evaluator(phone="13800000006", consent_version="test", at=NOW)
        self.invitation = make_rating_link(self.service(contact), kind=LinkKind.SMS, at=NOW)
        self.found = signing.dumps(self.service().pk.hex, salt="found-service")
        self.unrated = self.service()
        self._signs()
        invite_follow_ups(at=NOW)
        body = OutboxMessage.objects.get(body__contains="/f/", about=self.cases["replied"].number).body
        self.follow_up = body.rsplit("/f/", 1)[1].split()[0].rstrip("/")
        self.picture = actions.store_picture(
            self.cases["rectifying"], photo(), kind=Evidence.AFTER, by=self.handler, at=NOW
        )
        actions.keep_draft(
            self.cases["rectifying"], by=self.handler, at=NOW, action="submit_report", data={"wrong": SAID_BY_WINDOW}
        )
        self._tablets()
        self.pressure = actions.report_pressure(self.cases["rectifying"], at=NOW, text="有人打电话要我改评价")
        self.dead = OutboxMessage.objects.create(
            key="dead",
            channel=Channel.SMS,
            kind="reply",
            address_kind="evaluator",
            address_id="1",
            body="x",
            created_at=NOW,
            next_attempt_at=NOW,
            state=MessageState.DEAD,
        )
        self._intake()
        self.listening = Listening(self)
        self.disclosed = Disclosed(self)
        self.appealing = Appealing(self)
        self.doubted = Doubted(self)
        self.noticed = Noticed(self)
        self.overseen = Overseen(self)
        self.fieldwork = Fieldwork(self)
        self.accounting = Accounting(self)
        self.classed = Classed(self)
        self.scored = Scored(self)
        self.convened = Convened(self)
        for person in (one.person for one in self.principals.values() if one.person):
            Notice.objects.create(staff=person, kind="staff.leaves", key="n", text=person.name, created_at=NOW)
            actions.request_export(by=person, at=NOW, format="csv", filters={}, reason="核对")
        run_exports(at=NOW)
        self.exports = {export.by_id: export for export in Export.objects.all()}
        self.guarding = Guarding(self)

    def _signs(self) -> None:
        """Old paper of two other windows of the hall: one still taken, one stopped as misused."""
        fresh, stopped = Window.objects.filter(hall=self.window.hall).exclude(pk=self.window.pk)[:2]
        self.elsewhere_window = Window.objects.filter(hall__code="YT-CITY", unit=self.cast.other_unit)[0]
        self.old_paper, self.stopped_paper = fresh.sign_code, stopped.sign_code
        for window, misused in ((fresh, False), (stopped, True)):
            renew_sign(window, seen=window.sign_code, reason="换新", misused=misused, by=self.cast.xu, at=NOW)
        self.retired = fresh.retired_signs.get()

    def _tablets(self) -> None:
        """One that stands at our window, one whose key has ended, one elsewhere, and a code that waits."""
        self.tablet = put_up(self.cast, by=self.supervisor, window=self.window)
        self.ended_tablet = put_up(self.cast, by=self.supervisor, window=self.window)
        revoke_device(self.ended_tablet.device, note="丢失", by=self.supervisor, at=NOW)
        away = Window.objects.filter(unit=self.cast.other_unit, closed_on=None).select_related("hall__unit", "unit")[0]
        elsewhere, _code = add_device(name="别处", window=away, by=self.cast.song, at=NOW)
        ours, self.code = add_device(name="一号", window=self.window, by=self.supervisor, at=NOW)
        self.devices = {"ours": ours, "elsewhere": elsewhere}
        self.window_key, _secret = add_window_key(hall=self.window.hall, name="叫号", by=self.cast.xu, at=NOW)
        self.scanned = phone_address(self.service()).rsplit("/k/")[1].rstrip("/")

    def _intake(self) -> None:
        """A batch that is done, with rows that wait; a dry run; a file to be confirmed; and a partner."""
        rows = [rating_cells(self.cast, n) for n in range(3)]
        waiting = rating_cells(self.cast, 9, unit_code="OLD-1", item_code="")
        done, dry = taken_in(csv_of([*rows, waiting])), taken_in(csv_of(rows), dry_run=True)
        [draft] = received(csv_of(rows))
        self.batches = {"done": done, "dry": dry, "draft": draft}
        hall = Source.objects.get(pk="hall")
        self.partner, _secret = register_partner(
            "演示系统", source=hall, scopes=list(Scope), method=SigningMethod.HMAC, by=SYSTEM, at=NOW
        )

    def case_of(self, name: str) -> str:
        """The number behind a word of the matrix: a story, "elsewhere", or one that nobody has."""
        if name == "unknown":
            return "2222-2222"
        return (self.elsewhere if name == "elsewhere" else self.cases[name]).number

    def client(self, principal: Principal) -> Client:
        """The browser, which now holds nothing but this principal's session."""
        client = self.browser
        client.cookies.clear()
        if principal.person:
            client.cookies["session"] = self.sessions[principal.name]
        return client

    def admit(self, client: Client, name: str) -> None:
        """Gives the browser the cookie that number and code of a case earn."""
        if name == "suggestion":
            sent = {"number": self.listening.number("received"), "code": self.listening.code}
        else:
            sent = {"number": self.case_of(name), "code": self.receipts[name].code}
        if name not in self._admitted:
            asked = Client()
            assert asked.post(reverse("track"), sent).status_code == 302
            self._admitted[name] = asked.cookies["tracking"].value
        client.cookies["tracking"] = self._admitted[name]


def photo() -> BytesIO:
    """A small picture, as a telephone sends it."""
    out = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "PNG")
    out.seek(0)
    return out


def _session(person: Staff) -> str:
    """A session that has been used before, so that a knock need not begin one."""
    client = Client()
    client.force_login(person)
    client.get(reverse("account-kept"))
    return str(client.cookies["session"].value)


_TO_SIGNED = ("precheck", "dispatch", "sign")
_TO_CHECKING = (*_TO_SIGNED, "contact", "help", "report")
_TO_REPLIED = (*_TO_CHECKING, "reply")
STORIES: dict[str, tuple[str, ...]] = {
    "received": (),
    "prechecked": ("precheck",),
    "dispatched": ("precheck", "dispatch"),
    "refused": ("precheck", "dispatch", "refuse"),
    "unreached": (*_TO_SIGNED, "miss"),
    "rectifying": (*_TO_SIGNED, "contact", "help"),
    "asked": (*_TO_SIGNED, "contact", "ask"),
    "checking": _TO_CHECKING,
    "replied": _TO_REPLIED,
    "on_file": _TO_REPLIED,
    "unanswered": (*_TO_REPLIED, "no_answer"),
    "verified": (*_TO_REPLIED, "verify"),
    "closed": (*_TO_REPLIED, "verify", "close"),
    **{f"contested_{number}": (*_TO_SIGNED, "contact") for number in range(1, 8)},
}
