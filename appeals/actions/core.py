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
from identity.redaction import LABELS, find_personal
from organizations.models import Membership, Staff
from organizations.queries import staff_actor
from rectification.actions.core import Refused, capacities
from rectification.enums import Party
from rectification.models import Case


def lock(appeal: Appeal) -> Appeal:
    """The row as it stands now, held until the transaction ends.

    Whoever holds an appeal may go on to its case; never the other way round, or two of them wait for each other.
    """
    rows = Appeal.objects.select_for_update(of=("self",)).select_related("case__unit__region", "ground", "unit")
    return rows.select_related("reviews", "other_unit", "other_staff").get(pk=appeal.pk)


def hold_case(appeal: Appeal) -> Case:
    """The case of an appeal that is held already, held as well."""
    return Case.objects.select_for_update(of=("self",)).get(pk=appeal.case_id)


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


# What tells who somebody is, wherever it stands. Names and numbers of services are part of what is argued about.
TELLS_WHO = frozenset({"mobile", "id_card", "bank_card", "plate", "email"})


def require_nobody_named(*texts: str) -> None:
    """Keeps the evaluator's number, card or plate out of everything a panel reads or a ruling says.

    Raises:
        Refused: a text holds one; every kind is named.
    """
    found = [LABELS[span.rule] for text in texts for span in find_personal(text) if span.rule in TELLS_WHO]
    if found:
        raise Refused(_("请删去能认出评价人的内容: %(kinds)s。") % {"kinds": "、".join(dict.fromkeys(found))})


def in_the_portals_language() -> Any:
    """For texts that are kept or sent: they are in the language of the portal, whoever's page made them."""
    return translation.override(settings.LANGUAGE_CODE)
