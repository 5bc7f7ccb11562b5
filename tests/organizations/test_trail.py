"""核验: what an owner of the tables does to the trail is found, named, told and kept; a long one is read in parts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from common.actions import record_audit, seal_audit
from common.actors import SYSTEM
from common.enums import ChainFault, CheckResult
from common.models import AuditCheck, AuditEntry, AuditSeal, Notice
from organizations.actions import Refused, check_audit, request_audit_check
from organizations.tasks import ask_for_check
from organizations.tasks import check_audit as task
from reviews_portal.words import kind_words
from tests.factories import NOW, Cast
from tests.support.database import let_tests_flush


def as_owner(table: str, statement: str, *values: object) -> None:
    """Whoever owns a table can put its triggers aside."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        let_tests_flush()


@pytest.fixture
def sealed(live_cast: Cast) -> list[int]:
    """Three seals of five rows each."""
    rows: list[int] = []
    for _seal in range(3):
        rows += [record_audit("test.act", ("thing", n), by=SYSTEM).pk for n in range(5)]
        assert seal_audit(at=timezone.now()) is not None
    return rows


def verified(cast: Cast, anchor: str = "") -> AuditCheck:
    request_audit_check(anchor=anchor, by=cast.meng, at=NOW)
    done = check_audit(at=NOW, seconds=60)
    assert done is not None
    return done


def test_a_whole_trail_is_said_to_be_whole(live_cast: Cast, sealed: list[int]) -> None:
    asked = request_audit_check(by=live_cast.zhou, at=NOW)
    assert asked.result == ""
    assert task() == 15
    found = AuditCheck.objects.get()
    assert (found.result, found.rows, found.seals, found.fault) == (CheckResult.WHOLE, 15, 3, "")
    last = AuditSeal.objects.latest("to_transaction")
    assert (found.head, found.until) == (last.hash, last.sealed_at)
    assert found.unsealed == AuditEntry.objects.filter(transaction_number__gte=last.to_transaction).count() - 1
    asking, done = AuditEntry.objects.filter(object_type="audit_check").order_by("pk")
    assert (asking.action, asking.actor, done.action, done.success) == (
        "audit.check",
        live_cast.zhou,
        "audit.checked",
        True,
    )
    assert not Notice.objects.exists()
    assert task() == 0


def test_a_row_changed_by_the_owner_is_found_named_and_told(live_cast: Cast, sealed: list[int]) -> None:
    as_owner("common_auditentry", "UPDATE common_auditentry SET actor_name = '别人' WHERE id = %s", sealed[7])
    found = verified(live_cast)
    assert (found.result, found.fault, found.bad_entry) == (CheckResult.BROKEN, ChainFault.CHANGED, sealed[7])
    assert (found.rows, found.bad_seal) == (5, AuditSeal.objects.order_by("to_transaction")[1].pk)
    told = AuditEntry.objects.get(action="audit.checked")
    assert (told.success, told.after["row"]) == (False, sealed[7])
    people = set(Notice.objects.filter(kind="audit.broken").values_list("staff__username", flat=True))
    assert people == {"zhou", "meng", "gu"}
    assert kind_words("audit.broken") == "审计链核验不通过,请立即查看"


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DELETE FROM common_auditentry WHERE id = %s", ChainFault.MISSING),
        ("UPDATE common_auditentry SET after = '{\"x\": 1}' WHERE id = %s", ChainFault.CHANGED),
    ],
)
def test_what_was_done_is_told_apart(live_cast: Cast, sealed: list[int], statement: str, fault: ChainFault) -> None:
    as_owner("common_auditentry", statement, sealed[0])
    found = verified(live_cast)
    assert (found.fault, found.bad_entry, found.rows) == (fault, sealed[0], 0)


def test_a_long_chain_is_looked_at_in_parts(live_cast: Cast, sealed: list[int]) -> None:
    request_audit_check(by=live_cast.meng, at=NOW)
    seen = []
    for _sweep in range(3):
        part = check_audit(at=NOW, seconds=0)
        assert part is not None
        seen.append((part.rows, part.finished_at))
    assert seen == [(5, None), (10, None), (15, None)]
    done = check_audit(at=NOW, seconds=0)
    assert done is not None
    assert (done.result, done.rows) == (CheckResult.WHOLE, 15)


def test_a_part_that_was_good_may_end_in_a_bad_one(live_cast: Cast, sealed: list[int]) -> None:
    request_audit_check(by=live_cast.meng, at=NOW)
    check_audit(at=NOW, seconds=0)
    as_owner(
        "common_auditseal", "UPDATE common_auditseal SET previous_hash = repeat('0', 64) WHERE id = %s", last_seal()
    )
    found = check_audit(at=NOW, seconds=60)
    assert found is not None
    assert (found.fault, found.bad_seal, found.bad_entry) == (ChainFault.GAP, last_seal(), None)


def last_seal() -> int:
    return AuditSeal.objects.latest("to_transaction").pk


def test_a_cut_tail_is_found_by_what_was_written_down(live_cast: Cast, sealed: list[int]) -> None:
    """The chain that is left is whole in itself: only an anchor shows that there was more."""
    written = AuditSeal.objects.latest("to_transaction")
    as_owner(
        "common_auditentry", "DELETE FROM common_auditentry WHERE transaction_number >= %s", written.from_transaction
    )
    as_owner("common_auditseal", "DELETE FROM common_auditseal WHERE id = %s", written.pk)
    assert verified(live_cast).result == CheckResult.WHOLE
    found = verified(live_cast, anchor=written.hash[:16].upper())
    assert (found.result, found.rows) == (CheckResult.UNANCHORED, 10)
    assert [there for _label, _hash, there in found.anchors] == [False, True]
    assert Notice.objects.filter(kind="audit.broken").count() == 3


def test_the_head_of_the_last_good_check_is_an_anchor(live_cast: Cast, sealed: list[int]) -> None:
    head = verified(live_cast).head
    as_owner("common_auditseal", "DELETE FROM common_auditseal WHERE hash = %s", head)
    found = verified(live_cast)
    assert (found.result, found.anchors[0][1:]) == (CheckResult.UNANCHORED, [head, False])


def test_each_night_the_portal_asks_unless_somebody_has(cast: Cast) -> None:
    ask_for_check()
    assert AuditCheck.objects.get().asked_by is None
    ask_for_check()
    assert AuditCheck.objects.count() == 1


def test_who_may_ask_and_for_what(cast: Cast) -> None:
    for person in (cast.xu, cast.gu, cast.qian, cast.wu):
        with pytest.raises(PermissionDenied):
            request_audit_check(by=person, at=NOW)
    for wrong in ("abc", "g" * 16, "a" * 65):
        with pytest.raises(Refused, match="校验码"):
            request_audit_check(anchor=wrong, by=cast.meng, at=NOW)
    request_audit_check(anchor=" " + "A" * 16 + " ", by=cast.meng, at=NOW)
    with pytest.raises(Refused, match="正在核验"):
        request_audit_check(by=cast.zhou, at=NOW)
    assert AuditCheck.objects.get().anchor == "a" * 16


def test_the_database_keeps_what_was_found(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditCheck.objects.create(asked_at=NOW, finished_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditCheck.objects.create(asked_at=NOW, finished_at=NOW, result=CheckResult.BROKEN)
    done = AuditCheck.objects.create(asked_at=NOW, finished_at=NOW + timedelta(0), result=CheckResult.WHOLE)
    for statement in ("UPDATE common_auditcheck SET rows = 9", "DELETE FROM common_auditcheck"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert AuditCheck.objects.get(pk=done.pk).rows == 0
