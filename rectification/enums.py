from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(IntegerChoices):
    """满意度 (国办发〔2019〕51号). The last two are 差评."""

    VERY_SATISFIED = 5, _("非常满意")
    SATISFIED = 4, _("满意")
    FAIR = 3, _("基本满意")
    DISSATISFIED = 2, _("不满意")
    VERY_DISSATISFIED = 1, _("非常不满意")


class Source(TextChoices):
    """Where a case came from; a case need not have a rating."""

    RATING = "rating", _("差评")
    HOTLINE = "hotline", _("热线")
    INSPECTION = "inspection", _("督查")
    SURVEY = "survey", _("电话抽访")
    TEST = "test", _("系统自检")


class Target(TextChoices):
    """被评价对象 (domain.md §3.4)."""

    SERVICE = "service", _("办件")
    GUIDE = "guide", _("办事指南")
    PERSON = "person", _("窗口人员")
    WINDOW = "window", _("窗口")
    HALL = "hall", _("大厅")
    PLATFORM = "platform", _("平台网站")
    HOTLINE = "hotline", _("热线")
    TOPIC = "topic", _("改革专题")
    OVERALL = "overall", _("政务服务总体")


class State(TextChoices):
    """案件状态 (domain.md §6). The allowed steps between them are `workflow.TRANSITIONS`."""

    RECEIVED = "received", _("待预审")
    PRECHECKED = "prechecked", _("待转办")
    DISPATCHED = "dispatched", _("待签收")
    REFUSED = "refused", _("退回待定")
    SIGNED = "signed", _("待联系")
    RECTIFYING = "rectifying", _("整改中")
    CHECKING = "checking", _("待质检")
    REPLIED = "replied", _("已答复待回访")
    REWORK = "rework", _("二次整改")
    ESCALATED = "escalated", _("提级督办")
    VERIFIED = "verified", _("待销号")
    UNREACHABLE = "unreachable", _("联系不上待核销")
    SUSPENDED = "suspended", _("申诉中")
    CLOSED = "closed", _("已销号")
    INVALID = "invalid", _("认定无效")


FINAL_STATES = frozenset({State.CLOSED, State.INVALID})
OPEN_STATES = frozenset(State) - FINAL_STATES
# Received, invalid and effective 差评 are three numbers: a case in one of these states is received and not effective.
VOID_STATES = frozenset({State.INVALID})
UNIT_STATES = frozenset(
    {State.DISPATCHED, State.SIGNED, State.RECTIFYING, State.CHECKING, State.REWORK, State.ESCALATED}
)


class Stage(TextChoices):
    """The four public stages of the city's closed loop: 评价 → 转办 → 整改 → 答复."""

    RATED = "rated", _("评价")
    DISPATCHED = "dispatched", _("转办")
    RECTIFYING = "rectifying", _("整改")
    REPLIED = "replied", _("答复")


class Complexity(TextChoices):
    SIMPLE = "simple", _("一般")
    COMPLEX = "complex", _("复杂")


class Outcome(TextChoices):
    """How a case ended. 解释说明 is lawful in its own right (国办发〔2019〕51号), neither 已整改 nor 无效."""

    RECTIFIED = "rectified", _("已整改")
    EXPLAINED = "explained", _("解释说明")
    INVALID = "invalid", _("认定无效")


class Verification(TextChoices):
    """Who or what confirmed the outcome before 销号."""

    CALLBACK = "callback", _("督导回访")
    CITIZEN = "citizen", _("评价人再次评价")
    UNREACHABLE = "unreachable", _("多次联系不上")
    ON_FILE = "on_file", _("无联系方式,督导核查")


class Verdict(TextChoices):
    """整改满意度, three levels (domain.md §8)."""

    SATISFIED = "satisfied", _("满意")
    ACCEPTABLE = "acceptable", _("基本满意")
    UNSATISFIED = "unsatisfied", _("不满意")


class Judgement(TextChoices):
    """One of the three separate judgements of 预审: 属实, 合理, 恶意."""

    YES = "yes", _("是")
    NO = "no", _("否")
    UNCLEAR = "unclear", _("待核实")


class Party(TextChoices):
    """In what capacity somebody stands towards one case; computed by `access.parties`."""

    HANDLER = "handler", _("办理人员")
    UNIT_SUPERVISOR = "unit_supervisor", _("部门主管")
    CO_HANDLER = "co_handler", _("协办单位")
    DISPATCHER = "dispatcher", _("转办专人")
    CALLBACK = "callback", _("回访员")
    SUPERVISOR = "supervisor", _("督导")
    CITIZEN = "citizen", _("评价人")
    PANEL = "panel", _("评审小组")
    SYSTEM = "system", _("系统")


