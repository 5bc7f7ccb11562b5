"""Who writes, signs and reads the notice. Each predicate once."""

from __future__ import annotations

from organizations.enums import Role

# The notice is the city's: whoever supervises it drafts, reviews and signs, never one person alone.
WRITES = frozenset({Role.CITY_SUPERVISOR, Role.DISPATCHER})
SIGNS = frozenset({Role.CITY_SUPERVISOR})
READS_DRAFTS = WRITES | {Role.AUDITOR}
# It is served on every unit; its supervisor says that it was read.
ACKNOWLEDGES = frozenset({Role.UNIT_SUPERVISOR, Role.COUNTY_SUPERVISOR})
READS_NOTICES = READS_DRAFTS | ACKNOWLEDGES
