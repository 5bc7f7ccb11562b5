"""Reviews, suggestions and sampled calls: one thing of every kind, and the doors that lead to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.core import signing

from common.models import OutboxMessage
from evaluations.actions import record_service
from evaluations.actions.calls import take_next
from evaluations.actions.reviews import invite_reviews, start_wave
from evaluations.actions.suggestions import answer_suggestion, code_of, sort_suggestion
from evaluations.enums import ServiceSource
from evaluations.enums.suggestions import SuggestionVerdict
from evaluations.models import Suggestion
from identity.actions import store_evaluator
from organizations.enums import Topic
from organizations.models import ServiceItem
from tests.authz.probing import NOTHING, Probe, fixed, held, types
from tests.factories import NOW
from tests.support.listening import DAY, TODAY, questionnaire, rated, script, suggestion, survey

if TYPE_CHECKING:
    from tests.authz.world import Principal, World

NONCE = "suggested"


class Listening:
    """What the portal hears beside ratings; the unit of all that has been sorted is ours, but for one."""

    def __init__(self, world: World) -> None:
        cast = world.cast
        ServiceItem.objects.filter(pk=cast.item.pk).update(topics=[Topic.ONE_GO])
        self.questionnaire = questionnaire(cast)
        self.draft = questionnaire(cast, "draft", started=False)
        self.question = self.draft.questions.all()[0]
        self.review_link = self._invited(world)
        self.suggestions = self._suggestions(world)
        self.code = code_of(NONCE)
        script(cast)
        for number in range(3):
            rated(cast, 5, phone=f"1380000100{number}")
        self.plan = survey(cast, 3)
        call = take_next(by=cast.zhao, at=NOW)
        assert call is not None
        self.call = call

    def _invited(self, world: World) -> str:
        at = NOW - 2 * DAY
        record_service(
            source=ServiceSource.HALL,
            project_number=uuid.uuid4().hex,
            item=world.cast.item,
            unit=world.unit,
            served_at=at,
            at=at,
            contact=store_evaluator(phone="13800000031", consent_version="test", at=at),
        )
        start_wave(
            self.questionnaire, first_day=TODAY - 3 * DAY, last_day=TODAY - DAY, most=1, by=world.cast.qian, at=NOW
        )
        assert invite_reviews(at=NOW) == 1
        return OutboxMessage.objects.get(kind="citizen.review").body.rsplit("/v/", 1)[1]

    def _suggestions(self, world: World) -> dict[str, Suggestion]:
        lin = world.cast.lin

        def sorted_to(unit: Any) -> Suggestion:
            return sort_suggestion(suggestion(), by=lin, at=NOW, unit=unit)

        adopted = answer_suggestion(
            sorted_to(world.unit),
            by=world.supervisor,
            at=NOW,
            verdict=SuggestionVerdict.ADOPTED,
            reasons="有道理",
            planned_on=TODAY + 30 * DAY,
        )
        return {
            "received": suggestion(nonce=NONCE),
            "sorted": sorted_to(world.unit),
            "adopted": adopted,
            "elsewhere": sorted_to(world.cast.other_unit),
        }

    def number(self, about: str) -> str:
        return self.suggestions[about].number if about in self.suggestions else "2222-2222"


SUGGESTED = {"text": "表单范本看不懂", "dimension": "online"}
PUBLIC = {"text": "表单难懂", "reasons": "有道理", "result": ""}
# act: the suggestion it waits on, who is rightful, and what they would type
ACTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "sort": ("received", "dispatcher", {"unit": "芝罘区公安局"}),
    "merge": ("received", "dispatcher", {"main": ""}),
    "set_aside": ("received", "dispatcher", {"note": "属于个案,请走投诉渠道"}),
    "hand_back": ("sorted", "supervisor", {"note": "不属本单位"}),
    "answer": ("sorted", "supervisor", {"verdict": "declined", "reasons": "法规不允许"}),
    "record_result": ("adopted", "supervisor", {"result": "已改", "changed_on": "2026-11-23"}),
    "publish": ("adopted", "dispatcher", PUBLIC),
}


def heard_citizens() -> Iterator[Probe]:
    """The sheet, its invitation, and suggestions."""
    liked = types(level="5")
    yield Probe("review", "open", fixed("one-go"), "citizen", liked)
    yield Probe("review", "draft", fixed("draft"), "", liked)
    invited = held(lambda w: w.listening.review_link, lambda w: w.link)
    yield Probe("review-invited", "", invited, "citizen", liked)
    yield Probe("suggest", "", NOTHING, "citizen", types(**SUGGESTED))
    receipt = held(lambda w: signing.dumps(NONCE, salt="suggestion"), lambda w: signing.dumps(NONCE, salt="receipt"))
    yield Probe("suggestion-receipt", "", receipt)
    yield Probe("suggestion-status", "", _numbered("received"), cookie="suggestion")
    yield Probe("public-suggestions")


def heard_at_desk() -> Iterator[Probe]:
    """The lists, every act on a suggestion, questionnaires, plans and calls."""
    for name in ("voices", "reviews", "suggestions", "surveys", "calls"):
        yield Probe(name)
    for about in ("received", "sorted", "elsewhere", "unknown"):
        yield Probe("suggestion", about, _numbered(about))
    for act, (about, rightful, words) in ACTS.items():
        yield _act(act, about, rightful, words)
    for about in ("elsewhere", "unknown"):
        yield _act("answer", about, "", ACTS["answer"][2])
    yield _act("nonsense", "sorted", "", {})
    yield from _questionnaires()
    yield from _surveys()


def _numbered(about: str, *more: str) -> Any:
    return lambda world, who: [world.listening.number(about), *more]


def _act(act: str, about: str, rightful: str, words: dict[str, Any]) -> Probe:
    def typed(world: World, who: Principal) -> dict[str, Any]:
        more = {"main": world.listening.number("sorted")} if act == "merge" else {}
        return {"seen": _version(world, about), **words, **more}

    return Probe("suggestion-act", f"{act}@{about}", _numbered(about, act), rightful, typed)


def _version(world: World, about: str) -> int:
    return world.listening.suggestions[about].version if about in world.listening.suggestions else 0


def _questionnaires() -> Iterator[Probe]:
    heading = {"title": "新标题", "topic": "one_go", "intro": ""}
    asked = {"dimension": "online", "kind": "yes_no", "text": "网上能办吗?", "required": ""}
    wave = {"first_day": "2026-11-16", "last_day": "2026-11-20", "most": "5"}
    yield Probe("review-add", "", NOTHING, "city", types(code="new", purpose="review", **heading))
    yield Probe("review-page", "open", fixed("one-go", 1))
    yield Probe("review-page", "unknown", fixed("nothing", 1))
    yield Probe("review-edit", "", fixed("draft", 1), "city", types(**heading))
    yield Probe("review-question", "", fixed("draft", 1), "city", types(**asked))
    removed = lambda world, who: ["draft", 1, world.listening.question.pk]  # noqa: E731
    yield Probe("review-question-remove", "", removed, "", types(x="1"))
    yield Probe("review-wave", "", fixed("one-go", 1), "city", types(**wave))
    yield Probe("review-results", "", fixed("one-go", 1))
    for verb, code in (("start", "draft"), ("close", "one-go"), ("revise", "one-go"), ("nonsense", "one-go")):
        yield Probe("review-act", verb, fixed(code, 1, verb), "", types(x="1"))


def _surveys() -> Iterator[Probe]:
    plan = lambda world, who: [world.listening.plan.pk]  # noqa: E731
    ordered = {"name": "抽访", "basis": "ratings", "first_day": "2026-11-16", "last_day": "2026-11-23"}
    yield Probe("survey-add", "", NOTHING, "city", _ordered(ordered))
    for name in ("survey", "survey-calls", "survey-results"):
        yield Probe(name, "", plan)
    yield Probe("survey-close", "", plan, "", types(x="1"))
    yield Probe("call-next", "", NOTHING, "", types(x="1"))
    one = lambda world, who: [world.listening.call.pk]  # noqa: E731
    yield Probe("sampled-call", "", one, "callback", types(result="no_answer"))
    yield Probe("sampled-call", "unknown", fixed(999999))
    for name in ("call-ring", "call-release"):
        yield replace(Probe(name, "", one), typed=types(x="1"))


def _ordered(words: dict[str, str]) -> Any:
    def typed(world: World, who: Principal) -> dict[str, Any]:
        return {**words, "script": world.listening.plan.questionnaire_id, "size": "3", "method": "random"}

    return typed
