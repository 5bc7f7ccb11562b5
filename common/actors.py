"""Who acts, as words and ids that are copied into history."""

from __future__ import annotations

from dataclasses import dataclass

from common.enums import ActorKind


@dataclass(frozen=True)
class Actor:
    """One person, in one role, for one unit; or the citizen; or the clock."""

    kind: ActorKind
    staff_id: int | None = None
    name: str = ""
    unit: str = ""
    role: str = ""

    def columns(self) -> dict[str, object]:
        """The fields of `common.models.ActedBy`."""
        return {
            "actor_kind": self.kind,
            "actor_id": self.staff_id,
            "actor_name": self.name,
            "actor_unit": self.unit,
            "actor_role": self.role,
        }


CITIZEN = Actor(ActorKind.CITIZEN, name="评价人")
SYSTEM = Actor(ActorKind.SYSTEM, name="系统")
