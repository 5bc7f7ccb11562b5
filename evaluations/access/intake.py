"""Who runs the intake, and who looks on. Each predicate once; everybody asks here."""

from __future__ import annotations

from organizations.enums import Role

RUNS_INTAKE = frozenset({Role.SYSTEM_ADMIN})
# Supervisors and auditors see what came in and what became of it; they change nothing.
READS_INTAKE = RUNS_INTAKE | {Role.CITY_SUPERVISOR, Role.AUDITOR}
