"""Many at once, on connections of their own: one wins, the others are told, nothing is half-written or doubled."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from common.models import AuditEntry, Export, Notice, OutboxMessage
from evaluations.actions import AlreadyRated, Receipt, invite_follow_ups
from evaluations.models import Evaluation, FollowUpLink
from organizations.actions import run_exports, set_calendar_day
from organizations.enums import DayKind
from rectification import actions
from rectification.enums import Action, Duty, Judgement, State
from rectification.models import Case
from rectification.workflow import NotAllowed
from tests.factories import NOW, Cast
from tests.rectification.town import missed

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")
PRESSES = 8


def all_at_once(act: Callable[[int], T], hands: int = PRESSES) -> list[T | Exception]:
    """Does the same from many threads, each with its own connection; what was raised is an answer too."""
    together = Barrier(hands)

    def hand(number: int) -> T | Exception:
        together.wait(30)
        try:
            return act(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as threads:
        return list(threads.map(hand, range(hands)))


def split(answers: list[T | Exception]) -> tuple[list[T], list[Exception]]:
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    return [answer for answer in answers if not isinstance(answer, Exception)], refused


def trail(case: Case, action: Action) -> tuple[int, int]:
    """How often an act is in the case's history, and how often on the audit trail."""
    audited = AuditEntry.objects.filter(action=f"case.{action}", object_id=case.number)
    return case.events.filter(action=action).count(), audited.count()


# --- two people, one case --------------------------------------------------------------------------------------------


def test_one_of_two_wins_and_the_other_hears_how_it_stands(live_cast: Cast) -> None:
    case = live_cast.upto(live_cast.rate(1), State.DISPATCHED)
    seen = case.version

    def act(number: int) -> Case:
        if number % 2:
            return actions.refuse_case(case, by=live_cast.wei, at=NOW, reason="非本单位", limit=1, seen=seen)
        return actions.sign_case(case, by=live_cast.wu, at=NOW, seen=seen)

    won, lost = split(all_at_once(act))
    now = Case.objects.get(pk=case.pk)
    assert len(won) == 1
    assert now.version == seen + 1
    assert (trail(case, Action.SIGN), trail(case, Action.REFUSE)) in [((1, 1), (0, 0)), ((0, 0), (1, 1))]
    assert len(lost) == PRESSES - 1
    for error in lost:
        assert isinstance(error, actions.Conflict | NotAllowed)
        if isinstance(error, actions.Conflict):
            assert (error.case.version, error.case.state) == (seen + 1, now.state)
    signed = now.state == State.SIGNED
    assert case.deadlines.unmet().filter(duty=Duty.SIGN).exists() is not signed


def test_the_slower_page_shows_both_versions(live_cast: Cast) -> None:
    """The form was opened before somebody else acted: it comes back with one's own words and what changed."""
    case = live_cast.upto(live_cast.rate(1), State.RECTIFYING)
    client = Client()
    client.force_login(live_cast.zheng)
    address = reverse("act", args=[case.number, "assign_handler"])
    seen = client.get(address).context["form"]["seen"].value()
    actions.add_statement(case, at=NOW, text="今天又去了一次")
    mine = {"handler": str(live_cast.wei.pk), "note": "由魏同事接手", "seen": str(seen)}
    response = client.post(address, mine)
    html = response.content.decode()
    assert response.status_code == 409
    assert response.context["conflict"]
    assert "由魏同事接手" in html
    assert Case.objects.get(pk=case.pk).handler == live_cast.wu
    assert trail(case, Action.ASSIGN_HANDLER) == (0, 0)


def test_the_same_sign_off_is_one(live_cast: Cast) -> None:
    case = live_cast.upto(live_cast.rate(1), State.VERIFIED)
    won, lost = split(all_at_once(lambda _: actions.close_case(case, by=live_cast.qian, at=NOW)))
    assert (len(won), len(lost)) == (1, PRESSES - 1)
    assert {type(error) for error in lost} == {NotAllowed}
    assert trail(case, Action.CLOSE) == (1, 1)
    assert case.dwells.filter(ended_at=None).count() == 0


def test_a_supervisor_and_a_citizen_at_once_leave_one_story(live_cast: Cast) -> None:
    """Sign-off and 还没解决 cross: whichever is second finds the state the first one left."""
    case = live_cast.upto(live_cast.rate(1), State.VERIFIED)

    def act(number: int) -> Case:
        if number:
            return actions.reopen_case(case, at=NOW, reason="没解决", within=timedelta(days=30), reworks_max=2)
        return actions.close_case(case, by=live_cast.qian, at=NOW)

    all_at_once(act, hands=2)
    now = Case.objects.get(pk=case.pk)
    events = list(case.events.values_list("from_state", "to_state"))
    assert [source for source, _ in events[1:]] == [target for _, target in events[:-1]]
    assert now.state == events[-1][1] == State.REWORK
    assert case.dwells.filter(ended_at=None).count() == 1


