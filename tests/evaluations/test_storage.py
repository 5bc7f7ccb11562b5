"""A rating in one statement: the row with its key, its form and its changed day, or nothing of it."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from common.ids import new_token, uuid7
from evaluations.actions.rating import AlreadyRated
from evaluations.actions.storage import write_rating
from evaluations.enums import Origin, RatingChannel
from evaluations.models import ChangedDay, Evaluation, Service, ServiceKey, SubmittedForm
from rectification.enums import Target
from tests.factories import NOW, Cast


def counts() -> list[int]:
    return [model.objects.count() for model in (Evaluation, ServiceKey, SubmittedForm, ChangedDay)]


def of(service: Service | None, cast: Cast) -> Evaluation:
    key = {"source": service.source, "project_number": service.project_number, "service_number": 1} if service else {}
    return Evaluation(
        id=uuid7(NOW),
        rated_at=NOW,
        received_at=NOW,
        level=5,
        channel=RatingChannel.WEB,
        origin=Origin.ACTIVE,
        target=Target.SERVICE,
        negative=False,
        unit=cast.unit,
        **key,
    )


def test_it_is_all_or_nothing_by_itself(live_cast: Cast) -> None:
    """Outside of any transaction, in whatever way form and key are taken."""
    first, second, third = (live_cast.service() for _ in range(3))
    form, other = new_token(), new_token()
    assert write_rating(of(first, live_cast), nonce=form)
    before = counts()
    assert not write_rating(of(first, live_cast), nonce=form)
    assert not write_rating(of(first, live_cast), nonce=other)
    assert not write_rating(of(second, live_cast), nonce=form)
    assert not write_rating(of(first, live_cast))
    assert not write_rating(of(None, live_cast), nonce=form)
    assert counts() == before
    assert write_rating(of(second, live_cast), nonce=other)
    assert write_rating(of(third, live_cast))
    assert write_rating(of(None, live_cast), nonce=new_token())
    assert write_rating(of(None, live_cast))
    # A rating of a service has its row, its key and its changed day, and a form if it came from one.
    assert [now - was for now, was in zip(counts(), before, strict=True)] == [4, 2, 2, 4]


def test_in_a_transaction_nothing_is_left_after_it_was_rolled_back(live_cast: Cast) -> None:
    first, second = live_cast.service(), live_cast.service()
    form = new_token()
    assert write_rating(of(first, live_cast), nonce=form)
    before = counts()
    with transaction.atomic():
        assert not write_rating(of(second, live_cast), nonce=form)
        transaction.set_rollback(True)
    assert counts() == before
    assert not connection.needs_rollback


@pytest.mark.parametrize("level", [5, 1])
def test_one_form_for_two_services_leads_to_the_first_receipt(live_cast: Cast, level: int) -> None:
    first, second, form = live_cast.service(), live_cast.service(), new_token()
    receipt = live_cast.submit(level, nonce=form, service=first, phone="")
    again = live_cast.submit(level, nonce=form, service=second, phone="")
    assert again.evaluation.pk == receipt.evaluation.pk
    assert live_cast.submit(level, nonce=new_token(), service=second, phone="").evaluation.pk != receipt.evaluation.pk
    with pytest.raises(AlreadyRated):
        live_cast.submit(level, nonce=new_token(), service=first, phone="")
