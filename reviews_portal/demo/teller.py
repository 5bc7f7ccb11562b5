"""Tells a story: each word of a script is one real act, by the person whose act it is, at an office moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from appeals.actions import file_appeal, screen_exhibits, serve_ruling
from appeals.enums import Vote
from appeals.models import Appeal, Ruling
from evaluations.actions import follow_up
from organizations.calendar import WorkingCalendar
from organizations.enums import Role
from organizations.models import Staff, Unit
from rectification import actions
from rectification.actions.closing import Answers
from rectification.actions.core import capacities
from rectification.actions.rectifying import QUALITY_CHECKS, Findings
from rectification.enums import ContactResult, JointWork, Judgement, Party, PressureOutcome, ReportKind, Verdict
from rectification.models import Case, PressureReport
from reviews_portal.demo import pleading
from reviews_portal.demo.people import People
from reviews_portal.demo.pleading import decide, plead
from reviews_portal.demo.stories import Story

MORNING, EVENING = time(9, 5), time(16, 40)
HOURS_PER_ACT = 2.5


@dataclass
class OfficeClock:
    """Moments at which offices work."""

    calendar: WorkingCalendar

    def after(self, moment: datetime, hours: float) -> datetime:
        """The office moment `hours` after another one, next working morning if it would be too late."""
        local = timezone.localtime(moment) + timedelta(hours=hours)
        if local.time() > EVENING:
            local = self._morning(local.date() + timedelta(days=1))
        elif local.time() < MORNING:
            local = self._morning(local.date())
        return local if self.calendar.is_working(local.date()) else self._morning(local.date())

    def _morning(self, day: date) -> datetime:
        while not self.calendar.is_working(day):
            day += timedelta(days=1)
        return timezone.make_aware(datetime.combine(day, MORNING))


def ending(script: str, at: datetime, clock: OfficeClock) -> datetime:
    """When a script that begins at a moment comes to its end."""
    for word in script.split():
        at = step(word, at, clock)
    return at


def step(word: str, at: datetime, clock: OfficeClock) -> datetime:
    """The moment of the next word: "+2d" waits, an act takes a while, a late call waits for another hour."""
    if word.startswith("+"):
        return clock.after(at + timedelta(days=int(word[1:-1])), 0)
    return clock.after(at, HOURS_PER_ACT + 3 * word.endswith("_late"))


class Teller:
    """One case on its way, and the appeal on it, if there is one."""

    appeal: Appeal

    def __init__(self, case: Case, story: Story, people: People, units: dict[str, Unit], clock: OfficeClock) -> None:
        self.case, self.story, self.people, self.units, self.clock = case, story, people, units, clock
        self.at = case.received_at
        self.words: dict[str, Callable[..., object]] = {
            name.removeprefix("_say_"): getattr(self, name) for name in dir(self) if name.startswith("_say_")
        }

    def tell(self) -> Case:
        """Speaks the whole script; returns the case as it stands afterwards."""
        for word in self.story.script.split():
            self.say(word)
        return self.case

    def say(self, word: str) -> None:
        """Does one word: an act, an act with an argument ("co:CODE"), or a wait ("+2d")."""
        self.at = step(word, self.at, self.clock)
        if word.startswith("+"):
            return
        name, _, argument = word.partition(":")
        if argument:
            self.words[name](argument)
        else:
            self.words[name]()
        self.case = Case.objects.select_related("unit__region").get(pk=self.case.pk)

    def _party(self, party: Party) -> Staff:
        """The first of the staff who stands in this capacity towards the case."""
        pool = {
            Party.HANDLER: self.people.window.get(self.case.unit_id, []),
            Party.UNIT_SUPERVISOR: [self.people.supervisor[self.case.unit_id]],
            Party.DISPATCHER: self.people.body(Role.DISPATCHER),
            Party.CALLBACK: self.people.body(Role.CALLBACK),
            Party.SUPERVISOR: [*self.people.body(Role.COUNTY_SUPERVISOR), *self.people.body(Role.CITY_SUPERVISOR)],
        }[party]
        return next(person for person in pool if party in capacities(person, self.case))

    def _say_precheck(self) -> None:
        actions.precheck_case(
            self.case,
            by=self._party(Party.DISPATCHER),
            at=self.at,
            true=Judgement.YES,
            reasonable=Judgement.YES,
            malicious=Judgement.NO,
            note="内容具体,转责任单位。",
        )

    def _say_dispatch(self) -> None:
        actions.dispatch_case(self.case, by=self._party(Party.DISPATCHER), at=self.at, unit=self.units[self.story.unit])

    def _say_sign(self) -> None:
        actions.sign_case(self.case, by=self._party(Party.HANDLER), at=self.at)

    def _say_refuse(self) -> None:
        actions.refuse_case(
            self.case,
            by=self._party(Party.UNIT_SUPERVISOR),
            at=self.at,
            reason="该事项由其他单位负责。",
            limit=settings.REFUSALS_MAX,
        )

    def _say_accept_refusal(self) -> None:
        actions.accept_refusal(self.case, by=self._party(Party.SUPERVISOR), at=self.at, note="情况属实,改派。")

    def _say_deny_refusal(self) -> None:
        actions.deny_refusal(self.case, by=self._party(Party.SUPERVISOR), at=self.at, note="属该单位职责,请办理。")

    def _call(self, result: ContactResult, note: str) -> None:
        actions.record_contact(self.case, by=self._party(Party.HANDLER), at=self.at, result=result, note=note)

    def _say_ring(self) -> None:
        self._call(ContactResult.NO_ANSWER, "响铃未接")

    def _say_contact(self) -> None:
        self._call(ContactResult.REACHED, "已致歉,了解了经过和诉求。")

    def _say_ask_complex(self) -> None:
        actions.request_complex(
            self.case, by=self._party(Party.HANDLER), at=self.at, reason="涉及多个部门,需联合研究。"
        )

    def _say_approve_complex(self) -> None:
        actions.decide_complex(self.case, by=self._party(Party.SUPERVISOR), at=self.at, approved=True, note="同意。")

    def _say_ask_extension(self) -> None:
        due = self.case.deadlines.get(duty="rectify").due_at
        until = timezone.localdate(self.clock.after(due + timedelta(days=2), 1))
        actions.request_extension(
            self.case,
            by=self._party(Party.HANDLER),
            at=self.at,
            reason="指南需逐条核对,涉及上级系统。",
            until=until,
            limit=settings.EXTENSIONS_MAX,
        )

    def _say_approve_extension(self) -> None:
        actions.decide_extension(
            self.case, by=self._party(Party.SUPERVISOR), at=self.at, approved=True, note="同意延期一次。"
        )

    def _say_co(self, code: str) -> None:
        actions.add_co_handler(
            self.case, by=self._party(Party.HANDLER), at=self.at, unit=self.units[code], task="请就职责范围提出意见。"
        )

    def _say_co_answer(self, code: str) -> None:
        actions.answer_co_handling(
            self.case, by=self.people.supervisor[self.units[code].pk], at=self.at, answer="已核查,意见附后,配合办理。"
        )

    def _joint(self, kind: JointWork, place: str, result: str) -> None:
        actions.record_joint_work(
            self.case,
            by=self._party(Party.HANDLER),
            at=self.at,
            kind=kind,
            held_on=timezone.localdate(self.at),
            place=place,
            participants="牵头单位和协办单位有关负责人",
            result=result,
        )

    def _say_visit(self) -> None:
        self._joint(JointWork.VISIT, "评价人经营场所", "上门说明情况,核对材料。")

    def _say_study(self) -> None:
        self._joint(JointWork.STUDY, "市政务服务中心会议室", "研究收费标准依据和可行办法。")

    def _submit(self, kind: ReportKind) -> None:
        story = self.story
        explained = kind == ReportKind.EXPLAINED
        actions.submit_report(
            self.case,
            by=self._party(Party.HANDLER),
            at=self.at,
            findings=Findings(
                kind=kind,
                wrong=story.wrong,
                reply=story.reply,
                changed="" if explained else story.changed,
                prevention="列入每周检查,月底复核。",
                legal_basis="现行收费标准第五条(演示)" if explained else "",
            ),
        )

    def _say_report(self) -> None:
        self._submit(ReportKind.RECTIFIED)

    _say_rework_report = _say_report
    _say_escalated_report = _say_report

    def _say_explain(self) -> None:
        self._submit(ReportKind.EXPLAINED)

    def _say_return_report(self) -> None:
        actions.return_report(
            self.case, by=self._party(Party.UNIT_SUPERVISOR), at=self.at, note="没有写清怎样防止再发生。"
        )

    def _say_reply(self) -> None:
        actions.send_reply(self.case, by=self._party(Party.UNIT_SUPERVISOR), at=self.at, ticks=QUALITY_CHECKS)

    def _callback(self, result: ContactResult, answers: Answers | None) -> None:
        actions.record_callback(
            self.case,
            by=self._party(Party.CALLBACK),
            at=self.at,
            result=result,
            answers=answers,
            reworks_max=settings.REWORKS_MAX,
        )

    def _say_call_ok(self) -> None:
        self._callback(ContactResult.REACHED, Answers(True, True, Verdict.SATISFIED, False, False, "问题解决了,谢谢。"))

    def _say_call_unhappy(self) -> None:
        self._callback(ContactResult.REACHED, Answers(True, False, Verdict.UNSATISFIED, False, False, "还是老样子。"))

    def _say_call_missed(self) -> None:
        self._callback(ContactResult.NO_ANSWER, None)

    _say_call_missed_late = _say_call_missed

    def _say_give_up(self) -> None:
        actions.give_up_callback(
            self.case,
            by=self._party(Party.CALLBACK),
            at=self.at,
            attempts_min=settings.CALLBACK_ATTEMPTS_MIN,
            note="多次联系不上,已发短信。",
        )

    def _say_on_file(self) -> None:
        actions.verify_on_file(
            self.case,
            by=self._party(Party.SUPERVISOR),
            at=self.at,
            fixed=True,
            note="现场核查,整改属实。",
            reworks_max=settings.REWORKS_MAX,
        )

    def _say_close(self) -> None:
        actions.close_case(self.case, by=self._party(Party.SUPERVISOR), at=self.at, note="核实无误,同意销号。")

    def _say_reopen(self) -> None:
        actions.reopen_case(
            self.case,
            at=self.at,
            reason="昨天又去,窗口还是要五样。",
            within=timedelta(days=settings.REOPEN_DAYS),
            reworks_max=settings.REWORKS_MAX,
        )

    def _say_verdict_ok(self) -> None:
        follow_up(self.case, verdict=Verdict.SATISFIED, text="这次改好了。", at=self.at)

    def _say_verdict_bad(self) -> None:
        follow_up(self.case, verdict=Verdict.UNSATISFIED, text="还没解决。", at=self.at)

    def _say_supervise(self) -> None:
        actions.supervise_case(self.case, by=self._party(Party.SUPERVISOR), at=self.at, text="请加快办理并说明进展。")

    def _say_answer(self) -> None:
        actions.answer_supervision(self.case, by=self._party(Party.HANDLER), at=self.at, answer="已约定明天当面答复。")

    def _say_typical(self) -> None:
        actions.mark_typical(
            self.case, by=self._party(Party.SUPERVISOR), at=self.at, typical=True, note="可供各单位学习。"
        )

    def _say_draft(self, code: str) -> None:
        self.appeal = plead(self.case, code, by=self._party(Party.UNIT_SUPERVISOR), at=self.at)
        screen_exhibits(at=self.at)

    def _say_appeal(self, code: str) -> None:
        self._say_draft(code)
        self.appeal = file_appeal(self.appeal, by=self.appeal.by, at=self.at)

    def _say_contest(self, code: str) -> None:
        rated = self.case.rated_staff
        if rated is None:
            raise ValueError(f"nobody was rated: {self.story.text}")
        self.appeal = file_appeal(plead(self.case, code, by=rated, at=self.at), by=rated, at=self.at)

    def _say_hear(self) -> None:
        pleading.answer(self.appeal, "我有取号纸,九点零二分取号,十一点才叫到。", at=self.at)

    def _say_votes(self, words: str) -> None:
        decide(self.appeal, [Vote(word) for word in words.split(",")], at=self.at)

    def _say_two(self, words: str) -> None:
        decide(self.appeal, [Vote(word) for word in words.split(",")], at=self.at, silent=1)

    def _say_review(self) -> None:
        self.appeal = pleading.ask_review(self.appeal, at=self.at)

    def _say_settle(self, outcome: str) -> None:
        report = self.case.pressure_reports.filter(settled_at=None).get()
        seen = PressureReport.objects.filter(pk=report.pk)
        by = next(who for who in self.people.body(Role.CITY_SUPERVISOR) if seen.visible_to(who).exists())
        words = "已向评价人和窗口核实,记录在案。"
        actions.settle_pressure_report(report, by=by, at=self.at, outcome=PressureOutcome(outcome), finding=words)

    def _say_serve(self) -> None:
        ruling = Ruling.objects.get(appeal=self.appeal)
        by = self._party(Party.DISPATCHER)
        serve_ruling(self.appeal, by=by, at=self.at, text=ruling.text, plain=ruling.plain)

    def _say_pressure(self) -> None:
        actions.report_pressure(self.case, at=self.at, text="窗口打电话让我把差评改掉。")

    def _say_hide(self) -> None:
        actions.hide_text(self.case, at=self.at, hidden=True)
