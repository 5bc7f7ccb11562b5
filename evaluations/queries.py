"""Questions about what may be rated, and what was."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from common.ids import keyed_hash
from evaluations.models import Evaluation, FollowUpLink, RatingKey, RatingLink, Service, Tag
from identity.queries import vault
from organizations.models import Window
from organizations.queries import working_calendar
from rectification.actions.dispatching import tracking_hash
from rectification.models import Case


def service_of_link(token: str, at: datetime) -> RatingLink | None:
    """The link a token stands for, with everything its page shows; None if unknown or expired."""
    related = "service__unit__region", "service__item", "service__window__hall", "service__staff"
    links = RatingLink.objects.select_related(*related)
    return links.filter(token_hash=keyed_hash("rating-link", token), expires_at__gt=at).first()


def services_at_window(window: Window, day: date) -> QuerySet[Service]:
    """Today's services at a window that nobody has rated yet, newest first."""
    key = Concat(
        Value("service:"),
        "source",
        Value(":"),
        "project_number",
        Value(":"),
        Cast("service_number", CharField()),
        Value(":1"),
    )
    start = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    services = Service.objects.filter(window=window, served_at__gte=start, served_at__lt=start + timedelta(days=1))
    rated = RatingKey.objects.filter(key=OuterRef("rating_key"))
    return services.annotate(rating_key=key).filter(~Exists(rated)).select_related("item").order_by("-served_at")


def find_service(project_number: str, applicant: str) -> Service | None:
    """The newest service with this number, if the name is its applicant's; one answer for all that fails."""
    services = Service.objects.filter(project_number=project_number.strip(), applicant_index=name_index(applicant))
    related = "unit__region", "item", "window__hall", "staff"
    return services.select_related(*related).order_by("-service_number").first()


def name_index(name: str) -> str:
    """The keyed index of an applicant's name: comparable, not readable."""
    return vault().blind_index("name:" + "".join(name.split()))


def last_day_to_rate(service: Service) -> date:
    """The end of the supplementary window: working days after the service day (鲁政办发〔2020〕10号: 5)."""
    served = timezone.localdate(service.served_at)
    calendar = working_calendar(served, served + timedelta(days=30))
    return calendar.add_working_days(served, settings.SUPPLEMENT_WORKING_DAYS)


def rating_of(key: str) -> Evaluation | None:
    """The rating a key led to; looked up with its time, so that one partition answers."""
    entry = RatingKey.objects.filter(key=key).first()
    if entry is None:
        return None
    rows = Evaluation.objects.filter(pk=entry.evaluation_id, received_at=entry.received_at)
    return rows.select_related("case").first()


def active_tags() -> list[Tag]:
    """The tags in use, core ones first within each level."""
    return list(Tag.objects.filter(active=True))


def tracked_case(number: str, code: str) -> Case | None:
    """The case of a number and tracking code. Unknown number and wrong code cost the same and say the same."""
    expected = tracking_hash(number, code)
    return Case.objects.filter(number=number, tracking_hash=expected).select_related("unit").first()


def case_of_follow_up(token: str, at: datetime) -> FollowUpLink | None:
    """The link sent with the reply; None if unknown or expired."""
    links = FollowUpLink.objects.select_related("case__unit")
    return links.filter(token_hash=keyed_hash("follow-up", token), expires_at__gt=at).first()
