"""Questions about what may be rated, and what was."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from common.ids import first_uuid7, keyed_hash
from common.memory import Memory
from common.prepared import Reading
from evaluations import entering
from evaluations.enums import FaultCode, LinkKind
from evaluations.faults import Fault
from evaluations.keys import FIRST_RATING, THE_SERVICE, Key
from evaluations.models import (
    Batch,
    Evaluation,
    FollowUp,
    FollowUpLink,
    LeftRow,
    OptOut,
    RatingLink,
    Service,
    ServiceKey,
    SubmittedForm,
    Tag,
)
from identity.crypto import Vault
from identity.models import Evaluator
from identity.queries import vault
from organizations.enums import UnitLevel
from organizations.models import Hall, ServiceItem, Unit, Window
from organizations.queries import known_item, known_person, known_unit, known_window, working_calendar
from rectification import deadlines, workflow
from rectification.actions.dispatching import tracking_hash
from rectification.enums import Action, Duty, Party, Stage, State, TimeUnit
from rectification.models import Case, CaseEvent, Report
from rectification.queries import clock_rules, rule_for, rules_in_force

# Planned once, with the services of every month; planned for each question, that takes ten times as long as the answer.
LINK = Reading(
    RatingLink,
    "rating_link",
    "first.token_hash = %(token)s AND first.expires_at > %(at)s",
    {"token": "text", "at": "timestamptz"},
    of="service",
)
SERVICE = Reading(Service, "service_with", "first.id = %(id)s", {"id": "uuid"})
_tags: Memory[str, list[Tag]] = Memory(15)


def service_of_link(token: str, at: datetime) -> RatingLink | None:
    """The link a token stands for, with everything its page shows; None if unknown or expired."""
    link = LINK.first(token=keyed_hash("rating-link", token), at=at)
    if link is not None:
        _surround(link.service)
    return link


def link_of_invitation(token: str) -> RatingLink | None:
    """The link that an SMS carried, however old: who was invited once may stop it at any time."""
    links = RatingLink.objects.select_related("service__contact").filter(kind=LinkKind.SMS)
    return links.filter(token_hash=keyed_hash("rating-link", token), service__contact__isnull=False).first()


def invitations_stopped(contact: Evaluator) -> bool:
    """Whether this phone gets no invitations."""
    return OptOut.objects.filter(phone_index=contact.phone_index).exists() if contact.phone_index else True


def unrated(services: QuerySet[Service]) -> QuerySet[Service]:
    """Those of the services that nobody has rated yet, through whatever door."""
    rated = ServiceKey.objects.filter(
        project_number=OuterRef("project_number"),
        source=OuterRef("source"),
        service_number=OuterRef("service_number"),
        assess_number=FIRST_RATING,
    )
    return services.filter(~Exists(rated))


def services_at_window(window: Window, day: date) -> QuerySet[Service]:
    """Today's services at a window that nobody has rated yet, newest first."""
    return unrated(_of_the_day(window, day)).select_related("item").order_by("-served_at")


def service_at_window(window: Window, day: date, key: str) -> Service | None:
    """The service of this window and day that somebody has chosen, rated or not; a second press needs it too."""
    try:
        chosen = uuid.UUID(key)
    except ValueError:
        return None
    related = "unit__region", "item", "window__hall", "staff"
    return _of_the_day(window, day).select_related(*related).filter(pk=chosen).first()


def _of_the_day(window: Window, day: date) -> QuerySet[Service]:
    return _on(Service.objects.filter(window=window), day)


def _on(services: QuerySet[Service], day: date) -> QuerySet[Service]:
    return services.filter(pk__gte=day_start(day), pk__lt=day_start(day + timedelta(days=1)))


def slip_services(unit_ids: Collection[int]) -> QuerySet[Service]:
    """Unrated services at the windows of some units, with what their slips show; newest first."""
    # By the windows' keys and not by a join: the index on window and time finds them among all services of the city.
    windows = list(Window.objects.filter(unit_id__in=unit_ids).values_list("pk", flat=True))
    services = Service.objects.filter(window_id__in=windows)
    return unrated(services).select_related("item", "window__hall", "window__unit").order_by("-pk")


def slip_services_today(unit_ids: Collection[int], day: date, most: int) -> list[Service]:
    """Those of a day whose slips are offered without asking for a number."""
    return list(_on(slip_services(unit_ids), day)[:most])


def day_start(day: date) -> uuid.UUID:
    """The lowest identifier of a day here; identifiers of services and ratings tell their time."""
    return first_uuid7(timezone.make_aware(datetime.combine(day, time())))


def service_with(pk: uuid.UUID) -> Service | None:
    """A service with everything its page shows; unit, item, window and person as they are known."""
    service = SERVICE.first(id=pk)
    if service is not None:
        _surround(service)
    return service


