"""Settings of the administrators' and auditors' pages; docs/operations.md lists every variable."""

import environ

_env = environ.Env()

# Days without a sign-in after which an account is shown as idle.
IDLE_DAYS = _env.int("IDLE_DAYS", 90)
# Whether a role of weight is proposed by one administrator and agreed to by another.
ROLE_SECOND_PERSON = _env.bool("ROLE_SECOND_PERSON", _env.str("PORTAL_MODE", "production") != "test")
# Heads of the audit chain on papers that have left the portal: functions that name them, without arguments.
AUDIT_ANCHORS = ["assessment.queries.scores.frozen_heads", "oversight.queries.service.printed_heads"]
