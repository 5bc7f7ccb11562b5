"""Questions about suggestions: what waits for whom, what the public reads, and who may follow one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.ids import keyed_hash
from evaluations import workflow
from evaluations.enums.suggestions import ADOPTING, SuggestionAct, SuggestionStage, SuggestionVerdict
from evaluations.likeness import most_like
from evaluations.models import Suggestion, SuggestionQuerySet
from organizations.models import Staff, Unit
from organizations.queries import working_calendar
from rectification import deadlines
from rectification.deadlines import Due
from rectification.enums import TimeUnit
from rectification.queries import clock_rules

Stage = SuggestionStage
COMPARED = 400


def promised(at: datetime, days: int) -> Due:
    """When something is due that was begun at a moment, so many working days on."""
    day = timezone.localdate(at)
    calendar = working_calendar(day, day + timedelta(days=3 * days + 30))
    return deadlines.due_at(at, days, TimeUnit.WORKING_DAYS, calendar, clock_rules())


def tracking_hash(number: str, code: str) -> str:
    """What is stored of the code with which a proposer follows a suggestion."""
    return keyed_hash("suggestion", f"{number}:{code}")


def tracked_suggestion(number: str, code: str) -> Suggestion | None:
    """The suggestion of a number and code. Unknown number and wrong code cost the same and say the same."""
    return Suggestion.objects.filter(number=number, tracking_hash=tracking_hash(number, code)).first()


def suggestion_numbered(number: str) -> Suggestion | None:
    """A suggestion by its number, for somebody who has shown its code."""
    found = Suggestion.objects.select_related("unit", "merged_into__unit")
    return found.filter(number=number).first()


def suggestion_of_form(nonce: str) -> Suggestion | None:
    """The suggestion that a form with this nonce became."""
    return Suggestion.objects.filter(nonce=nonce).first()


@dataclass(frozen=True)
class Follow:
    """What the proposer is shown: the one that is dealt with (their own, or the main one), and how far it is.

    note: why it was set aside, if it was.
    """

    own: Suggestion
    dealt: Suggestion
    note: str


def followed(suggestion: Suggestion) -> Follow:
    """A suggestion as its proposer sees it."""
    dealt = suggestion.merged_into or suggestion
    aside = dealt.events.filter(action=SuggestionAct.SET_ASIDE).order_by("-id").first()
    return Follow(suggestion, dealt, aside.note if aside and dealt.stage == Stage.SET_ASIDE else "")


@dataclass(frozen=True)
class Funnel:
    """收到 → 分办 → 答复 → 采纳 → 落实. Whatever says the same counts once from the second number on."""

    received: int
    merged: int
    set_aside: int
    sorted: int
    answered: int
    adopted: int
    done: int

    @property
    def steps(self) -> list[tuple[Promise, int]]:
        return [
            (pgettext_lazy("funnel", "收到"), self.received),
            (pgettext_lazy("funnel", "分办"), self.sorted),
            (pgettext_lazy("funnel", "答复"), self.answered),
            (pgettext_lazy("funnel", "采纳"), self.adopted),
            (pgettext_lazy("funnel", "落实"), self.done),
        ]


def funnel() -> Funnel:
    """Counts the whole register, in one query."""
    reached = Q(stage__in=[Stage.SORTED, Stage.ANSWERED, Stage.DONE])
    answered = Q(stage__in=[Stage.ANSWERED, Stage.DONE])
    found = Suggestion.objects.aggregate(
        received=Count("pk"),
        merged=Count("pk", filter=Q(stage=Stage.MERGED)),
        set_aside=Count("pk", filter=Q(stage=Stage.SET_ASIDE)),
        sorted=Count("pk", filter=reached),
        answered=Count("pk", filter=answered),
        adopted=Count("pk", filter=answered & Q(verdict__in=ADOPTING)),
        done=Count("pk", filter=Q(stage=Stage.DONE)),
    )
    return Funnel(**found)


def public_suggestions(*, adopted: bool) -> SuggestionQuerySet:
    """What the public reads: those that were adopted, or those that were not and why."""
    shown = Suggestion.objects.public().select_related("unit")
    return shown.filter(verdict__in=ADOPTING) if adopted else shown.filter(verdict=SuggestionVerdict.DECLINED)


@dataclass(frozen=True)
class View:
    """One saved filter of the desk's list."""

    label: str | Promise
    question: Callable[[datetime], Q]
    empty: str | Promise


def _unlooked(at: datetime) -> Q:
    return Q(pk__in=Suggestion.objects.unlooked().order_by().values("pk"))


VIEWS: dict[str, View] = {
    "received": View(_("待分办"), lambda at: Q(stage=Stage.RECEIVED), _("没有待分办的建议。")),
    "sorted": View(_("待答复"), lambda at: Q(stage=Stage.SORTED), _("没有待答复的建议。")),
    "adopted": View(_("待落实"), lambda at: Q(stage=Stage.ANSWERED, verdict__in=ADOPTING), _("没有等待落实的建议。")),
    "unlooked": View(_("待审核公开"), _unlooked, _("没有等待审核公开的建议。")),
    "overdue": View(_("已逾期"), lambda at: Q(due_at__lt=at), _("没有逾期的建议。")),
    "all": View(_("全部"), lambda at: Q(), _("还没有建议。")),
}
_MANAGING = ("received", "sorted", "adopted", "unlooked", "overdue", "all")
_READING = ("sorted", "adopted", "overdue", "all")


def views_of(user: Staff) -> tuple[str, ...]:
    """The saved filters a person sees; none for whom the register is not."""
    if user.has_role(*workflow.SORTERS):
        return _MANAGING
    return _READING if user.has_role(*workflow.READERS) else ()


def counts(names: tuple[str, ...], user: Staff, at: datetime) -> dict[str, int]:
    """How many suggestions each saved filter holds."""
    if not names:
        return {}
    visible = Suggestion.objects.visible_to(user)
    return visible.aggregate(**{name: Count("pk", filter=VIEWS[name].question(at)) for name in names})


def in_view(name: str, user: Staff, at: datetime) -> SuggestionQuerySet:
    """The suggestions of a saved filter."""
    return Suggestion.objects.visible_to(user).filter(VIEWS[name].question(at)).select_related("unit")


def possible_doubles(suggestion: Suggestion, user: Staff) -> list[Suggestion]:
    """The latest suggestions that may say the same as this one, the most alike first."""
    others = Suggestion.objects.visible_to(user).exclude(pk=suggestion.pk)
    others = others.exclude(stage__in=[Stage.MERGED, Stage.SET_ASIDE]).order_by("-pk")
    found = most_like(suggestion.text, others.values_list("pk", "text")[:COMPARED])
    rows = Suggestion.objects.in_bulk([pk for pk, _likeness in found])
    return [rows[pk] for pk, _likeness in found]


def unit_coded(code: str) -> Unit | None:
    """The unit a page says somebody came from."""
    return Unit.objects.active().filter(code=code).first()


def open_suggestions_of(unit: Unit) -> SuggestionQuerySet:
    """What a unit still owes: an answer, or what it has promised."""
    return Suggestion.objects.filter(unit=unit, due_at__isnull=False)
