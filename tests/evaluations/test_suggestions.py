"""意见建议: from the first word to what changed, with every refusal on the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings as portal
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone

from common.models import AuditEntry, Notice, OutboxMessage
from evaluations.actions.suggestions import (
    Conflict,
    PublicWords,
    answer_suggestion,
    code_of,
    hand_back_suggestion,
    merge_suggestion,
    publish_suggestion,
    record_suggestion_result,
    set_aside_suggestion,
    sort_suggestion,
)
from evaluations.enums.suggestions import SuggestionAct, SuggestionStage, SuggestionVerdict
from evaluations.models import Suggestion, SuggestionEvent
from evaluations.queries.suggestions import (
    counts,
    followed,
    funnel,
    in_view,
    possible_doubles,
    public_suggestions,
    tracked_suggestion,
    views_of,
)
from evaluations.workflow import NotAllowed
from identity.models import Evaluator
from organizations.actions import Refused
from organizations.actions.structure import close_unit
from organizations.models import Unit
from tests.factories import NOW, Cast
from tests.support.listening import DAY, TODAY, suggestion

pytestmark = pytest.mark.django_db
V, S = SuggestionVerdict, SuggestionStage
NEXT_MONTH = TODAY + 30 * DAY


def sorted_one(cast: Cast, **more: object) -> Suggestion:
    return sort_suggestion(suggestion(**more), by=cast.lin, at=NOW, unit=cast.unit)  # type: ignore[arg-type]


def answered(cast: Cast, verdict: V = V.ADOPTED, **more: object) -> Suggestion:
    return answer_suggestion(
        sorted_one(cast, **more),
        by=cast.zheng,
        at=NOW + DAY,
        verdict=verdict,
        reasons="范本确实难懂,重新设计。",
        planned_on=None if verdict == V.DECLINED else NEXT_MONTH,
    )


def done(cast: Cast, **more: object) -> Suggestion:
    return record_suggestion_result(
        answered(cast, **more), by=cast.zheng, at=NOW + 20 * DAY, result="重新设计了范本", changed_on=TODAY + 19 * DAY
    )


def test_the_whole_way(cast: Cast) -> None:
    one = done(cast, phone="13800000001")
    assert one.stage == S.DONE
    history = list(one.events.values_list("action", "from_stage", "to_stage", "actor_name"))
    assert history == [
        ("submit", "", "received", "评价人"),
        ("sort", "received", "sorted", "林转办"),
        ("answer", "sorted", "answered", "郑主管"),
        ("record_result", "answered", "done", "郑主管"),
    ]
    assert AuditEntry.objects.filter(object_type="suggestion", object_id=one.number).count() == 4
    publish_suggestion(one, by=cast.lin, at=NOW + 21 * DAY, words=PublicWords("a", "b", "c"))
    assert list(public_suggestions(adopted=True)) == [one]
    assert funnel().steps == [("收到", 1), ("分办", 1), ("答复", 1), ("采纳", 1), ("落实", 1)]


def test_what_somebody_left_goes_to_the_vault(cast: Cast) -> None:
    one = suggestion(phone="138 0000 0001")
    assert one.contact == Evaluator.objects.get()
    assert not AuditEntry.objects.filter(after__icontains="13800000001").exists()
    assert suggestion().contact is None


def test_a_second_press_is_the_same_suggestion(cast: Cast) -> None:
    assert suggestion(nonce="n" * 20) == suggestion(nonce="n" * 20)
    assert Suggestion.objects.count() == SuggestionEvent.objects.count() == 1


def test_number_and_code_open_it_and_nothing_else(cast: Cast) -> None:
    one = suggestion(nonce="n" * 20)
    code = code_of("n" * 20)
    assert tracked_suggestion(one.number, code) == one
    assert tracked_suggestion(one.number, "000000" if code != "000000" else "1") is None
    assert tracked_suggestion("2222-2222", code) is None


def test_deadlines_are_working_days_and_a_promise_is_a_day(cast: Cast) -> None:
    """Received Monday: sorted by Thursday; answered in 15 working days; done by the day named."""
    one = suggestion()
    assert timezone.localtime(one.due_at).isoformat() == "2026-11-26T17:00:00+08:00"
    one = sort_suggestion(one, by=cast.lin, at=NOW, unit=cast.unit)
    assert timezone.localtime(one.due_at).isoformat() == "2026-12-14T17:00:00+08:00"
    one = answer_suggestion(one, by=cast.zheng, at=NOW, verdict=V.PARTLY, reasons="分步做", planned_on=NEXT_MONTH)
    assert timezone.localtime(one.due_at).date() == NEXT_MONTH
    assert answered(cast, V.DECLINED).due_at is None


def test_who_may_do_what(cast: Cast) -> None:
    one = suggestion()
    for person in (cast.wu, cast.zheng, cast.zhao, cast.he, cast.zhou, cast.xu):
        with pytest.raises(NotAllowed, match="party"):
            sort_suggestion(one, by=person, at=NOW, unit=cast.unit)
    one = sort_suggestion(one, by=cast.qian, at=NOW, unit=cast.unit)
    for person in (cast.wu, cast.song, cast.lin, cast.qian):
        with pytest.raises(NotAllowed, match="party"):
            answer_suggestion(one, by=person, at=NOW, verdict=V.DECLINED, reasons="x")
    one = answer_suggestion(one, by=cast.zheng, at=NOW, verdict=V.DECLINED, reasons="x")
    with pytest.raises(NotAllowed, match="party"):
        publish_suggestion(one, by=cast.zheng, at=NOW, words=PublicWords("a", "b"))
    with pytest.raises(NotAllowed, match="stage"):
        sort_suggestion(one, by=cast.lin, at=NOW, unit=cast.other_unit)


def test_who_sees_what(cast: Cast) -> None:
    fresh, mine = suggestion(), sorted_one(cast)
    other = sort_suggestion(suggestion(), by=cast.lin, at=NOW, unit=cast.other_unit)
    seen = {name: set(Suggestion.objects.visible_to(person)) for name, person in cast.everybody.items()}
    everything = {fresh, mine, other}
    assert seen["lin"] == seen["qian"] == seen["zhou"] == everything
    assert (seen["zheng"], seen["song"]) == ({mine}, {other})
    for name in ("wu", "zhao", "sun", "he", "xu", "gu", "meng"):
        assert seen[name] == set(), name


def test_sorting_again_names_another_unit(cast: Cast) -> None:
    one = sorted_one(cast)
    with pytest.raises(Refused, match="已经由这个单位"):
        sort_suggestion(one, by=cast.lin, at=NOW, unit=cast.unit)
    assert sort_suggestion(one, by=cast.lin, at=NOW, unit=cast.other_unit).unit == cast.other_unit
    closed = Unit.objects.get(code="370600-TYJ")
    closed.closed_on = TODAY
    with pytest.raises(Refused, match="撤并"):
        sort_suggestion(one, by=cast.lin, at=NOW, unit=closed)


def test_a_unit_that_owes_an_answer_is_not_closed(cast: Cast) -> None:
    unit = Unit.objects.get(code="370600-TYJ")
    unit.items.update(closed_on=TODAY)
    sort_suggestion(suggestion(), by=cast.lin, at=NOW, unit=unit)
    with pytest.raises(Refused, match="未办结的建议 1"):
        close_unit(unit, on=TODAY, note="撤并", by=cast.xu, at=NOW)


def test_a_unit_may_hand_it_back(cast: Cast) -> None:
    one = hand_back_suggestion(sorted_one(cast), by=cast.zheng, at=NOW, note="属大数据局")
    assert (one.stage, one.unit) == (S.RECEIVED, None)
    assert set(Notice.objects.filter(kind="suggestion.hand_back").values_list("staff", flat=True)) == {cast.lin.pk}


def test_doubles_are_merged_and_their_proposers_hear_too(cast: Cast) -> None:
    main = sorted_one(cast)
    double, third = suggestion(phone="13800000002"), suggestion(phone="13800000003")
    merge_suggestion(third, by=cast.lin, at=NOW, main=double)
    merge_suggestion(double, by=cast.lin, at=NOW, main=main)
    assert {one.merged_into for one in Suggestion.objects.filter(stage=S.MERGED)} == {main}
    assert third.events.filter(action=SuggestionAct.MERGE).count() == 2
    answer_suggestion(main, by=cast.zheng, at=NOW, verdict=V.DECLINED, reasons="无法实现")
    told = OutboxMessage.objects.filter(kind="citizen.suggestion_answer")
    assert set(told.values_list("about", flat=True)) == {double.number, third.number}
    assert followed(Suggestion.objects.select_related("merged_into").get(pk=third.pk)).dealt == main
    found = funnel()
    assert (found.received, found.merged, found.answered) == (3, 2, 1)


def test_a_double_of_one_that_is_answered_hears_at_once(cast: Cast) -> None:
    merge_suggestion(suggestion(phone="13800000002"), by=cast.lin, at=NOW, main=answered(cast))
    assert OutboxMessage.objects.filter(kind="citizen.suggestion_answer").count() == 1


def test_what_nothing_is_merged_into(cast: Cast) -> None:
    one, merged, aside = suggestion(), suggestion(), suggestion()
    merge_suggestion(merged, by=cast.lin, at=NOW, main=suggestion())
    set_aside_suggestion(aside, by=cast.lin, at=NOW, note="广告")
    for target in (one, merged, aside):
        with pytest.raises(Refused, match="另选"):
            merge_suggestion(one, by=cast.lin, at=NOW, main=target)


def test_what_is_no_suggestion_is_set_aside_with_a_reason(cast: Cast) -> None:
    one = set_aside_suggestion(suggestion(phone="13800000001"), by=cast.lin, at=NOW, note="是个案投诉,请走差评渠道")
    assert (one.stage, one.due_at) == (S.SET_ASIDE, None)
    assert followed(one).note == "是个案投诉,请走差评渠道"
    assert OutboxMessage.objects.get(kind="citizen.suggestion_answer").about == one.number
    with pytest.raises(NotAllowed, match="stage"):
        sort_suggestion(one, by=cast.lin, at=NOW, unit=cast.unit)


@pytest.mark.parametrize(
    ("verdict", "planned"),
    [(V.ADOPTED, None), (V.PARTLY, None), (V.ADOPTED, TODAY - DAY), (V.DECLINED, NEXT_MONTH)],
)
def test_an_answer_promises_a_day_exactly_when_something_changes(cast: Cast, verdict: V, planned: object) -> None:
    with pytest.raises(Refused):
        answer_suggestion(sorted_one(cast), by=cast.zheng, at=NOW, verdict=verdict, reasons="x", planned_on=planned)  # type: ignore[arg-type]


def test_a_result_needs_an_adoption_and_a_day_that_has_come(cast: Cast) -> None:
    with pytest.raises(Refused, match="未采纳"):
        record_suggestion_result(answered(cast, V.DECLINED), by=cast.zheng, at=NOW + DAY, result="x", changed_on=TODAY)
    with pytest.raises(Refused, match="晚于今天"):
        record_suggestion_result(answered(cast), by=cast.zheng, at=NOW, result="x", changed_on=TODAY + DAY)


def test_the_proposer_is_written_to_by_day_twice_at_most_and_without_data(cast: Cast) -> None:
    one = done(cast, phone="13800000001", text="我叫王小明,电话13800000001,范本难懂")
    messages = OutboxMessage.objects.filter(about=one.number)
    assert {m.kind for m in messages} == {"citizen.suggestion_answer", "citizen.suggestion_result"}
    for message in messages:
        assert len(message.body) <= portal.SMS_MAX_CHARACTERS
        assert "1380000" not in message.body
        assert "王小明" not in message.body
        assert one.number in message.body
    late = sorted_one(cast, phone="13800000002")
    answer_suggestion(late, by=cast.zheng, at=NOW.replace(hour=22), verdict=V.DECLINED, reasons="x")
    assert timezone.localtime(OutboxMessage.objects.get(about=late.number).next_attempt_at).hour == 8


def test_nothing_personal_is_published(cast: Cast) -> None:
    one = answered(cast)
    with pytest.raises(Refused, match="13800000001"):
        publish_suggestion(one, by=cast.lin, at=NOW, words=PublicWords("电话13800000001", "好"))
    with pytest.raises(Refused, match="改了什么"):
        publish_suggestion(one, by=cast.lin, at=NOW, words=PublicWords("a", "b", "还没有"))
    assert not public_suggestions(adopted=True).exists()


def test_what_a_person_says_is_nothing_personal_stays_and_history_tells(cast: Cast) -> None:
    one = answered(cast)
    text = "咨询电话0535-6000000没人接,手机13800000001也不接"
    office, mobile = ("landline", "0535-6000000"), ("mobile", "13800000001")
    for kept in ({office}, {mobile}, {office, ("landline", "13800000001")}, {office, ("mobile", "1380000000")}):
        with pytest.raises(Refused, match="这不是个人信息"):
            publish_suggestion(one, by=cast.lin, at=NOW, words=PublicWords(text, "好", kept=frozenset(kept)))
    unused = ("name", "张三")
    words = PublicWords(text.replace(mobile[1], "〔手机号〕"), "好", kept=frozenset({office, unused}))
    publish_suggestion(one, by=cast.lin, at=NOW + 2 * DAY, words=words)
    assert public_suggestions(adopted=True).get().public_text == words.text
    event = SuggestionEvent.objects.get(suggestion=one, action=SuggestionAct.PUBLISH)
    assert event.data == {"kept": [{"kind": "landline", "text": "0535-6000000"}]}
    assert event.actor_name == cast.lin.name
    entry = AuditEntry.objects.get(action="suggestion.publish", object_id=one.number)
    assert entry.after["kept"] == event.data["kept"]


def test_the_name_of_any_staff_member_is_personal(cast: Cast) -> None:
    one = answered(cast)
    with pytest.raises(Refused, match=cast.wu.name):
        publish_suggestion(one, by=cast.lin, at=NOW, words=PublicWords(f"午后{cast.wu.name}亦在", "好"))


def test_what_is_public_waits_for_another_look_when_more_is_said(cast: Cast) -> None:
    one = answered(cast)
    publish_suggestion(one, by=cast.lin, at=NOW + 2 * DAY, words=PublicWords("a", "b"))
    assert not in_view("unlooked", cast.lin, NOW).exists()
    record_suggestion_result(one, by=cast.zheng, at=NOW + 3 * DAY, result="改了", changed_on=TODAY)
    assert in_view("unlooked", cast.lin, NOW).get() == one
    shown = public_suggestions(adopted=True).get()
    assert (shown.public_text, shown.public_result) == ("a", "")


def test_what_was_declined_is_public_too(cast: Cast) -> None:
    one = answered(cast, V.DECLINED)
    publish_suggestion(one, by=cast.lin, at=NOW + 2 * DAY, words=PublicWords("a", "b"))
    assert list(public_suggestions(adopted=False)) == [one]
    assert not public_suggestions(adopted=True)


def test_somebody_who_looked_at_an_older_version_is_told(cast: Cast) -> None:
    one = suggestion()
    sort_suggestion(one, by=cast.lin, at=NOW, unit=cast.unit, seen=0)
    with pytest.raises(Conflict):
        sort_suggestion(one, by=cast.qian, at=NOW, unit=cast.other_unit, seen=0)


def test_the_database_holds_the_promises(cast: Cast) -> None:
    one, rows = answered(cast, V.DECLINED), Suggestion.objects
    for change in (
        {"stage": S.DONE, "result": "x", "changed_on": TODAY, "done_at": NOW},
        {"stage": S.MERGED},
        {"merged_into": one},
        {"reasons": ""},
        {"unit": None},
        {"public_text": "x"},
        {"looked_at": NOW},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.filter(pk=one.pk).update(**change)
    for change in ({"text": "别的"}, {"number": "2222-2222"}):
        with pytest.raises(InternalError), transaction.atomic():
            rows.filter(pk=one.pk).update(**change)
    for refused in (
        lambda: rows.filter(pk=one.pk)._raw_delete("default"),
        one.events.all().delete,
        lambda: one.events.update(note="x"),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            refused()


def test_every_number_on_a_tab_is_the_list_behind_it(cast: Cast) -> None:
    suggestion(), sorted_one(cast), answered(cast), answered(cast, V.DECLINED), done(cast)
    late = NOW + 90 * DAY
    for person in (cast.lin, cast.qian, cast.zheng, cast.zhou):
        names = views_of(person)
        numbers = counts(names, person, late)
        assert numbers == {name: in_view(name, person, late).count() for name in names}
    assert counts(views_of(cast.lin), cast.lin, late)["overdue"] == 3
    assert views_of(cast.wu) == ()


def test_possible_doubles_are_those_one_may_see(cast: Cast) -> None:
    one = suggestion("表单范本看不懂,请重新设计。")
    twin = sort_suggestion(suggestion("范本表单看不懂,重新设计一下"), by=cast.lin, at=NOW, unit=cast.other_unit)
    suggestion("大厅停车难")
    assert possible_doubles(one, cast.lin) == [twin]
    assert possible_doubles(one, cast.zheng) == []


@pytest.mark.django_db(transaction=True)
def test_parallel_presses_make_one_suggestion(live_cast: Cast) -> None:
    together = Barrier(6)

    def press(_finger: int) -> int:
        together.wait()
        try:
            return suggestion(nonce="n" * 20, phone="13800000001").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as fingers:
        assert len(set(fingers.map(press, range(6)))) == 1
    assert Suggestion.objects.count() == Evaluator.objects.count() == 1
