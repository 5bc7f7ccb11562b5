"""Taking a rating, and what belongs to it. The rating is saved with its case and history, or nothing is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from common.actions import record_audit
from common.actors import CITIZEN, Actor
from common.failpoints import failpoint
from common.ids import code_from, keyed_hash, new_token, uuid7
from evaluations.access import slip_duty
from evaluations.enums import LinkKind, Origin, RatingChannel, ServiceSource
from evaluations.grading import is_negative
from evaluations.models import Evaluation, FollowUp, FollowUpLink, RatingLink, Service, Tag
from evaluations.queries import name_index, rating_of
from identity.actions import store_evaluator
from identity.models import Evaluator
from organizations.enums import Topic
from organizations.models import Hall, ServiceItem, Staff, Unit, Window
from organizations.queries import staff_actor
from rectification.actions import record_citizen_verdict
from rectification.actions.dispatching import Complaint, open_case
from rectification.actions.telling import tell_citizen
from rectification.enums import Source, State, Target, Verdict
from rectification.models import Case


class AlreadyRated(Exception):
    """One service, one review: this one has been rated; `evaluation` is what was said then."""

    def __init__(self, evaluation: Evaluation) -> None:
        super().__init__(str(evaluation.pk))
        self.evaluation = evaluation


class AlreadyFollowedUp(Exception):
    """A case has one follow-up."""


@dataclass(frozen=True)
class Rated:
    """What a rating is about. The unit must have its region loaded."""

    target: Target
    unit: Unit
    item: ServiceItem | None = None
    hall: Hall | None = None
    window: Window | None = None
    staff: Staff | None = None
    service: Service | None = None
    topic: Topic | None = None

    @classmethod
    def of(cls, service: Service) -> Rated:
        """A service as the thing that is rated; only here a staff member is rated with it."""
        return cls(
            target=Target.SERVICE,
            unit=service.unit,
            item=service.item,
            hall=service.window.hall if service.window else None,
            window=service.window,
            staff=service.staff,
            service=service,
        )

    @property
    def place(self) -> str:
        """Where it happened, in words that stay with the case."""
        hall = self.hall or (self.window.hall if self.window else None)
        return " · ".join(str(part) for part in (hall, self.window) if part)


@dataclass(frozen=True)
class Words:
    """What the citizen said. Phone and name go to the vault and nowhere else."""

    level: int
    tags: Sequence[Tag] = ()
    text: str = ""
    phone: str = field(default="", repr=False)
    name: str = field(default="", repr=False)


@dataclass(frozen=True)
class Receipt:
    """What the citizen is shown. Number and code exist for negative ratings only."""

    evaluation: Evaluation
    case: Case | None = None
    code: str = field(default="", repr=False)


def submit_evaluation(
    rated: Rated, words: Words, *, nonce: str, channel: RatingChannel, origin: Origin, at: datetime
) -> Receipt:
    """Takes one rating; a negative one is born together with its case.

    The form's nonce makes a second press harmless: it leads to the same receipt. The service key makes a second
    rating impossible. Both are rows of one table, so the database keeps the promise over all partitions.

    Args:
        rated: what it is about.
        words: the level, tags of that level, text, and what was left for an answer.
        nonce: random, from the form.
        at: now.

    Raises:
        AlreadyRated: the service was rated before, from whatever door.
    """
    nonce_key = f"nonce:{nonce}"
    keys = [nonce_key] + ([rated.service.key] if rated.service else [])
    evaluation = Evaluation(id=uuid7(), received_at=at)
    with transaction.atomic():
        if _claim(keys, evaluation):
            receipt = _save(evaluation, rated, words, nonce=nonce, channel=channel, origin=origin, at=at)
            failpoint("rating_before_commit")
            return receipt
        transaction.set_rollback(True)
    return _earlier(nonce, nonce_key, keys)


def _claim(keys: Sequence[str], evaluation: Evaluation) -> bool:
    """Writes the keys; False if one of them is taken. Sorted, so that two claims cannot wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO evaluations_ratingkey (key, evaluation_id, received_at)"
            " SELECT key, %s, %s FROM unnest(%s) AS key ORDER BY key ON CONFLICT DO NOTHING",
            [evaluation.id, evaluation.received_at, list(keys)],
        )
        return bool(cursor.rowcount == len(keys))


