"""Killed between any two steps of rating, dispatch, reply, sign-off or delivery: all or nothing, and again it works."""

from __future__ import annotations

import os
import signal
import traceback
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DEFAULT_DB_ALIAS as ALIAS
from django.db import connection, connections
from django.utils import timezone
from playwright.sync_api import Browser

from common import delivery
from common.delivery import deliver_due
from common.enums import MessageState
from common.models import AuditEntry, OutboxMessage
from evaluations.actions import Receipt
from evaluations.actions import rating as ratings
from evaluations.models import Evaluation
from rectification import actions
from rectification.actions import core
from rectification.actions.rectifying import QUALITY_CHECKS
from rectification.enums import Action, Judgement, State
from rectification.models import Case
from rectification.workflow import NotAllowed
from tests.factories import NOW, Cast
from tests.support.receivers import SmsReceiver

pytestmark = pytest.mark.django_db(transaction=True)
OWN = (
    "common",
    "organizations",
    "identity",
    "rectification",
    "evaluations",
    "appeals",
    "assessment",
    "oversight",
    "disclosure",
)
STEPS = ("before_case_saved", "after_case_saved", "before_commit")
RATING_STEPS = ("rating_case_opened", "rating_written", "rating_before_commit")
PLACES = {**dict.fromkeys(STEPS, core), **dict.fromkeys(RATING_STEPS, ratings)}


@dataclass(frozen=True)
class Step:
    """An act that has a commit of its own, the state it begins in, and how it is done."""

    action: Action
    begins: State
    ends: State
    act: Callable[[Cast, Case], Case]


ACTS = [
    Step(
        Action.DISPATCH,
        State.PRECHECKED,
        State.DISPATCHED,
        lambda cast, case: actions.dispatch_case(case, by=cast.lin, at=NOW, unit=cast.unit),
    ),
    Step(
        Action.SEND_REPLY,
        State.CHECKING,
        State.REPLIED,
        lambda cast, case: actions.send_reply(case, by=cast.zheng, at=NOW, ticks=QUALITY_CHECKS),
    ),
    Step(
        Action.CLOSE,
        State.VERIFIED,
        State.CLOSED,
        lambda cast, case: actions.close_case(case, by=cast.qian, at=NOW),
    ),
]
JUDGED: dict[str, Any] = {"true": Judgement.YES, "reasonable": Judgement.YES, "malicious": Judgement.NO, "note": "属实"}
LEFT_OPEN = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND state LIKE 'idle in transaction%'"
)
EACH_ACT = pytest.mark.parametrize("step", ACTS, ids=lambda step: str(step.action))


class Stopped(BaseException):
    """Raised at a failpoint, past every handler of errors."""


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours."""
    models = [model for label in OWN for model in apps.get_app_config(label).get_models()]
    return {model._meta.label: list(model.objects.order_by("pk").values_list()) for model in models}


def raised_at(name: str, act: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Does something that is ended by an exception at a failpoint."""

    def stop(here: str) -> None:
        if here == name:
            raise Stopped(name)

    with monkeypatch.context() as patch:
        patch.setattr(PLACES[name], "failpoint", stop)
        with pytest.raises(Stopped, match=name):
            act()


def killed_at(name: str, act: Callable[[], object]) -> None:
    """Does something in a child process, which kills itself by SIGKILL at a failpoint; "" is after the commit."""
    connection.close()
    child = os.fork()
    if child == 0:
        os.environ["FAILPOINT"] = name
        try:
            # What the child finds may be the parent's, from before a browser's loop ran: kept here, it stays open.
            _parents, connections[ALIAS] = connections[ALIAS], connections.create_connection(ALIAS)
            act()
            if not name:
                os.kill(os.getpid(), signal.SIGKILL)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(3)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"{name} was not reached"
    assert os.WTERMSIG(status) == signal.SIGKILL


