"""Rows for tests, built through the real loaders and actions, and a cast with names.

    cast = Cast()          # after the reference data are there (fixture `reference`)
    case = cast.rate(1)    # a citizen rates 非常不满意 with a phone; a case is born
    cast.upto(case, State.REPLIED)

Lin dispatches, Wu handles, Zheng supervises the unit, Zhao calls back, Qian signs off for the city, He supervises
the county, Sun is a stranger in another unit, Zhou audits, and Xu, Gu and Meng are the three administrators.
"""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from appeals.seed import load_grounds
from assessment.seed import load_class_rules
from evaluations.actions import Rated, Receipt, Words, record_service, submit_evaluation
from evaluations.enums import Origin, RatingChannel, ServiceSource
from evaluations.models import Service, Tag
from evaluations.seed import load_sources, load_tags
from organizations.enums import Role
from organizations.models import Membership, ServiceItem, Staff, Unit, Window
from organizations.reference import read_table
from organizations.seed import FOLDER, load_calendar, load_regions, load_structure
from rectification import actions
from rectification.actions.closing import Answers
from rectification.actions.rectifying import QUALITY_CHECKS, Findings
from rectification.enums import ContactResult, Judgement, ReportKind, State, Target, Verdict
from rectification.models import Case
from rectification.seed import load_duty_rules

PASSWORD = "Yantai-2026!"
# A working Monday well inside a confirmed year; tests that care name their own moment.
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.get_default_timezone())
_numbers = itertools.count(1)


def load_all() -> None:
    """Reference data and the structure of the example city."""
    load_regions(read_table(FOLDER, "divisions"))
    load_calendar(at=NOW)
    load_duty_rules()
    load_tags()
    load_sources()
    load_grounds()
    load_class_rules(at=NOW)
    load_structure()


def staff(username: str, name: str, *duties: tuple[Role, Unit], window: Window | None = None) -> Staff:
    """A staff member with memberships since the beginning of the year."""
    person = Staff.objects.create(
        username=username,
        name=name,
        email=f"{username}@example.invalid",
        password=make_password(PASSWORD),
        password_changed_at=timezone.now(),
    )
    for role, unit in duties:
        Membership.objects.create(
            staff=person,
            role=role,
            unit=unit,
            valid_from=date(2026, 1, 1),
            window=window if role == Role.WINDOW else None,
        )
    return person


