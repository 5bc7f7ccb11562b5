"""What auditors and administrators look after: the trail, roles that were proposed, large files, the clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.test import override_settings

from common.models import Export
from organizations.actions import propose_role, run_exports
from organizations.enums import Role
from rectification.actions import request_export
from tests.authz.probing import NOTHING, Probe, types
from tests.factories import NOW

if TYPE_CHECKING:
    from tests.authz.world import World


class Guarding:
    """Gu has proposed a role for Wei; Qian's file of the ledger waits for somebody else's word."""

    def __init__(self, world: World) -> None:
        cast = world.cast
        facts = {"role": Role.AUDITOR, "unit": cast.body, "valid_from": NOW.date(), "note": "轮岗"}
        self.proposal = propose_role(cast.wei, by=cast.gu, at=NOW, **facts)
        with override_settings(EXPORT_SECOND_PERSON_ROWS=0):
            order = request_export(by=cast.qian, at=NOW, format="csv", filters={}, reason="核查")
            run_exports(at=NOW)
        self.export = Export.objects.get(pk=order.pk)


def guarded() -> Iterator[Probe]:
    """Reads of the trail and of the clock, and the words of a second person."""
    for name in ("audit-looks", "audit-exports", "status", "structure-proposals", "exports-waiting"):
        yield Probe(name)
    yield Probe("audit-checks", "", NOTHING, "auditor", types(anchor=""))
    yield Probe("audit-file", "", NOTHING, "auditor", types(format="csv", reason="检查"))
    yield Probe("structure-roles-file")
    agreed = types(approved="yes")
    for about, proposal in (("waiting", lambda w, who: [w.guarding.proposal.pk]), ("unknown", lambda w, who: [0])):
        yield Probe("structure-proposal", about, proposal, "audit_admin" if about == "waiting" else "", agreed)
    for about, export in (("waiting", lambda w, who: [w.guarding.export.pk]), ("unknown", lambda w, who: [0])):
        yield Probe("export-decide", about, export, "security" if about == "waiting" else "", agreed)
