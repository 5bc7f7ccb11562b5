"""不计入统计: who may, once, with a note, on the trail; and what it changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from common.models import AuditEntry
from evaluations.actions import exclude_rating
from evaluations.enums import ExclusionReason
from evaluations.keys import shortened
from evaluations.models import ChangedDay, Evaluation, Exclusion
from organizations.actions import Refused
from organizations.enums import Role
from rectification.enums import State
from rectification.models import Case
from tests.factories import NOW, Cast, staff


def exclude(rating: Evaluation, by: object, note: str = "压力测试批次3") -> Exclusion:
    return exclude_rating(rating, reason=ExclusionReason.TEST, note=note, by=by, at=NOW)  # type: ignore[arg-type]


def test_only_a_city_supervisor_of_another_unit_may(cast: Cast) -> None:
    rating = cast.submit(5).evaluation
    for name, person in cast.everybody.items():
        if name != "qian":
            with pytest.raises(PermissionDenied):
                exclude(rating, person)
    assert not Exclusion.objects.exists()
    own = staff("gao", "高督导", (Role.CITY_SUPERVISOR, cast.unit))
    with pytest.raises(PermissionDenied):
        exclude(rating, own)
    assert exclude(rating, cast.qian).by == cast.qian


def test_it_is_on_the_trail_and_the_day_is_noted(cast: Cast) -> None:
    rating = cast.submit(5).evaluation
    ChangedDay.objects.all().delete()
    exclude(rating, cast.qian, "  压力测试批次3 ")
    entry = AuditEntry.objects.get(action="rating.exclude")
    assert (entry.object_id, entry.actor, entry.reason) == (str(rating.pk), cast.qian, "压力测试批次3")
    assert entry.after == {"reason": "test", "level": 5, "unit": cast.unit.name}
    assert [(row.unit_id, row.day) for row in ChangedDay.objects.all()] == [(cast.unit.pk, NOW.date())]


def test_twice_is_refused_and_so_is_without_a_reason(cast: Cast) -> None:
    rating = cast.submit(5).evaluation
    with pytest.raises(Refused, match="依据"):
        exclude(rating, cast.qian, " ")
    exclude(rating, cast.qian)
    ChangedDay.objects.all().delete()
    with pytest.raises(Refused, match="已经不计入"):
        exclude(rating, cast.qian)
    assert (Exclusion.objects.count(), ChangedDay.objects.count()) == (1, 0)
    assert AuditEntry.objects.filter(action="rating.exclude").count() == 1


def test_the_rating_and_its_case_stay(cast: Cast) -> None:
    case = cast.rate(1)
    exclude(case.evaluations.get(), cast.qian)
    assert Evaluation.objects.get().level == 1
    assert Case.objects.get(pk=case.pk).state == State.RECEIVED


@pytest.mark.parametrize("act", ["UPDATE evaluations_exclusion SET note = ''", "DELETE FROM evaluations_exclusion"])
def test_it_is_never_taken_back(cast: Cast, act: str) -> None:
    exclude(cast.submit(5).evaluation, cast.qian)
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)


@pytest.mark.django_db(transaction=True)
def test_pressed_by_many_it_is_one(live_cast: Cast) -> None:
    rating, together = live_cast.submit(5).evaluation, Barrier(4)

    def press(_number: int) -> bool:
        together.wait(30)
        try:
            return bool(exclude(rating, live_cast.qian))
        except Refused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as hands:
        assert sorted(hands.map(press, range(4))) == [False, False, False, True]
    assert Exclusion.objects.count() == 1


@pytest.mark.parametrize(
    ("number", "shown"), [("", ""), ("12345678", "…"), ("370600TEST00000012", "…0012"), ("123456789", "…6789")]
)
def test_a_number_is_shown_by_its_end(number: str, shown: str) -> None:
    assert shortened(number) == shown