def _earlier(nonce: str, nonce_key: str, keys: Sequence[str]) -> Receipt:
    for key in keys:
        evaluation = rating_of(key)
        if evaluation is not None and key == nonce_key:
            return receipt_of(evaluation, nonce)
        if evaluation is not None:
            raise AlreadyRated(evaluation)
    raise RuntimeError("a key was taken and is gone")


def receipt_of(evaluation: Evaluation, nonce: str) -> Receipt:
    """The receipt of a rating that came with this nonce."""
    return Receipt(evaluation, evaluation.case, code_from("tracking", nonce) if evaluation.case else "")


def _save(
    evaluation: Evaluation,
    rated: Rated,
    words: Words,
    *,
    nonce: str,
    channel: RatingChannel,
    origin: Origin,
    at: datetime,
) -> Receipt:
    failpoint("rating_claimed")
    evaluator = _store(words, at=at)
    code = code_from("tracking", nonce)
    case = None
    if is_negative(words.level):
        case = open_case(_complaint(rated, words, channel, evaluator, code), by=CITIZEN, at=at)
        failpoint("rating_case_opened")
    evaluation.rated_at, evaluation.level, evaluation.text = at, words.level, words.text
    evaluation.tags = [tag.code for tag in words.tags]
    evaluation.channel, evaluation.origin = channel, origin
    evaluation.target, evaluation.topic = rated.target, rated.topic or ""
    evaluation.service, evaluation.unit, evaluation.item = rated.service, rated.unit, rated.item
    evaluation.hall, evaluation.window, evaluation.staff = rated.hall, rated.window, rated.staff
    evaluation.evaluator, evaluation.case, evaluation.negative = evaluator, case, case is not None
    evaluation.consent_version = settings.CONSENT_VERSION
    evaluation.save(force_insert=True)
    if case is None:
        record_audit("evaluation.submit", ("evaluation", evaluation.pk), by=CITIZEN, at=at)
        return Receipt(evaluation)
    _send_receipt(case, code, at=at)
    return Receipt(evaluation, case, code)


def _store(words: Words, *, at: datetime) -> Evaluator | None:
    if not words.phone:
        return None
    return store_evaluator(phone=words.phone, name=words.name, consent_version=settings.CONSENT_VERSION, at=at)


def _complaint(rated: Rated, words: Words, channel: RatingChannel, evaluator: Evaluator | None, code: str) -> Complaint:
    return Complaint(
        source=Source.RATING,
        level=words.level,
        target=rated.target,
        channel=channel,
        unit=rated.unit,
        text=words.text,
        tags=tuple({"code": tag.code, "label": tag.label, "class": tag.problem_class} for tag in words.tags),
        item=rated.item,
        hall=rated.hall or (rated.window.hall if rated.window else None),
        window=rated.window,
        place=rated.place,
        rated_staff=rated.staff,
        evaluator=evaluator,
        served_at=rated.service.served_at if rated.service else None,
        tracking_code=code,
    )


def _send_receipt(case: Case, code: str, *, at: datetime) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        text = _("您的评价已收到。编号%(number)s,查询码%(code)s。进度: %(link)s") % {
            "number": case.number,
            "code": code,
            "link": f"{settings.PORTAL_URL}/t/",
        }
    tell_citizen(case, "receipt", text, at=at, first=True)


