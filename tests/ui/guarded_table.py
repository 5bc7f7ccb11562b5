"""The rows of the auditor and the administrators: who looks at which address."""

from __future__ import annotations

from tests.support.portal import Portal
from tests.ui.rows import SEND, Row, first

# A large file of Qian's, one of the auditor's; a verification that has ended and one that waits; a backup, no restore.
GUARD = """
from django.conf import settings
from django.utils import timezone
from common.actions import record_drill, record_task_end, seal_audit
from common.actors import SYSTEM
from common.enums import Drill
from organizations.actions import check_audit, request_audit_check, run_exports
from organizations.models import Staff
from rectification.actions import request_export
settings.EXPORT_SECOND_PERSON_ROWS = 1
now, by = timezone.now(), {one.username: one for one in Staff.objects.all()}
request_export(by=by["qian"], at=now, format="csv", filters={}, reason="全市年度核查")
run_exports(at=now)
settings.EXPORT_SECOND_PERSON_ROWS = 5000
request_export(by=by["wu"], at=now, format="xlsx", filters={}, reason="本人核对")
run_exports(at=now)
seal_audit(at=now)
request_audit_check(by=by["meng"], at=now)
check_audit(at=now, seconds=60)
record_drill(Drill.BACKUP, succeeded=True, by=SYSTEM, at=now, seconds=61, size=5 * 1024**3)
record_task_end("common.tasks.deliver_outbox", began_at=now, at=now)
record_task_end("common.tasks.seal_audit", began_at=now, at=now, error="OperationalError")
"""
_FOUND = "SELECT id FROM common_export WHERE takes_two AND approved IS NULL ORDER BY id LIMIT 1"


def _made(portal: Portal) -> None:
    if not portal.query(_FOUND):
        portal.manage("shell", "-v", "0", "-c", GUARD)


def _waiting(portal: Portal) -> str:
    _made(portal)
    return f"/desk/exports/waiting/{portal.query(_FOUND)[0][0]}/"


def _after(address: str):  # type: ignore[no-untyped-def]
    """An address whose page has something to show only once there is something."""

    def found(portal: Portal) -> str:
        _made(portal)
        return address

    return found


_proposal = first(
    "SELECT id FROM organizations_roleproposal WHERE approved IS NULL ORDER BY id LIMIT 1", "/desk/people/proposals/{}/"
)
GUARDED: dict[str, Row] = {
    "audit-checks": Row("meng", _after("/desk/audit/checks/")),
    "audit-looks": Row("zhou", "/desk/audit/looks/", empty="/desk/audit/looks/?day=2020-01-01"),
    "audit-exports": Row("zhou", _after("/desk/audit/exports/"), empty="/desk/audit/exports/?who=zzzz"),
    "audit-file": Row("zhou", "/desk/audit/file/?who=wu", spoil=SEND),
    "status": Row("xu", _after("/desk/status/")),
    "structure-proposals": Row("ge", "/desk/people/proposals/"),
    "structure-proposal": Row("ge", _proposal, spoil=SEND),
    "exports-waiting": Row("gu", _after("/desk/exports/waiting/")),
    "export-decide": Row("gu", _waiting, spoil=SEND),
}