def stop_at(how: str, name: str, act: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    if how == "killed":
        killed_at(name, act)
    else:
        raised_at(name, act, monkeypatch)


@pytest.mark.browser
def test_a_child_beside_a_browser_leaves_no_transaction_open(live_cast: Cast, browser: Browser) -> None:
    """A browser's event loop keeps connections apart; a child, where none runs, finds an older one."""
    assert browser.is_connected()
    case = live_cast.rate(1, at=NOW - timedelta(hours=1))
    for _kill in range(2):
        killed_at("before_commit", lambda: actions.precheck_case(case, by=live_cast.lin, at=NOW, **JUDGED))
    with connection.cursor() as cursor:
        cursor.execute(LEFT_OPEN)
        assert cursor.fetchall() == []
    assert Case.objects.get(pk=case.pk).state == State.RECEIVED


def agree(case: Case, action: Action) -> bool:
    """The act is once in the history and once on the audit trail, and both say the same."""
    [event] = case.events.filter(action=action)
    [entry] = AuditEntry.objects.filter(action=f"case.{action}", object_id=case.number)
    return (event.to_state, event.actor_id) == (entry.after["state"], entry.actor_id)


@pytest.mark.parametrize("how", ["raised", "killed"])
@EACH_ACT
def test_an_act_is_whole_or_not_at_all(live_cast: Cast, step: Step, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = live_cast.upto(live_cast.rate(1), step.begins)
    before = everything()
    for name in STEPS:
        stop_at(how, name, lambda: step.act(live_cast, case), monkeypatch)
        assert everything() == before, name
    assert step.act(live_cast, case).state == step.ends
    assert agree(case, step.action)
    assert Case.objects.get(pk=case.pk).version == case.version + 1


@EACH_ACT
def test_an_act_killed_after_its_commit_is_done(live_cast: Cast, step: Step) -> None:
    """The person sees no answer and presses again: the act is refused as done, and nothing is doubled."""
    case = live_cast.upto(live_cast.rate(1), step.begins)
    killed_at("", lambda: step.act(live_cast, case))
    after = everything()
    with pytest.raises(NotAllowed, match=r"state"):
        step.act(live_cast, case)
    assert everything() == after
    assert Case.objects.get(pk=case.pk).state == step.ends
    assert agree(case, step.action)


@pytest.mark.parametrize("how", ["raised", "killed"])
def test_a_rating_is_whole_or_not_at_all(live_cast: Cast, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    service, nonce = live_cast.service(), uuid.uuid4().hex
    before = everything()

    def rate() -> Receipt:
        return live_cast.submit(1, service=service, nonce=nonce, text="等了很久")

    for name in RATING_STEPS:
        stop_at(how, name, rate, monkeypatch)
        assert everything() == before, name
    first, second = rate(), rate()
    assert (first.case, first.code) == (second.case, second.code)
    assert first.case is not None
    assert (Evaluation.objects.count(), Case.objects.count()) == (1, 1)
    assert agree(first.case, Action.OPEN)


def test_a_rating_killed_after_its_commit_is_kept(live_cast: Cast) -> None:
    service, nonce = live_cast.service(), uuid.uuid4().hex
    killed_at("", lambda: live_cast.submit(1, service=service, nonce=nonce))
    after = everything()
    receipt = live_cast.submit(1, service=service, nonce=nonce)
    assert everything() == after
    assert receipt.case == Case.objects.get()
    assert agree(Case.objects.get(), Action.OPEN)


# --- delivery --------------------------------------------------------------------------------------------------------


@pytest.fixture
def gateway(settings: Any) -> Iterator[SmsReceiver]:
    with SmsReceiver() as receiver:
        settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY, settings.SMS_TIMEOUT = receiver.url, "k" * 32, 5
        yield receiver


@pytest.mark.parametrize(("name", "calls"), [("message_claimed", 1), ("message_sent", 2)])
def test_a_delivery_killed_between_two_steps_is_one_message(
    live_cast: Cast, gateway: SmsReceiver, name: str, calls: int
) -> None:
    """Killed before sending: sent later. Killed before it was noted: sent again, and known again by its key."""
    live_cast.rate(1)
    OutboxMessage.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=1))
    killed_at(name, deliver_due)
    message = OutboxMessage.objects.get()
    assert (message.state, message.attempts) == (MessageState.WAITING, 1)
    assert deliver_due() == 0, "the lease of the killed process still runs"
    OutboxMessage.objects.update(next_attempt_at=message.next_attempt_at - delivery.LEASE)
    assert deliver_due() == 1
    assert deliver_due() == 0
    assert list(gateway.accepted) == [message.key]
    assert len(gateway.calls) == calls
    assert OutboxMessage.objects.get().state == MessageState.SENT
