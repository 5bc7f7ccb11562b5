"""Questions of follow-ups: who leads them."""

from __future__ import annotations

from organizations.models import Staff
from oversight.access import READS_DOSSIERS
from oversight.models import Dossier


def leads(row: Dossier, user: Staff) -> bool:
    """Whether somebody reads it for the division whose it is, and not for the unit it is about."""
    return any(
        held.role in READS_DOSSIERS and held.region_prefix and row.region.code.startswith(held.region_prefix)
        for held in user.duties
    )
