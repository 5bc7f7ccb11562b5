"""Settings of the administrators' and auditors' pages; docs/operations.md lists every variable."""

import environ

_env = environ.Env()

# Days without a sign-in after which an account is shown as idle.
IDLE_DAYS = _env.int("IDLE_DAYS", 90)
# Whether a role of weight is proposed by one administrator and agreed to by another.
ROLE_SECOND_PERSON = _env.bool("ROLE_SECOND_PERSON", _env.str("PORTAL_MODE", "production") != "test")
# From how many rows on a file is taken out only once another person has agreed; how many it may have at all (a sheet
# ends after 1,048,576, a task after CELERY_TASK_TIME_LIMIT); for how many days it may be taken.
EXPORT_SECOND_PERSON_ROWS = _env.int("EXPORT_SECOND_PERSON_ROWS", 5000)
EXPORT_ROWS_MAX = _env.int("EXPORT_ROWS_MAX", 200_000)
EXPORT_DAYS = _env.int("EXPORT_DAYS", 3)
# Who finds the rows of each kind: called with the person who asked and the filters of the page.
EXPORT_TABLES = {
    "ledger": "rectification.actions.exports.ledger_table",
    "trail": "reviews_portal.trail_files.trail_table",
}
# Heads of the audit chain on papers that have left the portal: functions that name them, without arguments.
AUDIT_ANCHORS = ["assessment.queries.scores.frozen_heads", "oversight.queries.service.printed_heads"]
