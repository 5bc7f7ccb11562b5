"""Every act on a case as a row: which form it asks, which verb it ends in, and the words around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from identity.enums import Purpose
from identity.queries import known_names
from rectification import actions, casefile, forms, offers
from rectification.actions.clocks import latest_extension
from rectification.enums import Action
from rectification.models import Case
from rectification.replies import marked_only

Words = str | Promise
Matter = Callable[[Case], dict[str, Any]]


@dataclass(frozen=True)
class Act:
    """One act as a page.

    form: what it asks; `EmptyForm` makes it a button of its own.
    run: the verb, called with the form's arguments, who, when and the version seen.
    button, done: what the button on the case page says, and what is said afterwards.
    submit: what the form's own button says, where that is another word.
    given: arguments of the verb that are settings, by name.
    hint: what to know before filling it in.
    matter: the template of what the act is about, and `gather`, which reads it.
    purpose: why the evaluator may be called from this page.
    """

    form: type[forms.ActForm]
    run: Callable[..., Case]
    button: Words
    done: Words
    given: dict[str, str] = field(default_factory=dict)
    hint: Words = ""
    matter: str = ""
    gather: Matter = lambda case: {}
    purpose: Purpose | None = None
    submit: Words = ""
    door: str = ""

    @property
    def action(self) -> Action:
        return offers.DOORS[self.door]

    @property
    def asks_nothing(self) -> bool:
        return self.form is forms.EmptyForm

    def settings(self) -> dict[str, Any]:
        """The arguments that are set for the whole portal."""
        return {argument: getattr(settings, name) for argument, name in self.given.items()}


def _report(case: Case) -> dict[str, Any]:
    report = casefile.report_in_check(case)
    return {"report": report, "marks": marked_only(report.reply, known_names()) if report else []}


def _last_report(case: Case) -> dict[str, Any]:
    return {"report": casefile.last_report(case), "tries": list(case.contacts.select_related("by").order_by("-id")[:5])}


def _tries(case: Case) -> dict[str, Any]:
    return {"tries": list(case.contacts.select_related("by").order_by("-id")[:5])}


def _extension(case: Case) -> dict[str, Any]:
    due = casefile.rectify_deadline(case)
    waiting = casefile.waiting_request(case, Action.REQUEST_EXTENSION)
    return {"request_waiting": waiting, "due": due, "latest": latest_extension(due) if due else None}


def _complex(case: Case) -> dict[str, Any]:
    waiting = casefile.waiting_request(case, Action.REQUEST_COMPLEX)
    return {"request_waiting": waiting, "due": casefile.rectify_deadline(case)}


def _supervision(case: Case) -> dict[str, Any]:
    return {"supervision": case.supervisions.filter(answered_at=None).select_related("by").first()}


def _co_handling(case: Case) -> dict[str, Any]:
    parts = list(case.co_handlings.select_related("unit", "asked_by"))
    return {"parts": parts, "waiting": any(part.answered_at is None for part in parts)}


def _refusal(case: Case) -> dict[str, Any]:
    return {"refusal": case.events.filter(action=Action.REFUSE).order_by("-id").first()}


_ROWS: dict[str, Act] = {
    Action.PRECHECK: Act(
        forms.PrecheckForm,
        actions.precheck_case,
        _("预审"),
        _("预审已记录,请转办。"),
        hint=_("三项判断各自独立,都不影响转办:不属实、恶意由评审小组认定。"),
    ),
    Action.DISPATCH: Act(
        forms.DispatchForm, actions.dispatch_case, _("转办"), _("已转办。"), matter="refusal", gather=_refusal
    ),
    Action.SIGN: Act(forms.EmptyForm, actions.sign_case, _("签收"), _("已签收。")),
    Action.REFUSE: Act(
        forms.RefuseForm,
        actions.refuse_case,
        _("退回"),
        _("已退回,等督导单位决定。"),
        given={"limit": "REFUSALS_MAX"},
        hint=_("只在不属本单位职责时退回;原来的起算时间不变。"),
    ),
    Action.ACCEPT_REFUSAL: Act(
        forms.RequiredNoteForm,
        actions.accept_refusal,
        _("同意退回"),
        _("已同意退回,由转办专人改派。"),
        matter="refusal",
        gather=_refusal,
    ),
    Action.DENY_REFUSAL: Act(
        forms.RequiredNoteForm,
        actions.deny_refusal,
        _("不同意退回"),
        _("已退还原单位办理。"),
        matter="refusal",
        gather=_refusal,
    ),
    Action.ASSIGN_HANDLER: Act(forms.AssignForm, actions.assign_handler, _("指定经办人"), _("已指定经办人。")),
    Action.RECORD_CONTACT: Act(
        forms.ContactForm,
        actions.record_contact,
        _("联系评价人"),
        _("联系已记录。"),
        hint=_("先按下面的“呼叫”,由总机接通双方,号码不显示;再记下结果。接通或对方拒绝交谈即完成首次联系。"),
        matter="tries",
        gather=_tries,
        purpose=Purpose.CONTACT,
        submit=_("记录联系"),
    ),
    "start_without_contact": Act(
        forms.RequiredNoteForm,
        actions.start_without_contact,
        _("联系不上,直接整改"),
        _("可以开始整改。"),
        given={"attempts_min": "CALLBACK_ATTEMPTS_MIN"},
        matter="tries",
        gather=_tries,
    ),
    Action.REQUEST_COMPLEX: Act(
        forms.ReasonForm, actions.request_complex, _("申请列为复杂件"), _("申请已提交,等审批。")
    ),
    Action.DECIDE_COMPLEX: Act(
        forms.DecisionForm,
        actions.decide_complex,
        _("审批复杂件"),
        _("审批已记录。"),
        hint=_("同意后,整改期限从原来的起算时间按复杂件重新计算。"),
        matter="request",
        gather=_complex,
    ),
    Action.REQUEST_EXTENSION: Act(
        forms.ExtensionForm,
        actions.request_extension,
        _("申请延期"),
        _("申请已提交,等审批。"),
        given={"limit": "EXTENSIONS_MAX"},
        matter="request",
        gather=_extension,
    ),
    Action.DECIDE_EXTENSION: Act(
        forms.DecisionForm,
        actions.decide_extension,
        _("审批延期"),
        _("审批已记录。"),
        matter="request",
        gather=_extension,
    ),
    Action.ADD_CO_HANDLER: Act(
        forms.CoHandlerForm,
        actions.add_co_handler,
        _("请求协办"),
        _("已请该单位协办。"),
        hint=_("协办单位有自己的期限;牵头单位仍对全件负责。"),
        matter="parts",
        gather=_co_handling,
    ),
    Action.ANSWER_CO_HANDLING: Act(
        forms.AnswerForm,
        actions.answer_co_handling,
        _("协办反馈"),
        _("反馈已提交。"),
        matter="parts",
        gather=_co_handling,
    ),
    Action.RECORD_JOINT_WORK: Act(
        forms.JointWorkForm, actions.record_joint_work, _("记录上门服务或专题研究"), _("已记录。")
    ),
    Action.SUBMIT_REPORT: Act(
        forms.ReportForm,
        actions.submit_report,
        _("提交整改"),
        _("已提交,等主管质检。"),
        matter="parts",
        gather=_co_handling,
    ),
    Action.RETURN_REPORT: Act(
        forms.RequiredNoteForm,
        actions.return_report,
        _("退回修改"),
        _("已退回修改。"),
        hint=_("写明缺什么;期限照常计算。"),
        matter="report",
        gather=_report,
    ),
    Action.SEND_REPLY: Act(
        forms.QualityForm,
        actions.send_reply,
        _("质检并答复"),
        _("已答复评价人,等督导回访。"),
        matter="report",
        gather=_report,
    ),
    Action.RECORD_CALLBACK: Act(
        forms.CallbackForm,
        actions.record_callback,
        _("督导回访"),
        _("回访已记录。"),
        given={"reworks_max": "REWORKS_MAX"},
        matter="script",
        gather=_last_report,
        purpose=Purpose.CALLBACK,
        submit=_("保存回访记录"),
    ),
    "give_up_callback": Act(
        forms.RequiredNoteForm,
        actions.give_up_callback,
        _("记为联系不上"),
        _("已记为联系不上,待督导核销。"),
        given={"attempts_min": "CALLBACK_ATTEMPTS_MIN"},
        matter="tries",
        gather=_tries,
    ),
    Action.VERIFY_ON_FILE: Act(
        forms.OnFileForm,
        actions.verify_on_file,
        _("督导核查"),
        _("核查已记录。"),
        given={"reworks_max": "REWORKS_MAX"},
        matter="report",
        gather=_last_report,
    ),
    Action.ESCALATE: Act(
        forms.RequiredNoteForm,
        actions.escalate_case,
        _("提级督办"),
        _("已提级督办。"),
        hint=_("由督导单位牵头联动化解;各项期限照常计算。"),
    ),
    Action.CLOSE: Act(
        forms.NoteForm,
        actions.close_case,
        _("销号"),
        _("已销号。"),
        matter="outcome",
        gather=_last_report,
    ),
    Action.SUPERVISE: Act(
        forms.SuperviseForm,
        actions.supervise_case,
        _("督办"),
        _("督办已发出。"),
        hint=_("责任单位要在期限内回复。"),
    ),
    Action.ANSWER_SUPERVISION: Act(
        forms.AnswerForm,
        actions.answer_supervision,
        _("回复督办"),
        _("已回复。"),
        matter="supervision",
        gather=_supervision,
    ),
    Action.MARK_TYPICAL: Act(forms.TypicalForm, actions.mark_typical, _("典型案例"), _("已记录。")),
}

ACTS: dict[str, Act] = {str(door): replace(act, door=str(door)) for door, act in _ROWS.items()}
