"""走流程公示: a supervisor lets out what a walk has found and changed, without anybody's name, and may take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actions import record_audit
from common.actors import Actor
from disclosure.enums import DisclosureAct
from disclosure.models import PublicWalk, PublicWalkEvent
from organizations.actions import Refused
from organizations.models import Staff
from organizations.queries import staff_actor
from oversight.access import managing
from oversight.actions import refuse_personal
from oversight.enums import Kind, WalkStage
from oversight.models import Dossier, Walk
from oversight.queries.walks import total_minutes


@dataclass(frozen=True)
class WalkWords:
    """What goes out: what came of it, and pairs of a problem and what was done about it."""

    summary: str
    problems: Sequence[tuple[str, str]] = ()


@transaction.atomic
def publish_walk(
    dossier: Dossier, words: WalkWords, *, by: Staff, at: datetime, note: str = "", seen: int | None = None
) -> PublicWalk:
    """公示, or 重新公示 with other words.

    Args:
        seen: the version of what is public that was on the screen; 0 where nothing is.

    Raises:
        PermissionDenied: somebody who does not lead the division, or sits in the department that walked.
        Refused: the walk is not closed, somebody can be recognised, or somebody was faster.
    """
    row = Dossier.objects.select_for_update(of=("self",)).select_related("region", "unit").get(pk=dossier.pk)
    actor = _deciding(row, by)
    if row.kind != Kind.WALK or row.stage != WalkStage.CLOSED or row.unit is None:
        raise Refused(_("办结以后才能公示。"))
    walk = Walk.objects.select_related("item").get(dossier=row)
    before = PublicWalk.objects.filter(number=row.number).first()
    if seen is not None and seen != (before.version if before else 0):
        raise Refused(_("刚刚被别人改过,请看过最新内容再操作。"))
    texts = [words.summary, walk.post, *(text for pair in words.problems for text in pair)]
    refuse_personal(*texts, names=(walk.leader,))
    public = before or PublicWalk(number=row.number, published_on=timezone.localdate(at))
    facts = {
        "unit": row.unit,
        "unit_name": row.unit.name,
        "post": walk.post,
        "role": walk.role,
        "item": walk.item.name,
        "walked_on": walk.walked_on,
        "minutes": total_minutes(walk.steps.all()),
        "summary": words.summary.strip(),
        "problems": [[problem.strip(), fix.strip()] for problem, fix in words.problems if problem.strip()],
        "shown": True,
    }
    for name, value in facts.items():
        setattr(public, name, value)
    _keep(public, DisclosureAct.PUBLISH, by=actor, at=at, note=note)
    return public


@transaction.atomic
def take_down_walk(dossier: Dossier, reason: str, *, by: Staff, at: datetime, seen: int | None = None) -> PublicWalk:
    """撤下, for a reason; what was public stays in the history.

    Raises:
        PermissionDenied: as `publish_walk`.
        Refused: nothing is public, no reason is given, or somebody was faster.
    """
    row = Dossier.objects.select_for_update(of=("self",)).select_related("region", "unit").get(pk=dossier.pk)
    actor = _deciding(row, by)
    public = PublicWalk.objects.filter(number=row.number, shown=True).first()
    if public is None:
        raise Refused(_("还没有公示。"))
    if seen is not None and seen != public.version:
        raise Refused(_("刚刚被别人改过,请看过最新内容再操作。"))
    if not reason.strip():
        raise Refused(_("请填写理由。"))
    public.shown, public.summary, public.problems = False, "", []
    _keep(public, DisclosureAct.TAKE_DOWN, by=actor, at=at, note=reason)
    return public


def _deciding(row: Dossier, by: Staff) -> Actor:
    membership = managing(by.duties, row.region.code, row.unit)
    if membership is None:
        raise PermissionDenied("disclosure")
    return staff_actor(by, membership)


def _keep(public: PublicWalk, act: DisclosureAct, *, by: Actor, at: datetime, note: str) -> None:
    public.version += 1
    public.save()
    texts = {"summary": public.summary, "problems": public.problems}
    PublicWalkEvent.objects.create(walk=public, act=act, at=at, note=note, texts=texts, **by.columns())
    record_audit(f"walk.{act}", ("walk", public.number), by=by, at=at, after={"shown": public.shown}, reason=note)