@dataclass
class Cast:
    """Everybody a story needs, in the example city's public security bureau and management body."""

    def __post_init__(self) -> None:
        unit = Unit.objects.select_related("region").get
        self.unit = unit(code="370600-GAJ")
        self.other_unit = unit(code="370600-YBJ")
        self.body = unit(code="370600-SPJ")
        self.county_body = unit(code="370602-SPJ")
        self.window = Window.objects.select_related("hall").filter(unit=self.unit).first() or self._window()
        self.item = ServiceItem.objects.filter(unit=self.unit).first()
        self.lin = staff("lin", "林转办", (Role.DISPATCHER, self.body))
        self.wu = staff("wu", "吴经办", (Role.WINDOW, self.unit), window=self.window)
        self.wei = staff("wei", "魏同事", (Role.WINDOW, self.unit))
        self.zheng = staff("zheng", "郑主管", (Role.UNIT_SUPERVISOR, self.unit))
        self.zhao = staff("zhao", "赵回访", (Role.CALLBACK, self.body))
        self.qian = staff("qian", "钱督导", (Role.CITY_SUPERVISOR, self.body))
        self.he = staff("he", "何县督", (Role.COUNTY_SUPERVISOR, self.county_body))
        self.sun = staff("sun", "孙路人", (Role.WINDOW, self.other_unit))
        self.song = staff("song", "宋他管", (Role.UNIT_SUPERVISOR, self.other_unit))
        self.zhou = staff("zhou", "周审计", (Role.AUDITOR, self.body))
        self.xu = staff("xu", "徐系统", (Role.SYSTEM_ADMIN, self.body))
        self.gu = staff("gu", "顾安全", (Role.SECURITY_ADMIN, self.body))
        self.meng = staff("meng", "孟审管", (Role.AUDIT_ADMIN, self.body))
        self.rated = staff("ruan", "阮窗口", (Role.WINDOW, self.unit))

    def _window(self) -> Window:
        window = Window.objects.select_related("hall").order_by("pk")[0]
        window.unit = self.unit
        return window

    @property
    def everybody(self) -> dict[str, Staff]:
        return {name: person for name, person in vars(self).items() if isinstance(person, Staff)}

    def service(self, *, at: datetime = NOW, applicant: str = "王演示") -> Service:
        """A service just given at the window, not yet rated."""
        return record_service(
            source=ServiceSource.HALL,
            project_number=f"370600TEST{next(_numbers):08d}",
            item=self.item,
            unit=self.unit,
            served_at=at - timedelta(minutes=10),
            at=at,
            window=self.window,
            staff=self.rated,
            applicant=applicant,
        )

    def submit(
        self,
        level: int,
        *,
        at: datetime = NOW,
        phone: str = "13800000001",
        text: str = "",
        tags: bool = True,
        nonce: str = "",
        service: Service | None = None,
    ) -> Receipt:
        """A rating of a service at the window."""
        given = service or self.service(at=at)
        chosen = list(Tag.objects.filter(level=level, active=True)[:1]) if tags else []
        return submit_evaluation(
            Rated(
                target=Target.SERVICE,
                unit=self.unit,
                item=self.item,
                window=self.window,
                hall=self.window.hall,
                staff=self.rated,
                service=given,
            ),
            Words(level=level, tags=chosen, text=text, phone=phone),
            nonce=nonce or uuid.uuid4().hex,
            channel=RatingChannel.SLIP,
            origin=Origin.ACTIVE,
            at=at,
        )

    def rate(self, level: int = 1, *, at: datetime = NOW, phone: str = "13800000001", text: str = "") -> Case:
        """A negative rating's case."""
        case = self.submit(level, at=at, phone=phone, text=text).case
        assert case is not None
        return case

    def upto(self, case: Case, state: State, *, at: datetime = NOW) -> Case:
        """Walks a case the straight way to a state, each act by the person whose act it is."""
        steps = {
            State.PRECHECKED: lambda: actions.precheck_case(
                case, by=self.lin, at=at, true=Judgement.YES, reasonable=Judgement.YES, malicious=Judgement.NO
            ),
            State.DISPATCHED: lambda: actions.dispatch_case(case, by=self.lin, at=at, unit=self.unit),
            State.SIGNED: lambda: actions.sign_case(case, by=self.wu, at=at),
            State.RECTIFYING: lambda: self.contact(case, at=at),
            State.CHECKING: lambda: self.report(case, at=at),
            State.REPLIED: lambda: actions.send_reply(case, by=self.zheng, at=at, ticks=QUALITY_CHECKS),
            State.VERIFIED: lambda: self.callback(case, at=at),
            State.CLOSED: lambda: actions.close_case(case, by=self.qian, at=at, note="销号"),
        }
        order = list(steps)
        for step in order[: order.index(state) + 1]:
            current = State(Case.objects.values_list("state", flat=True).get(pk=case.pk))
            if current == State.RECEIVED or (current in order and order.index(current) < order.index(step)):
                steps[step]()
        case.refresh_from_db()
        return case

    def contact(self, case: Case, *, at: datetime = NOW) -> Case:
        return actions.record_contact(case, by=self.wu, at=at, result=ContactResult.REACHED, note="已致歉并了解情况")

    def report(self, case: Case, *, at: datetime = NOW, kind: ReportKind = ReportKind.RECTIFIED) -> Case:
        return actions.submit_report(
            case,
            by=self.wu,
            at=at,
            findings=Findings(
                kind=kind,
                wrong="未提供材料样本",
                changed="补齐样本并上墙",
                prevention="每周核对样本",
                legal_basis="《行政许可法》第三十条" if kind == ReportKind.EXPLAINED else "",
                reply="您反映的问题已经改正,感谢监督。",
            ),
        )

    def callback(
        self, case: Case, *, at: datetime = NOW, verdict: Verdict = Verdict.SATISFIED, solved: bool = True
    ) -> Case:
        """The callback officer reaches the evaluator; without a number the supervisor checks on file."""
        case.refresh_from_db()
        if not case.reachable:
            return actions.verify_on_file(case, by=self.qian, at=at, fixed=solved, note="现场核查", reworks_max=2)
        return actions.record_callback(
            case,
            by=self.zhao,
            at=at,
            result=ContactResult.REACHED,
            reworks_max=2,
            answers=Answers(
                was_contacted=True, solved=solved, verdict=verdict, pressed=False, retaliated=False, note="回访"
            ),
        )