# --- ratings ---------------------------------------------------------------------------------------------------------


def test_one_service_one_rating(live_cast: Cast) -> None:
    service = live_cast.service()
    won, lost = split(all_at_once(lambda n: live_cast.submit(1 + 4 * (n % 2), service=service)))
    assert len(won) == 1
    assert {type(error) for error in lost} == {AlreadyRated}
    assert {error.evaluation.pk for error in lost if isinstance(error, AlreadyRated)} == {won[0].evaluation.pk}
    assert Evaluation.objects.count() == 1
    assert Case.objects.count() == int(won[0].case is not None)


def test_the_same_press_is_one_receipt(live_cast: Cast) -> None:
    service, nonce = live_cast.service(), uuid.uuid4().hex
    receipts, lost = split(all_at_once(lambda _: live_cast.submit(1, service=service, nonce=nonce)))
    assert lost == []
    assert len({_shown(receipt) for receipt in receipts}) == 1
    assert (Evaluation.objects.count(), Case.objects.count()) == (1, 1)
    assert OutboxMessage.objects.filter(kind="citizen.receipt").count() == 1


def _shown(receipt: Receipt) -> tuple[object, ...]:
    assert receipt.case is not None
    return receipt.evaluation.pk, receipt.case.number, receipt.code


# --- sweeps ----------------------------------------------------------------------------------------------------------


def test_sweeps_at_once_do_each_thing_once(live_cast: Cast) -> None:
    cases = [live_cast.rate(1) for _ in range(6)]
    for case in cases:
        missed(live_cast, case, NOW)
    late = NOW + timedelta(days=30)
    warned, _ = split(all_at_once(lambda _: actions.warn_due(at=late), hands=4))
    assert sum(warned) == 6
    assert Notice.objects.filter(kind="due.overdue.callback", staff=live_cast.zhao).count() == 6
    invited, _ = split(all_at_once(lambda _: invite_follow_ups(at=late), hands=4))
    assert (sum(invited), FollowUpLink.objects.count()) == (6, 6)
    written, _ = split(all_at_once(lambda _: actions.message_unreached(at=late), hands=4))
    assert sum(written) == OutboxMessage.objects.filter(kind="citizen.unreachable").count() == 6


def test_two_jobs_make_each_file_once(live_cast: Cast) -> None:
    live_cast.rate(1)
    for _ in range(3):
        actions.request_export(by=live_cast.qian, at=NOW, format="csv", filters={}, reason="月报")
    made, failed = split(all_at_once(lambda _: run_exports(at=NOW), hands=3))
    assert (sum(made), failed) == (3, [])
    assert len(set(Export.objects.values_list("file", flat=True))) == 3


def someone_waits() -> bool:
    """Whether a connection waits for a lock (asked of `pg_locks`: `pg_stat_activity` stands still in a transaction)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def test_recounting_and_acting_do_not_wait_for_each_other(live_cast: Cast) -> None:
    """An act has its case and wants the deadline; recounting must not have the deadline and want the case."""
    december = NOW.replace(month=12, day=30)
    case = live_cast.upto(live_cast.rate(1, at=december), State.CHECKING, at=december)
    for day in (4, 5, 6):
        set_calendar_day(date(2027, 1, day), kind=DayKind.HOLIDAY, name="元旦", by=live_cast.xu, at=december)

    def recount() -> int:
        try:
            return actions.recompute_deadlines(at=december, year=2027)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
            recounted = other.submit(recount)
            limit = time.monotonic() + 20
            while not someone_waits():
                assert time.monotonic() < limit
                time.sleep(0.02)
            live_cast.upto(case, State.REPLIED, at=december)
        assert recounted.result(20) == 0
    assert Case.objects.get(pk=case.pk).state == State.REPLIED


def test_precheck_pressed_by_many_is_one(live_cast: Cast) -> None:
    case = live_cast.rate(1)
    judged = {"true": Judgement.YES, "reasonable": Judgement.YES, "malicious": Judgement.NO}
    won, lost = split(all_at_once(lambda _: actions.precheck_case(case, by=live_cast.lin, at=NOW, **judged)))
    assert (len(won), {type(error) for error in lost}) == (1, {NotAllowed})
    assert trail(case, Action.PRECHECK) == (1, 1)
