"""演示: what the city hears besides ratings: a review with its sheets, a dozen suggestions, a small survey.

Four of the suggestions are those of the city's own report (“工改系统”, 表单范本, “证照共享”控件, 省里下放的数据); all
words, people and numbers are invented.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from evaluations.actions import Rated, Words, record_service, submit_evaluation
from evaluations.actions.calls import Heard, record_attempt, take_next
from evaluations.actions.drawing import Design, draw_samples, order_draw
from evaluations.actions.questionnaires import Heading, add_question, draft_questionnaire, start_questionnaire
from evaluations.actions.reviews import invite_reviews, start_wave, submit_review
from evaluations.actions.suggestions import (
    Proposal,
    PublicWords,
    answer_suggestion,
    merge_suggestion,
    publish_suggestion,
    record_suggestion_result,
    set_aside_suggestion,
    sort_suggestion,
    submit_suggestion,
)
from evaluations.enums import Origin, RatingChannel, ServiceSource
from evaluations.enums.reviews import Dimension, Purpose, QuestionKind
from evaluations.enums.suggestions import SuggestionVerdict
from evaluations.enums.surveys import CallOutcome, SampleBasis, SampleMethod
from evaluations.models import Questionnaire, Service, Suggestion
from identity.actions import store_evaluator
from organizations.enums import Topic
from organizations.models import Staff, Unit

if TYPE_CHECKING:
    from reviews_portal.demo.city import City

DAY = timedelta(days=1)
D, K, V = Dimension, QuestionKind, SuggestionVerdict

REVIEW = (
    (D.CONVENIENCE, K.SCALE, "少跑了路、少交了材料吗?"),
    (D.CONVENIENCE, K.YES_NO, "是不是一次就办好了?"),
    (D.ONLINE, K.SCALE, "网上填表、上传材料顺不顺?"),
    (D.ONLINE, K.YES_NO, "在网上能一次提交成功吗?"),
    (D.HUMANITY, K.SCALE, "遇到不会的,有人帮吗?"),
    (D.HUMANITY, K.TEXT, "还有哪里不方便?"),
)
SCRIPT = (
    (D.CONVENIENCE, K.YES_NO, "这件事是一次办成的吗?"),
    (D.ONLINE, K.SCALE, "如果在网上办过,顺不顺?"),
    (D.HUMANITY, K.SCALE, "工作人员说得清楚吗?"),
    (D.OTHER, K.YES_NO, "有人要求您给好评吗?"),
)
# level, unit, answers in the order of REVIEW (None: left open)
SHEETS: tuple[tuple[int, str, tuple[int | str | None, ...]], ...] = (
    (5, "370600-SPJ", (5, 1, 5, 1, 5, None)),
    (5, "370600-SPJ", (5, 1, 4, 1, 5, None)),
    (4, "370600-SPJ", (4, 1, 3, 0, 4, "上传图片要压缩,不知道怎么弄。")),
    (5, "370600-GAJ", (5, 1, None, None, 5, None)),
    (4, "370600-GAJ", (4, 0, 3, None, 4, None)),
    (5, "370600-RSJ", (5, 1, 5, 1, 4, None)),
    (3, "370600-RSJ", (3, 0, 2, 0, 3, "同样的信息填了三遍。")),
    (5, "370600-SJJ", (5, 1, 5, 1, None, None)),
    (4, "370600-ZGJ", (4, 1, 4, 1, 4, None)),
    (5, "", (None, None, None, None, None, None)),
    (4, "", (4, None, 4, None, None, None)),
    (2, "370600-ZJJ", (2, 0, 1, 0, 2, "工改系统申报到一半总退出。")),
)


@dataclass(frozen=True)
class Idea:
    """A suggestion and how far it has come: a script of sort, answer:verdict, result, publish, aside, merge."""

    text: str
    dimension: Dimension
    unit: str = ""
    script: str = ""
    answer: str = ""
    result: str = ""
    days_ago: int = 40
    phone: bool = False


IDEAS = (
    Idea(
        "工程建设项目申报,“工改系统”里企业信息要反复填,能不能自动带出来?",
        D.ONLINE,
        "370600-ZJJ",
        "sort answer:adopted result publish",
        "采纳。企业基本信息由系统自动带出,不再重复填写。",
        "优化“工改系统”,企业名称、信用代码、法定代表人自动带出。",
        70,
        True,
    ),
    Idea(
        "网上的表单范本看不懂,请按真实的例子重新做一套。",
        D.ONLINE,
        "370600-SPJ",
        "sort answer:adopted result publish",
        "采纳。按高频事项重新设计范本,逐项标注。",
        "重新设计了政务服务平台表单范本,先换了六十个事项。",
        66,
    ),
    Idea(
        "办事还要带营业执照复印件,系统里不是有吗?",
        D.CONVENIENCE,
        "370600-DSJ",
        "sort answer:adopted result publish",
        "采纳。研发“证照共享”控件,窗口直接调用电子证照。",
        "“证照共享”控件上线,十二类证照不再收复印件。",
        60,
        True,
    ),
    Idea(
        "省里下放的数据各部门各用各的,查不到的还得自己去开证明。",
        D.CONVENIENCE,
        "370600-DSJ",
        "sort answer:partly publish",
        "部分采纳。先梳理省里下放的数据,成熟一批开放一批。",
        days_ago=30,
    ),
    Idea(
        "大厅里给老人留几个不用取号的窗口吧。", D.HUMANITY, "370600-SPJ", "sort answer:adopted", "采纳。", "", 20, True
    ),
    Idea(
        "希望居住证不用本人来,亲戚代办也行。",
        D.CONVENIENCE,
        "370600-GAJ",
        "sort answer:declined publish",
        "未采纳。居住证须由本人申领,代办依据不足;行动不便的可以预约上门。",
        days_ago=25,
    ),
    Idea(
        "社保查询页面字太小。",
        D.ONLINE,
        "370600-RSJ",
        "sort answer:adopted",
        "采纳,下月改版时一并放大。改版前看不清的,可打服务台0535-6000000。",
        days_ago=12,
    ),
    Idea("医保窗口中午能不能有人?", D.HUMANITY, "370600-YBJ", "sort", days_ago=4, phone=True),
    Idea("公积金提取能不能在手机上刷脸?", D.ONLINE, "370600-GJJ", "sort", days_ago=2),
    Idea("工改系统里企业信息要反复填,请自动带出来。", D.ONLINE, script="merge", days_ago=30, phone=True),
    Idea("加微信低价代办各类证照", D.OTHER, script="aside", days_ago=8),
    Idea("大厅停车位太少,能不能和旁边商场合用?", D.CONVENIENCE, days_ago=0),
)
# What people say on the telephone, call after call: None does not answer, 0 does not want to talk.
SAID = (5, 5, 4, 5, None, 4, 5, 0, 1, 5, 4, 5)


def listen(city: City) -> None:
    """Builds all of it, each act by the person whose act it is, at a moment that has passed."""
    _review(city)
    suggest(city, IDEAS)
    _survey(city)


def _moment(city: City, days_ago: int, hour: int = 10, minute: int = 30) -> datetime:
    """A moment of some day before today; today: half an hour ago."""
    if days_ago == 0:
        return city.now - timedelta(minutes=30)
    return timezone.localtime(city.now - days_ago * DAY).replace(hour=hour, minute=minute, second=0, microsecond=0)


def _nonce(city: City) -> str:
    return uuid.UUID(int=city.random.getrandbits(128)).hex


def _questionnaire(
    city: City, code: str, heading: Heading, purpose: Purpose, asked: tuple[tuple[Dimension, QuestionKind, str], ...]
) -> Questionnaire:
    qian, at = city.people.by_account["qian"], _moment(city, 45)
    made = draft_questionnaire(code, heading, purpose=purpose, by=qian, at=at)
    for dimension, kind, text in asked:
        add_question(made, dimension=dimension, kind=kind, text=text, by=qian, at=at)
    start_questionnaire(made, by=qian, at=at)
    made.refresh_from_db()
    return made


def _review(city: City) -> None:
    heading = Heading("“一次办好”改得怎么样", Topic.ONE_GO, "两分钟,说说这项改革。不用登录,不问您是谁。")
    made = _questionnaire(city, "one-go", heading, Purpose.REVIEW, REVIEW)
    questions = list(made.questions.all())
    for number, (level, code, answers) in enumerate(SHEETS):
        given = [(question, value) for question, value in zip(questions, answers, strict=True) if value is not None]
        tags = city.tags[level][:1] if level < 3 else []
        submit_review(
            made,
            Words(level=level, tags=tags),
            given,
            nonce=_nonce(city),
            at=_moment(city, 22 - 2 * number, 15),
            unit=city.units.get(code),
        )
    qian = city.people.by_account["qian"]
    for number in range(4):
        _service(city, city.units["370600-SPJ"], _moment(city, 3), f"1380001{number:04d}")
    first, last = (timezone.localdate(city.now) - n * DAY for n in (7, 1))
    start_wave(made, first_day=first, last_day=last, most=50, by=qian, at=_moment(city, 1))
    invite_reviews(at=_moment(city, 1))


def _service(city: City, unit: Unit, at: datetime, phone: str = "") -> Service:
    """A service of a matter of the reform, if the unit has one."""
    items = city.items_of(unit)
    contact = store_evaluator(phone=phone, consent_version=settings.CONSENT_VERSION, at=at) if phone else None
    return record_service(
        source=ServiceSource.HALL,
        project_number=f"{unit.region.code[:6]}{at:%Y%m%d}{next(city.numbers):06d}",
        item=next((item for item in items if Topic.ONE_GO in item.topics), items[0]),
        unit=unit,
        served_at=at,
        at=at,
        contact=contact,
    )


def suggest(city: City, ideas: Sequence[Idea], *, first: int = 0) -> None:
    """Hands in suggestions and takes each as far as its script goes.

    Args:
        first: from which number on their invented telephones run.
    """
    made: list[Suggestion] = []
    for number, idea in enumerate(ideas, first):
        phone = f"1380002{number:04d}" if idea.phone else ""
        proposal = Proposal(text=idea.text, dimension=idea.dimension, phone=phone)
        one = submit_suggestion(proposal, nonce=_nonce(city), at=_moment(city, idea.days_ago, 9))
        made.append(one)
        for step, word in enumerate(idea.script.split(), 1):
            at = min(_moment(city, idea.days_ago) + step * DAY, city.now - timedelta(minutes=5))
            made[-1] = _do(city, idea, made[-1], word, at, main=made[0])


def _do(city: City, idea: Idea, one: Suggestion, word: str, at: datetime, *, main: Suggestion) -> Suggestion:
    """One word of a script."""
    lin = city.people.by_account["lin"]
    verb, _, verdict = word.partition(":")
    if verb == "sort":
        return sort_suggestion(one, by=lin, at=at, unit=city.units[idea.unit])
    if verb == "merge":
        return merge_suggestion(one, by=lin, at=at, main=main, note="与前一条内容相同。")
    if verb == "aside":
        return set_aside_suggestion(one, by=lin, at=at, note="是广告,不是建议。")
    if verb == "publish":
        words = PublicWords(one.text, one.reasons, one.result)
        return publish_suggestion(one, by=lin, at=at, words=words)
    head, today = city.people.supervisor[city.units[idea.unit].pk], timezone.localdate(at)
    if verb == "result":
        return record_suggestion_result(one, by=head, at=at, result=idea.result, changed_on=today)
    planned = None if verdict == V.DECLINED else _planned(today)
    return answer_suggestion(one, by=head, at=at, verdict=V(verdict), reasons=idea.answer, planned_on=planned)


def _planned(day: date) -> date:
    return day + 60 * DAY


def _survey(city: City) -> None:
    heading = Heading("满意度电话访问", intro="一共五个问题,您想答哪个答哪个。")
    script = _questionnaire(city, "phone", heading, Purpose.SURVEY, SCRIPT)
    units = [city.units[code] for code in ("370600-GAJ", "370600-RSJ", "370600-YBJ", "370600-SJJ")]
    for number in range(24):
        unit = units[number % 4 if number > 11 else 0]
        at = _moment(city, 6 + number % 9, 9 + number % 7)
        level = 3 if number % 12 == 11 else 4 if number % 5 == 4 else 5
        submit_evaluation(
            Rated.of(_service(city, unit, at - timedelta(minutes=20))),
            Words(level=level, phone=f"1380003{number:04d}"),
            channel=RatingChannel.SLIP,
            origin=Origin.ACTIVE,
            at=at,
            nonce=_nonce(city),
        )
    first, last = (timezone.localdate(city.now) - n * DAY for n in (20, 5))
    design = Design("好差评满意度抽访(演示)", SampleBasis.RATINGS, first, last, 16, SampleMethod.STRATIFIED, 2)
    order_draw(design, script, by=city.people.by_account["qian"], at=_moment(city, 2), seed=20261123)
    draw_samples(at=_moment(city, 2))
    _ring(city, script, city.people.by_account["zhao"])


def _ring(city: City, script: Questionnaire, zhao: Staff) -> None:
    """A morning of calls, yesterday."""
    questions = list(script.questions.all())
    for number, level in enumerate(SAID):
        at = _moment(city, 1, 10) + number * timedelta(minutes=6)
        call = take_next(by=zhao, at=at)
        if call is None:
            return
        if not level:
            outcome = CallOutcome.NO_ANSWER if level is None else CallOutcome.REFUSED
            record_attempt(call, by=zhao, at=at, outcome=outcome)
            continue
        bad = level < 3
        answers = [(questions[0], 0 if bad else 1), (questions[2], level), (questions[3], 0)]
        words = "当时人多不好意思,其实材料补了三次。" if bad else ""
        # The lot may fall on somebody whose bad rating opened a case at the time; there is none beside it.
        known = call.evaluation is not None and call.evaluation.case_id is not None
        heard = Heard(level=level, answers=answers, words=words, opens_case=bad and not known)
        record_attempt(call, by=zhao, at=at, outcome=CallOutcome.REACHED, heard=heard)
