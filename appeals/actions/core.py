"""What every act of an appeal does: lock the row, ask in what capacity, write the trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from appeals.models import Appeal
from common.actions import record_audit
from common.actors import Actor
from organizations.models import Membership, Staff
from organizations.queries import staff_actor
from rectification.actions.core import Refused, capacities
from rectification.enums import Party
from rectification.models import Case


def lock(appeal: Appeal) -> Appeal:
    """The row as it stands now, held until the transaction ends.

    Whoever holds an appeal may go on to its case; never the other way round, or two of them wait for each other.
    """
    rows = Appeal.objects.select_for_update(of=("self",))
    return rows.select_related("case__unit__region", "ground", "unit", "reviews", "other_unit").get(pk=appeal.pk)


def standing(by: Staff, case: Case) -> dict[Party, Membership]:
    """In which capacities a member of staff stands towards a case, with the membership each follows from."""
    return {party: held for party, held in capacities(by, case).items() if held is not None}


def acting(by: Staff, case: Case, *parties: Party) -> Actor:
    """How somebody appears in history who acts in one of these capacities.

    Raises:
        Refused: they stand in none of them.
    """
    found = standing(by, case)
    for party in parties:
        if party in found:
            return staff_actor(by, found[party])
    raise Refused(_("您不能办理这一步。"))


def audit(
    action: str, appeal: Appeal, *, by: Actor, at: datetime, after: Mapping[str, Any] | None = None, note: str = ""
) -> None:
    """The act's row on the audit trail."""
    facts = {"case": appeal.case.number, "stage": appeal.stage, **(after or {})}
    record_audit(f"appeal.{action}", ("appeal", appeal), by=by, at=at, after=facts, reason=note)


def in_the_portals_language() -> Any:
    """For texts that are kept or sent: they are in the language of the portal, whoever's page made them."""
    return translation.override(settings.LANGUAGE_CODE)