class Action(TextChoices):
    """Every act on a case. The rows of `workflow.TRANSITIONS` say who may do it, when, and what it moves."""

    OPEN = "open", _("接收")
    PRECHECK = "precheck", _("预审")
    DISPATCH = "dispatch", pgettext_lazy("act", "转办")
    SIGN = "sign", _("签收")
    REFUSE = "refuse", _("退回")
    ACCEPT_REFUSAL = "accept_refusal", _("同意退回")
    DENY_REFUSAL = "deny_refusal", _("不同意退回")
    ASSIGN_HANDLER = "assign_handler", _("指定经办人")
    RECORD_CONTACT = "record_contact", _("记录联系")
    REQUEST_COMPLEX = "request_complex", _("申请列为复杂")
    DECIDE_COMPLEX = "decide_complex", _("审批复杂件")
    REQUEST_EXTENSION = "request_extension", _("申请延期")
    DECIDE_EXTENSION = "decide_extension", _("审批延期")
    ADD_CO_HANDLER = "add_co_handler", _("请求协办")
    ANSWER_CO_HANDLING = "answer_co_handling", _("协办反馈")
    RECORD_JOINT_WORK = "record_joint_work", _("记录上门服务或专题研究")
    SUBMIT_REPORT = "submit_report", _("提交整改")
    RETURN_REPORT = "return_report", _("退回修改")
    SEND_REPLY = "send_reply", _("质检并答复")
    RECORD_CALLBACK = "record_callback", _("督导回访")
    VERIFY_ON_FILE = "verify_on_file", _("督导核查")
    RECORD_VERDICT = "record_verdict", _("评价人再次评价")
    REOPEN = "reopen", _("评价人反映未解决")
    ESCALATE = "escalate", _("提级督办")
    CLOSE = "close", _("销号")
    SUPERVISE = "supervise", _("督办")
    ANSWER_SUPERVISION = "answer_supervision", _("督办回复")
    MARK_TYPICAL = "mark_typical", _("标为典型案例")
    ADD_STATEMENT = "add_statement", _("评价人补充说明")
    HIDE_TEXT = "hide_text", _("评价人撤下公开文字")
    REPORT_PRESSURE = "report_pressure", _("评价人反映被要求改评价")
    SUSPEND = "suspend", _("暂停(申诉)")
    RESUME = "resume", _("恢复办理")
    VOID = "void", _("认定无效")
    MOVE_ON = "move_on", _("改由他单位办理")
    RESTORE = "restore", _("恢复有效(复核)")
    VOID_TEST = "void_test", _("自检完成")
    HAND_OVER = "hand_over", _("移交经办人")
    RECOMPUTE = "recompute", _("按工作日历重算期限")


# What makes a 差评 void; the last of these and RESTORE says whether it is.
VOIDS = frozenset({Action.VOID, Action.VOID_TEST})


class Duty(TextChoices):
    """A clock that runs for somebody. How many days is a row of `DutyRule`, never code."""

    DISPATCH = "dispatch", _("预审转办")
    SIGN = "sign", _("签收")
    CONTACT = "contact", _("首次联系")
    RECTIFY = "rectify", _("整改答复")
    REWORK = "rework", _("二次整改")
    CO_HANDLE = "co_handle", _("协办反馈")
    CALLBACK = "callback", _("督导回访")
    SIGN_OFF = "sign_off", _("销号")
    SUPERVISION = "supervision", _("督办回复")
    APPEAL = "appeal", _("申诉裁定")
    # Limits that no row runs for: they are looked at when an appeal or its review is filed.
    APPEAL_FILE = "appeal_file", _("提出申诉")
    REVIEW_FILE = "review_file", _("申请复核")


# A case may be supervised or contested more than once in a round; every other duty runs once.
MAY_RUN_AGAIN = frozenset({Duty.SUPERVISION, Duty.APPEAL})


class TimeUnit(TextChoices):
    WORKING_DAYS = "wd", _("工作日")
    NATURAL_DAYS = "nd", _("自然日")
    HOURS = "h", _("小时")


class WarningKind(TextChoices):
    """预警 (domain.md §5.1): at half time, one working day before, overdue. Each once per due."""

    HALF = "half", _("时间过半")
    DAY_BEFORE = "day_before", _("明天到期")
    OVERDUE = "overdue", _("已逾期")


class ContactKind(TextChoices):
    UNIT = "unit", _("办理单位联系")
    CALLBACK = "callback", _("督导回访")


class ContactResult(TextChoices):
    REACHED = "reached", _("接通")
    NO_ANSWER = "no_answer", _("未接")
    REFUSED = "refused", _("拒绝交谈")
    WRONG_NUMBER = "wrong_number", _("号码有误")


class ReportKind(TextChoices):
    RECTIFIED = "rectified", _("整改")
    EXPLAINED = "explained", _("解释说明")


class Standing(TextChoices):
    """How the most urgent running deadline of a case stands."""

    IN_TIME = "in_time", _("未到期")
    SOON = "soon", _("一天内到期")
    LATE = "late", _("逾期五天内")
    VERY_LATE = "very_late", _("逾期五天以上")
    RUNNING = "running", _("期限在走")


class JointWork(TextChoices):
    VISIT = "visit", _("上门服务")
    STUDY = "study", _("专题研究")
    MEETING = "meeting", _("联合会商")


class Evidence(TextChoices):
    BEFORE = "before", _("整改前")
    AFTER = "after", _("整改后")
    CITIZEN = "citizen", _("评价人补充")


class PressureKind(TextChoices):
    """How it became known that an evaluator may have been pressed."""

    REPORTED = "reported", _("评价人反映")
    CALLBACK = "callback", _("回访中说到")
    WITHDRAWAL = "withdrawal", _("单位联系后撤回或改口")


class PressureOutcome(TextChoices):
    """核查结果 of a report of pressure."""

    FOUND = "found", _("属实")
    PARTLY = "partly", _("部分属实")
    NOT_FOUND = "not_found", _("不属实")
    UNPROVEN = "unproven", _("无法查实")