@transaction.atomic
def record_service(
    *,
    source: ServiceSource,
    project_number: str,
    item: ServiceItem,
    unit: Unit,
    served_at: datetime,
    by: Actor,
    service_number: int = 1,
    service_name: str = "",
    window: Window | None = None,
    staff: Staff | None = None,
    applicant: str = "",
) -> Service:
    """Notes a service that was given, so that it can be rated once. The same key again changes nothing.

    Args:
        applicant: kept as a keyed index only, to be compared with what a citizen types.
    """
    service, made = Service.objects.get_or_create(
        source=source,
        project_number=project_number,
        service_number=service_number,
        defaults={
            "service_name": service_name,
            "item": item,
            "unit": unit,
            "window": window,
            "staff": staff,
            "served_at": served_at,
            "applicant_index": name_index(applicant) if applicant else "",
        },
    )
    if made:
        record_audit("service.record", ("service", str(service)), by=by, at=served_at)
    return service


def make_rating_link(service: Service, *, kind: LinkKind, at: datetime) -> str:
    """A new one-time link for a service; only its hash is kept.

    Returns:
        The token, to be put behind /r/.
    """
    token = new_token()
    RatingLink.objects.create(
        token_hash=keyed_hash("rating-link", token),
        service=service,
        kind=kind,
        made_at=at,
        expires_at=at + timedelta(days=settings.RATING_LINK_DAYS),
    )
    return token


@transaction.atomic
def issue_slips(services: Sequence[Service], *, by: Staff, at: datetime) -> list[tuple[Service, str]]:
    """A one-time link for each service, to be printed. Whoever holds it can rate, so the trail says who printed it.

    Args:
        services: with their windows.

    Returns:
        The services with their tokens.

    Raises:
        PermissionDenied: one of them was not given at a window of the person's own unit.
    """
    issued = []
    for service in services:
        duty = slip_duty(by.duties, service.window.unit_id) if service.window else None
        if duty is None:
            raise PermissionDenied
        issued.append((service, make_rating_link(service, kind=LinkKind.SLIP, at=at)))
        record_audit("service.slip", ("service", str(service)[:60]), by=staff_actor(by, duty), at=at)
    return issued


@transaction.atomic
def follow_up(case: Case, *, verdict: Verdict, text: str, at: datetime) -> FollowUp:
    """追评: once per case, after the reply; kept beside the first rating (domain.md §4).

    Raises:
        AlreadyFollowedUp: this case has had its follow-up.
        rectification.workflow.NotAllowed: there is no reply yet to judge.
    """
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if FollowUp.objects.filter(case=case).exists():
        raise AlreadyFollowedUp(case.number)
    record_citizen_verdict(case, at=at, verdict=verdict, note=text, reworks_max=settings.REWORKS_MAX)
    return FollowUp.objects.create(case=case, verdict=verdict, text=text, at=at)


def invite_follow_ups(*, at: datetime, limit: int = 200) -> int:
    """Sends the link for 再次评价 to evaluators whose case has been answered; once per case.

    Returns:
        How many invitations were posted.
    """
    waiting = Case.objects.filter(state=State.REPLIED, evaluator__isnull=False, follow_up_link=None)
    return sum(_invite(pk, at) for pk in list(waiting.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _invite(pk: int, at: datetime) -> bool:
    case = Case.objects.select_for_update(of=("self",)).get(pk=pk)
    if case.state != State.REPLIED or FollowUpLink.objects.filter(case=case).exists():
        return False
    token = new_token()
    FollowUpLink.objects.create(
        token_hash=keyed_hash("follow-up", token),
        case=case,
        made_at=at,
        expires_at=at + timedelta(days=settings.FOLLOW_UP_DAYS),
    )
    with translation.override(settings.LANGUAGE_CODE):
        text = _("您反映的问题已有答复。查看并评价: %(link)s") % {"link": f"{settings.PORTAL_URL}/f/{token}"}
    return tell_citizen(case, "reply", text, at=at)


def make_partitions(*, today: date, months_ahead: int = 3) -> list[str]:
    """Makes the monthly tables for this month and those ahead.

    Returns:
        What became of each month: "made", "exists", or "in default" when rows came before their table.
    """
    months = [
        date(today.year + (today.month - 1 + n) // 12, (today.month - 1 + n) % 12 + 1, 1)
        for n in range(months_ahead + 1)
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT evaluations_make_partition(month) FROM unnest(%s) AS month", [months])
        return [row[0] for row in cursor.fetchall()]
