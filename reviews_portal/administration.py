"""Settings of the administrators' and auditors' pages; docs/operations.md lists every variable."""

# Heads of the audit chain on papers that have left the portal: functions that name them, without arguments.
AUDIT_ANCHORS = ["assessment.queries.scores.frozen_heads", "oversight.queries.service.printed_heads"]