def _surround(service: Service) -> None:
    unit, item = known_unit(service.unit_id), known_item(service.item_id)
    assert unit is not None
    assert item is not None
    service.unit, service.item = unit, item
    service.window, service.staff = known_window(service.window_id), known_person(service.staff_id)


def guide_of(code: str) -> ServiceItem | None:
    """The item whose guide (办事指南) is rated."""
    return ServiceItem.objects.select_related("unit__region").filter(code=code).first()


def items_named(words: str, limit: int = 20) -> list[ServiceItem]:
    """Items whose name holds these words, or whose code it is."""
    found = ServiceItem.objects.filter(Q(name__icontains=words) | Q(code=words), closed_on=None)
    return list(found.select_related("unit").order_by("name", "code")[:limit])


def hall_of(code: str) -> Hall | None:
    return Hall.objects.select_related("unit__region").filter(code=code).first()


def halls() -> list[Hall]:
    return list(Hall.objects.select_related("unit__region"))


def city_body() -> Unit | None:
    """The city's own management body, which answers for the platform, the hotline and the reform topics."""
    bodies = Unit.objects.active().filter(supervises=True, level=UnitLevel.CITY)
    return bodies.select_related("region").first()


def find_service(project_number: str, applicant: str) -> Service | None:
    """The newest service with this number, if the name is its applicant's; one answer for all that fails."""
    keys = ServiceKey.objects.filter(project_number=project_number.strip(), assess_number=THE_SERVICE)
    services = Service.objects.filter(pk__in=list(keys.values_list("row", flat=True)[:100]))
    related = "unit__region", "item", "window__hall", "staff"
    named = services.filter(applicant_index=name_index(applicant))
    return named.select_related(*related).order_by("-service_number").first()


def service_of(evaluation: Evaluation) -> Service | None:
    """The service a rating is about, if it has been reported."""
    if not evaluation.project_number:
        return None
    key = Key(evaluation.project_number, evaluation.source, evaluation.service_number, THE_SERVICE)
    entry = ServiceKey.objects.filter(pk=tuple(key)).first()
    return service_with(entry.row) if entry else None


def name_index(name: str, safe: Vault | None = None) -> str:
    """The keyed index of an applicant's name: comparable, not readable.

    Args:
        safe: the vault, for those who ask for many names.
    """
    return (safe or vault()).blind_index("name:" + "".join(name.split()))


def last_day_to_rate(service: Service) -> date:
    """The end of the supplementary window: working days after the service day (鲁政办发〔2020〕10号: 5)."""
    served = timezone.localdate(service.served_at)
    calendar = working_calendar(served, served + timedelta(days=30))
    return calendar.add_working_days(served, settings.SUPPLEMENT_WORKING_DAYS)


def first_open_day(today: date) -> date:
    """The earliest service day on which a service can still be rated today."""
    calendar = working_calendar(today - timedelta(days=60), today)
    return entering.first_open_day(today, calendar, settings.SUPPLEMENT_WORKING_DAYS)


def closed_since(service: Service, today: date) -> date | None:
    """The last day on which a service could be rated, if it has passed."""
    # As many natural days as working days are allowed cannot be too many: then no calendar is asked.
    if (today - timezone.localdate(service.served_at)).days <= settings.SUPPLEMENT_WORKING_DAYS:
        return None
    last = last_day_to_rate(service)
    return last if last < today else None


def rating_of(key: Key) -> Evaluation | None:
    """The rating of a service that a key led to."""
    entry = ServiceKey.objects.filter(pk=tuple(key)).first()
    return _rating(entry.row) if entry else None


KNOWN_KEYS = """
SELECT k.project_number, k.source, k.service_number, k.assess_number, k.row
FROM unnest(%s::text[], %s::text[], %s::int[], %s::int[]) AS asked (number, source, times, assess)
JOIN evaluations_servicekey k ON k.project_number = asked.number AND k.source = asked.source
    AND k.service_number = asked.times AND k.assess_number = asked.assess
"""


