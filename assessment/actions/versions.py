"""The way of a version, of whatever kind: begun and changed as a draft, proposed by one person, adopted by another.
Each step locks the row, is refused in any other state than its own, and writes the trail in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from assessment.enums import SchemeState
from assessment.models.versions import Version
from common.actions import record_audit
from common.actors import Actor
from organizations.actions.core import By, Refused, authorise
from organizations.enums import Role
from organizations.models import Staff

AnyVersion = TypeVar("AnyVersion", bound=Version)


def begin(
    known: QuerySet[AnyVersion], said: Mapping[str, object], *, base: str, by: By, actor: Actor, at: datetime
) -> AnyVersion:
    """The next version after those known, as a draft.

    Args:
        base: what it is a copy of, for the trail.

    Raises:
        Refused: another version is not finished.
    """
    if known.filter(state__in=[SchemeState.DRAFT, SchemeState.PROPOSED]).exists():
        raise Refused(_("已有一个未审定的版本,请先改完或删除"))
    last = known.order_by().aggregate(last=Max("version"))["last"] or 0
    made = known.create(version=last + 1, changed_at=at, changed_by=_person(by), **said)
    _record(made, "draft", by=actor, at=at, after={"base": base})
    return made


def hold(
    version: AnyVersion, state: SchemeState, *, by: By, at: datetime, keepers: Collection[Role]
) -> Held[AnyVersion]:
    """Locks a version for one step.

    Raises:
        PermissionDenied: not one of the keepers.
        Refused: it is not in this state any more.
    """
    actor = authorise(by, keepers)
    locked = type(version)._default_manager.select_for_update().filter(pk=version.pk).first()
    if locked is None or locked.state != state:
        raise Refused(_("这个版本已不是“%(state)s”,请刷新页面") % {"state": state.label})
    return Held(locked, by, actor, at)


@dataclass(frozen=True)
class Held(Generic[AnyVersion]):
    """A version that is locked in a state, and who takes a step with it when."""

    row: AnyVersion
    by: By
    actor: Actor
    at: datetime

    def step(self, verb: str, facts: Mapping[str, object], **told: Any) -> AnyVersion:
        """Writes facts, and tells the trail by this verb what was before or after."""
        for name, value in facts.items():
            setattr(self.row, name, value)
        self.row.save(update_fields=list(facts))
        _record(self.row, verb, by=self.actor, at=self.at, **told)
        return self.row

    def change(self, said: Mapping[str, object], *, untried: Mapping[str, object]) -> bool:
        """Writes what is said otherwise, and returns whether anything is.

        Args:
            untried: what is forgotten of the trial with other content or another first day.
        """
        before = {name: getattr(self.row, name) for name, value in said.items() if value != getattr(self.row, name)}
        after = {name: said[name] for name in before}
        if before:
            again = untried if before.keys() & {"content", "valid_from"} else {}
            facts = {**after, **again, "changed_at": self.at, "changed_by": _person(self.by)}
            self.step("change", facts, before=before, after=after)
        return bool(before)

    def propose(self) -> AnyVersion:
        facts = {"state": SchemeState.PROPOSED, "proposed_at": self.at, "proposed_by": _person(self.by)}
        return self.step("propose", facts)

    def send_back(self) -> AnyVersion:
        return self.step("send_back", {"state": SchemeState.DRAFT, "proposed_at": None, "proposed_by": None})

    def adopt(self, sound: Callable[[AnyVersion], object]) -> AnyVersion:
        """Puts a version in force from its day on.

        Args:
            sound: refuses what may not be in force.

        Raises:
            Refused: proposed by the same person, or not sound.
        """
        if isinstance(self.by, Staff) and self.row.proposed_by_id == self.by.pk:
            raise Refused(_("提请的人不能审定,请另一位市级督导审定"))
        sound(self.row)
        facts = {"state": SchemeState.ADOPTED, "adopted_at": self.at, "adopted_by": _person(self.by)}
        return self.step("adopt", facts, after={"valid_from": self.row.valid_from})

    def discard(self) -> None:
        """Throws a draft away; its wording stays in the trail."""
        _record(self.row, "discard", by=self.actor, at=self.at, before={"content": self.row.content})
        self.row.delete()


def _record(row: Version, verb: str, *, by: Actor, at: datetime, **told: Any) -> None:
    record_audit(f"{row.trail}.{verb}", (row.trail, row.key), by=by, at=at, **told)


def _person(by: By) -> Staff | None:
    return by if isinstance(by, Staff) else None
