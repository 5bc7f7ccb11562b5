"""归类规则 and 更正: a version is drafted, tried on past quarters, proposed by one person and adopted by another; the
class of one case is corrected by a person with a reason. Nothing reaches back behind a moment that has passed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.access import KEEPS_CLASSES, correcting_duty
from assessment.actions.versions import begin, hold
from assessment.classing import LONGEST_NAME, Rule, problems_of, read_rules, written
from assessment.enums import Grain, SchemeState
from assessment.models import ClassCorrection, ClassRules
from assessment.periods import period_of
from assessment.queries.classes import class_names, classes_of
from assessment.queries.trials import try_rules
from common.actions import record_audit
from common.actors import Actor
from organizations.actions.core import By, Refused, authorise
from organizations.queries import staff_actor
from rectification.models import Case


@transaction.atomic
def correct_class(case: Case, name: str, reason: str, *, by: By, at: datetime) -> ClassCorrection:
    """Says which class of problem a case is of; from now on, and never for what was read before.

    Args:
        name: a class there is; "" takes earlier corrections back.

    Raises:
        PermissionDenied: no duty over the unit that has the case.
        Refused: no reason, no such class, or nothing would change.
    """
    actor = _corrector(case, by)
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if not reason.strip():
        raise Refused(_("请写明理由"))
    if name and (len(name) > LONGEST_NAME or name not in class_names(at)):
        raise Refused(_("没有这个问题类别"))
    earlier = case.class_corrections.order_by("-pk").first()
    if name == (earlier.name if earlier else ""):
        raise Refused(_("已经是这样了,没有改变"))
    before = classes_of([case.pk], at=at)[case.pk].name
    made = ClassCorrection.objects.create(
        case=case, name=name, before=before, reason=reason.strip(), at=at, **actor.columns()
    )
    told = ({"class": before}, {"class": name})
    record_audit("class.correct", ("case", case.number), by=actor, at=at, before=told[0], after=told[1], reason=reason)
    return made


def _corrector(case: Case, by: By) -> Actor:
    if isinstance(by, Actor):
        return by
    held = correcting_duty(by.duties, case.unit)
    if held is None:
        raise PermissionDenied
    return staff_actor(by, held)


@transaction.atomic
def draft_class_rules(*, by: By, at: datetime, valid_from: date) -> ClassRules:
    """A new version that begins as a copy of the newest adopted one.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: another version is not finished.
    """
    actor = authorise(by, KEEPS_CLASSES)
    _one_at_a_time()
    base = ClassRules.objects.order_by("-version").first()
    said = {"valid_from": valid_from, "content": base.content if base else written(())}
    return begin(ClassRules.objects.all(), said, base=str(base or ""), by=by, actor=actor, at=at)


def _one_at_a_time() -> None:
    """Versions are begun one after the other; it is a matter of a moment, a few times a year."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('class rules'))")


@transaction.atomic
def change_class_rules(
    draft: ClassRules, rules: Sequence[Rule], *, by: By, at: datetime, valid_from: date, note: str = ""
) -> bool:
    """Writes into a draft. What is not sound yet is kept all the same; it is refused when it is proposed.

    Returns:
        Whether anything differed.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: it is no draft any more.
    """
    held = hold(draft, SchemeState.DRAFT, by=by, at=at, keepers=KEEPS_CLASSES)
    after = {"valid_from": valid_from, "content": written(rules), "note": note}
    return held.change(after, untried={"tried_at": None, "trial": []})


@transaction.atomic
def try_class_rules(draft: ClassRules, *, by: By, at: datetime) -> ClassRules:
    """Tries a draft on the last whole quarter and the running one, and keeps which cases would move.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: it is no draft, or not sound.
    """
    held = hold(draft, SchemeState.DRAFT, by=by, at=at, keepers=KEEPS_CLASSES)
    rules = _sound(held.row)
    running = period_of(timezone.localdate(at), Grain.QUARTER)
    trial = [try_rules(rules, held.row.valid_from, period, at=at).stored() for period in (running.before(), running)]
    told = {str(one["period"]): one["moved"] for one in trial}
    return held.step("try", {"trial": trial, "tried_at": at}, after=told)


@transaction.atomic
def propose_class_rules(draft: ClassRules, *, by: By, at: datetime) -> ClassRules:
    """Puts a draft before another person.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: not sound, or not tried as it stands.
    """
    held = hold(draft, SchemeState.DRAFT, by=by, at=at, keepers=KEEPS_CLASSES)
    _sound(held.row)
    if held.row.tried_at is None:
        raise Refused(_("请先用上季度的件试算,再提请审定"))
    return held.propose()


@transaction.atomic
def send_back_class_rules(draft: ClassRules, *, by: By, at: datetime) -> ClassRules:
    """Makes a proposed version a draft again.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: it is not proposed.
    """
    return hold(draft, SchemeState.PROPOSED, by=by, at=at, keepers=KEEPS_CLASSES).send_back()


@transaction.atomic
def adopt_class_rules(draft: ClassRules, *, by: By, at: datetime) -> ClassRules:
    """Puts a version in force for cases received from its day on, as far as anybody looks from now on.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: not proposed, or proposed by the same person.
    """
    return hold(draft, SchemeState.PROPOSED, by=by, at=at, keepers=KEEPS_CLASSES).adopt(_sound)


@transaction.atomic
def discard_class_rules(draft: ClassRules, *, by: By, at: datetime) -> None:
    """Throws a draft away; its wording stays in the trail.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: it is no draft.
    """
    hold(draft, SchemeState.DRAFT, by=by, at=at, keepers=KEEPS_CLASSES).discard()


def _sound(draft: ClassRules) -> tuple[Rule, ...]:
    rules = read_rules(draft.content)
    found = problems_of(rules)
    if found:
        raise Refused(";".join(found))
    return rules
