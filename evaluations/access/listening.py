"""Who may do what with reviews, suggestions and surveys. Each set once; everybody asks here."""

from __future__ import annotations

from evaluations.workflow import READERS
from organizations.enums import Role

# 精准评议: the city's management body asks, the management bodies and the auditor read.
RUNS_REVIEWS = frozenset({Role.CITY_SUPERVISOR})
READS_REVIEWS = RUNS_REVIEWS | {Role.COUNTY_SUPERVISOR, Role.DISPATCHER, Role.AUDITOR}
# 抽访: who plans the sample never calls, and who calls never plans.
RUNS_SURVEYS = frozenset({Role.CITY_SUPERVISOR})
READS_SURVEYS = RUNS_SURVEYS | {Role.AUDITOR}
CALLS = frozenset({Role.CALLBACK})
# Whoever has something to do under 听取意见.
LISTENS = READS_REVIEWS | READS_SURVEYS | READERS | CALLS