def ratings_of(keys: Collection[Key]) -> dict[Key, Evaluation]:
    """The ratings that keys led to; thousands may be asked for at once."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_KEYS, [list(column) for column in zip(*keys, strict=True)])
        rows = {Key(*key): row for *key, row in cursor.fetchall()}
    found = Evaluation.objects.in_bulk(list(rows.values()))
    return {key: found[row] for key, row in rows.items()}


def rating_of_form(nonce: str) -> Evaluation | None:
    """The rating that a form with this nonce became."""
    entry = SubmittedForm.objects.filter(pk=nonce).first()
    return _rating(entry.row) if entry else None


def _rating(pk: uuid.UUID) -> Evaluation | None:
    return Evaluation.objects.select_related("case").filter(pk=pk).first()


def left_of(batch: Batch) -> list[tuple[LeftRow, list[Fault]]]:
    """The rows of a batch that were put aside or came in with a doubt, in their order, with what was wrong."""
    return [(row, faults_of(row)) for row in batch.left.order_by("line")]


def faults_of(row: LeftRow) -> list[Fault]:
    """What was wrong with a row."""
    return [Fault(column, FaultCode(code), params) for column, code, params in row.faults]


def active_tags() -> list[Tag]:
    """The tags in use, core ones first within each level; as they were a quarter of a minute ago at most."""
    return _tags.get("active", lambda _active: list(Tag.objects.filter(active=True))) or []


def tags_of(evaluation: Evaluation) -> list[Tag]:
    """The tags of a rating, retired ones too."""
    return list(Tag.objects.filter(code__in=evaluation.tags))


def tracked_case(number: str, code: str) -> Case | None:
    """The case of a number and tracking code. Unknown number and wrong code cost the same and say the same."""
    expected = tracking_hash(number, code)
    return Case.objects.filter(number=number, tracking_hash=expected).select_related("unit").first()


def case_numbered(number: str) -> Case | None:
    """A case by its public number, for somebody who has shown its code."""
    return Case.objects.select_related("unit").filter(number=number).first()


def case_of_follow_up(token: str, at: datetime) -> FollowUpLink | None:
    """The link sent with the reply; None if unknown or expired."""
    links = FollowUpLink.objects.select_related("case__unit")
    return links.filter(token_hash=keyed_hash("follow-up", token), expires_at__gt=at).first()


PUBLIC_DUTIES = (Duty.DISPATCH, Duty.CONTACT, Duty.RECTIFY, Duty.REWORK)


@dataclass(frozen=True)
class Expectation:
    """By when the evaluator may expect something, whether that date is provisional, and when it was done."""

    due_at: datetime
    provisional: bool
    met_at: datetime | None = None


def expectations(case: Case) -> dict[Duty, Expectation]:
    """What the evaluator is promised, by when: the running duties, and those the rules in force will begin.

    A duty that begins with 转办 is reckoned from the last moment at which the case must be passed on.
    """
    rows = case.deadlines.filter(duty__in=PUBLIC_DUTIES, withdrawn_at=None).order_by("round", "due_at")
    found = {Duty(row.duty): Expectation(row.due_at, row.provisional, row.met_at) for row in rows}
    begin = found.get(Duty.DISPATCH)
    if begin is None or case.dispatched_at is not None:
        return found
    day = timezone.localdate(begin.due_at)
    rules, calendar = rules_in_force(day), working_calendar(day, day + timedelta(days=60))
    for duty in (Duty.CONTACT, Duty.RECTIFY) if case.reachable else (Duty.RECTIFY,):
        rule = rule_for(rules, duty, case.complexity)
        due = deadlines.due_at(begin.due_at, rule.amount, TimeUnit(rule.time_unit), calendar, clock_rules())
        found[duty] = Expectation(due.at, due.provisional or begin.provisional)
    return found


@dataclass(frozen=True)
class Tracked:
    """A case as its evaluator sees it: four steps, the reply, what was added, and what may be done now."""

    case: Case
    reached: dict[Stage, datetime]
    expected: dict[Duty, Expectation]
    reply: Report | None
    added: list[CaseEvent]
    follow_up: FollowUp | None
    acts: frozenset[Action]

    @property
    def stage(self) -> Stage:
        """The step the case is at."""
        return workflow.public_stage(State(self.case.state))


def tracked(case: Case, at: datetime) -> Tracked:
    """Everything the tracking page shows of a case. What the unit does inside is not part of it."""
    events = list(case.events.all())
    reached: dict[Stage, datetime] = {}
    for event in events:
        stage = workflow.public_stage(State(event.to_state))
        if stage not in reached or event.action == Action.SEND_REPLY:
            reached[stage] = event.at
    follow_up = FollowUp.objects.filter(case=case).first()
    return Tracked(
        case=case,
        reached=reached,
        expected=expectations(case),
        reply=case.reports.filter(passed=True).order_by("-id").first() if case.replied_at else None,
        added=[event for event in events if event.action in (Action.ADD_STATEMENT, Action.REOPEN)],
        follow_up=follow_up,
        acts=frozenset(citizen_acts(case, at, followed_up=follow_up is not None)),
    )


def citizen_acts(case: Case, at: datetime, *, followed_up: bool) -> set[Action]:
    """What the evaluator may do now: what the workflow allows, less what is used up or has nothing to act on."""
    acts = set(workflow.allowed(State(case.state), {Party.CITIZEN}))
    if followed_up:
        acts.discard(Action.RECORD_VERDICT)
    if case.closed_at is not None and at > case.closed_at + timedelta(days=settings.REOPEN_DAYS):
        acts.discard(Action.REOPEN)
    if not case.text:
        acts.discard(Action.HIDE_TEXT)
    return acts
