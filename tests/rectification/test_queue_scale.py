"""Queue, ledger and homes ask the database the same number of questions for one case and for five thousand."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organizations.models import Staff
from rectification import actions
from rectification.enums import State
from rectification.models import Case, CoHandling, Deadline
from tests.factories import NOW, Cast

SignIn = Callable[[Staff], Client]
MANY = 5000
# A home asks what waits in appeals, in findings and in the close of a quarter: one question each.
AT_MOST = 15
LONG_AGO = base64.urlsafe_b64encode(b'["2020-01-01T00:00:00+08:00", 0]').decode()
PAGES = {
    "window queue": ("wu", "/desk/cases/?view=all"),
    "window to do": ("wu", "/desk/cases/?view=todo"),
    "overdue": ("qian", "/desk/cases/?view=overdue"),
    "second page": ("qian", f"/desk/cases/?view=all&after={LONG_AGO}"),
    "search": ("qian", "/desk/cases/?view=all&q=样本"),
    "dispatcher's inbox": ("lin", "/desk/cases/"),
    "dispatcher's home": ("lin", "/desk/"),
    "callback workbench": ("zhao", "/desk/cases/?view=callbacks"),
    "callback home": ("zhao", "/desk/"),
    "department's checks": ("zheng", "/desk/cases/?view=checks"),
    "department's unassigned": ("zheng", "/desk/cases/?view=unassigned"),
    "department's co-handling": ("song", "/desk/cases/?view=co"),
    "department's home": ("zheng", "/desk/"),
    "city supervisor's home": ("qian", "/desk/"),
    "ledger": ("qian", "/desk/ledger/"),
}
STATES = (State.DISPATCHED, State.SIGNED, State.CHECKING, State.REPLIED, State.VERIFIED)


def multiply(case: Case, copies: int) -> None:
    """Copies one real case with its deadlines and co-handlers.

    By SQL, in this file alone: five thousand cases through the real acts would take minutes, and what is measured
    is the reading of rows, not how they came to be.
    """
    columns = _columns(Case, {"number"})
    first = Case.objects.count()
    deadline, part = _columns(Deadline, {"case_id"}), _columns(CoHandling, {"case_id"})
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO rectification_case (number, {columns})"
            f" SELECT 'COPY-' || lpad(n::text, 4, '0'), {columns}"
            " FROM rectification_case, generate_series(%s, %s) AS n WHERE id = %s RETURNING id",
            [first, first + copies - 1, case.pk],
        )
        made = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            f"INSERT INTO rectification_deadline (case_id, {deadline})"
            f" SELECT made, {deadline} FROM rectification_deadline, unnest(%s) AS made"
            " WHERE case_id = %s AND co_handling_id IS NULL",
            [made, case.pk],
        )
        cursor.execute(
            f"INSERT INTO rectification_cohandling (case_id, {part})"
            f" SELECT made, {part} FROM rectification_cohandling, unnest(%s) AS made WHERE case_id = %s",
            [made, case.pk],
        )


def _columns(model: type[Model], without: set[str]) -> str:
    fields = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    return ", ".join(f'"{name}"' for name in fields if name not in without)


def analyse() -> None:
    """What autovacuum does on a running portal: the planner learns how many rows there are."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE rectification_case, rectification_deadline")


def ask(client: Client, address: str) -> tuple[int, float]:
    """How many questions one page asks, and in how many milliseconds it comes (second visit)."""
    assert client.get(address).status_code == 200
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as questions:
        response = client.get(address)
    taken = (time.perf_counter() - begun) * 1000
    assert response.status_code == 200
    return len(questions), taken


@pytest.fixture
def clients(cast: Cast, sign_in: SignIn) -> dict[str, Client]:
    return {name: sign_in(cast.everybody[name]) for name in {name for name, _ in PAGES.values()}}


def samples(cast: Cast) -> list[Case]:
    """One case for every list, made by real acts."""
    cases = [cast.rate(1, text="没有材料样本") for _ in range(len(STATES) + 1)]
    cases.append(cast.rate(1, at=NOW - timedelta(days=20)))
    for case, state in zip(cases, STATES, strict=False):
        cast.upto(case, state)
    for_song = cases[-2]
    cast.upto(for_song, State.RECTIFYING)
    actions.add_co_handler(for_song, by=cast.wu, at=NOW, unit=cast.other_unit, task="核对参保记录")
    return list(Case.objects.filter(pk__in=[case.pk for case in cases]))


def test_the_number_of_questions_does_not_grow(cast: Cast, clients: dict[str, Client]) -> None:
    cases = samples(cast)
    one = {name: ask(clients[who], address)[0] for name, (who, address) in PAGES.items()}
    for case in cases:
        multiply(case, 2)
    three = {name: ask(clients[who], address)[0] for name, (who, address) in PAGES.items()}
    for case in cases:
        multiply(case, MANY // len(cases))
    analyse()
    assert Case.objects.open().count() >= MANY
    measured = {name: ask(clients[who], address) for name, (who, address) in PAGES.items()}
    for name, (number, taken) in measured.items():
        print(f"{name:26} {number:3} questions {taken:7.0f} ms")
    assert {name: number for name, (number, _) in measured.items()} == one == three
    assert {name: number for name, number in one.items() if number > AT_MOST} == {}
