"""300 people's marks through the whole life of their cases: who has no right reads none (reliability.md §9.1)."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from common.delivery import deliver_due
from disclosure.actions import Choice, prepare_disclosures, publish_clear, publish_disclosure
from disclosure.enums import Part
from disclosure.models import Disclosure, PublicCase
from disclosure.queries.desk import draft_of
from evaluations.models import Evaluation
from identity.models import Look
from organizations.models import Staff
from rectification import actions
from rectification.actions.rectifying import Findings
from rectification.enums import ReportKind, State
from rectification.models import Case
from tests.factories import NOW, Cast
from tests.privacy.canaries import Canary, found
from tests.support.receivers import SmsReceiver

MANY = 300
LATE = (State.DISPATCHED, State.DISPATCHED, State.RECTIFYING, State.REPLIED, State.CLOSED)
# What is in these tables is what the evaluator said, or what those who work on the case said about it.
HOLDS_WORDS = {
    "evaluations.Evaluation": "text",
    "rectification.Case": "text",
    "rectification.Report": "reply",
}
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(400)]


@pytest.fixture
def switchboard(settings: Any) -> Iterator[SmsReceiver]:
    with SmsReceiver() as receiver:
        settings.CALL_GATEWAY_URL, settings.CALL_GATEWAY_KEY = receiver.url, "k" * 32
        settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = receiver.url, "k" * 32
        yield receiver


@pytest.fixture
def canaries(cast: Cast, caplog: pytest.LogCaptureFixture, switchboard: SmsReceiver) -> list[Canary]:
    """They rate, their cases go as far as they go, and a dispatcher looks at every draft that is not clear."""
    caplog.set_level(logging.DEBUG)
    people = [Canary(number) for number in range(MANY)]
    for one in people:
        service = cast.service(applicant=one.applicant)
        case = cast.submit(1, text=one.text, phone=one.phone, service=service).case
        assert case is not None
        cast.upto(case, LATE[one.number % len(LATE)])
    prepare_disclosures(at=NOW)
    return people


def looked_at(cast: Cast, people: list[Canary]) -> int:
    """Publishes everything, and says how many marks a person had to find because the rules had not."""
    marks = {one.text: one.in_text for one in people}
    rows = Disclosure.objects.waiting().select_related("case__unit__region")
    publish_clear([(one, one.version) for one in rows.filter(clear=True)], by=cast.lin, at=NOW)
    missed = 0
    for one in rows.filter(clear=False):
        said = one.case.text
        spans = [part for part in draft_of(one).parts if part.part == Part.PROBLEM]
        shown = "".join(piece.text for part in spans for piece in part.pieces if piece.hidden is None)
        left = [mark for mark in marks[said] if mark in shown]
        missed += len(left)
        publish_disclosure(one, by=cast.lin, at=NOW, choices={Part.PROBLEM: Choice(phrases=left)})
    return missed


def fetched(person: Staff | None, addresses: list[str]) -> dict[str, bytes]:
    """Every page as somebody gets it, with its headers."""
    client = Client()
    if person:
        client.force_login(person)
    pages = {}
    for address in addresses:
        answer = client.get(address)
        body = answer.getvalue()
        pages[f"{person.username if person else 'public'} {address}"] = str(answer.headers).encode() + body
    return pages


def public_addresses() -> list[str]:
    """Every page, feed and file that needs no key, and every public case."""
    fixed = [
        "home",
        "rate-start",
        "public-suggestions",
        "public-cases",
        "public-units",
        "public-figures",
        "public-data",
        "public-metrics",
        "public-walks",
    ]
    fixed += ["public-cases-csv", "public-cases-json", "public-figures-csv", "public-feed", "sitemap", "robots"]
    fixed += ["public-metrics-csv", "public-metrics-json"]
    cases = [reverse("public-case", args=[number]) for number in PublicCase.objects.values_list("number", flat=True)]
    units = [reverse("public-unit", args=[unit.unit.code]) for unit in PublicCase.objects.distinct("unit")]
    searches = [f"{reverse('public-cases')}?q={word}" for word in ("1580000", "身份证", "微信", "鲁F")]
    return [*(reverse(name) for name in fixed), *cases, *units, *searches]


def stored(without: dict[str, str]) -> dict[str, bytes]:
    """Every row of every table, but for the columns that hold what was said."""
    places = {}
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or not model._meta.db_table:
            continue
        label = model._meta.label
        columns = [f.column for f in model._meta.concrete_fields if f.column != without.get(label)]
        with connection.cursor() as cursor:
            names = ", ".join(f'"{column}"::text' for column in columns)
            cursor.execute(f'SELECT {names} FROM "{model._meta.db_table}"')
            places[f"table {label}"] = json.dumps(cursor.fetchall(), ensure_ascii=False).encode()
    return places


def test_nobody_without_a_right_ever_reads_them(
    cast: Cast, canaries: list[Canary], caplog: pytest.LogCaptureFixture, switchboard: SmsReceiver, settings: Any
) -> None:
    fields = [mark for one in canaries for mark in one.in_fields]
    texts = [mark for one in canaries for mark in one.in_text]
    certain = [mark for one in canaries for mark in one.certain]
    missed = looked_at(cast, canaries)
    assert missed <= len(texts) * 0.03, f"the rules missed {missed} of {len(texts)}"
    assert PublicCase.objects.shown().count() == MANY
    public = fetched(None, public_addresses())
    assert len(public) > MANY
    assert found([*fields, *texts], public) == []

    desk = ["/desk/", "/desk/cases/", "/desk/ledger/", "/desk/notices/", "/desk/statistics/", "/desk/outbox/"]
    seen = [reverse("case", args=[case.number]) for case in Case.objects.order_by("pk")[:20]]
    for name in ("lin", "wu", "zheng", "zhao", "qian", "he", "sun", "zhou", "xu", "gu", "meng", "rated"):
        pages = fetched(getattr(cast, name), [*desk, *seen])
        assert found(fields, pages) == [], name
        lists = {address: page for address, page in pages.items() if "/desk/ledger/" in address or "notices" in address}
        assert found(certain, lists) == [], f"{name}: lists and notices are without them"

    deliver_due()
    told = json.dumps([call.get("text", "") for call in switchboard.calls], ensure_ascii=False)
    assert switchboard.calls, "messages went out"
    assert found(texts, {"messages": told.encode()}) == []
    assert found([*fields, *texts], {"log": caplog.text.encode()}) == []
    assert found(fields, stored({})) == [], "numbers and names are in the vault only, and sealed"
    assert found(texts, stored(HOLDS_WORDS)) == [], "what was said is kept where it was said, and nowhere else"


def test_the_control_whoever_calls_back_is_connected(cast: Cast, switchboard: SmsReceiver, client: Client) -> None:
    """The same marks are found by the same means where they ought to be: at the switchboard, for the officer's call."""
    one = Canary(7)
    case = cast.submit(1, text=one.text, phone=one.phone).case
    assert case is not None
    cast.upto(case, State.REPLIED)
    client.force_login(cast.zhao)
    client.post(reverse("case-call", args=[case.number, "record_callback"]))
    calls = json.dumps(switchboard.calls).encode()
    assert found([one.phone], {"switchboard": calls}) == [f"{one.phone} @ switchboard"]
    assert Look.objects.filter(actor_id=cast.zhao.pk).exists()
    page = fetched(cast.zhao, [reverse("case", args=[case.number])])
    assert found(one.in_text, page), "who handles the case reads what was said"
    assert found(one.in_text, stored({})), "and it is kept"


def test_a_unit_cannot_name_the_evaluator_in_its_reply(cast: Cast) -> None:
    """What the unit writes about somebody waits for the look like everything else."""
    one = Canary(0)
    case = cast.upto(cast.rate(1, text="排队太久"), State.RECTIFYING)
    reply = f"{one.name}您好,已经改正,请接听{one.written['mobile']}的来电。"
    findings = Findings(ReportKind.RECTIFIED, wrong="慢", changed="加了窗口", prevention="轮值", reply=reply)
    actions.submit_report(case, by=cast.wu, at=NOW, findings=findings)
    case.refresh_from_db()
    assert Evaluation.objects.count() == 1
    actions.send_reply(case, by=cast.zheng, at=NOW, ticks=actions.rectifying.QUALITY_CHECKS)
    prepare_disclosures(at=NOW)
    draft = Disclosure.objects.get(case=case)
    assert not draft.clear
