"""What typed words stand for: a window, a hall, an item, a service. Whoever types is offered what comes near."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.keys import THE_SERVICE
from evaluations.models import Service, ServiceKey
from evaluations.queries import city_body
from organizations.enums import Topic
from organizations.models import Hall, ServiceItem, Unit, Window, any_prefix
from rectification.enums import Target

NEAR, OFFERED = 20, 500
# Of these there is one in the city, and its management body answers for it.
OF_THE_CITY = {Target.PLATFORM: _("政务服务网站"), Target.HOTLINE: _("12345 热线"), Target.OVERALL: _("政务服务总体")}
ITEM_OF_UNIT = re.compile(r"(.+)[((]([^()()]+)[))]")
OF_SERVICE = re.compile(r"(.+?)(?:/([0-9]{1,4}))?")


@dataclass(frozen=True)
class Option:
    """One offer of a list: what is typed, and what it is."""

    value: str
    label: str


@dataclass(frozen=True)
class Place:
    """Something that is no service and can be rated; the unit has its region loaded."""

    target: Target
    unit: Unit
    hall: Hall | None = None
    window: Window | None = None
    topic: Topic | None = None

    @cached_property
    def option(self) -> Option:
        if self.window:
            return Option(f"{self.window.hall.code}/{self.window.number}", f"{self.window.hall} {self.window.name}")
        if self.hall:
            return Option(self.hall.code, self.hall.name)
        return Option(str(self.topic.label) if self.topic else str(OF_THE_CITY[self.target]), self.unit.short_name)


def folded(words: str) -> str:
    """Typed words in plain width, without spaces, in capitals."""
    return "".join(unicodedata.normalize("NFKC", words).split()).upper()


def at_window(window: Window) -> Place:
    return Place(Target.WINDOW, window.unit, window.hall, window)


def in_hall(hall: Hall) -> Place:
    return Place(Target.HALL, hall.unit, hall)


def city_places() -> list[Place]:
    """What the city's own body answers for: platform, hotline, services as a whole, and the reform topics."""
    body = city_body()
    if body is None:
        return []
    return [*(Place(target, body) for target in OF_THE_CITY), *(Place(Target.TOPIC, body, topic=t) for t in Topic)]


def place_named(words: str) -> list[Place]:
    """What a place may be that is named like this; one if it is clear.

    Args:
        words: "hall code/window number", a hall's code or name, a window's number or part of its name, or a thing of
            the city.
    """
    wanted = folded(words)
    if not wanted:
        return []
    code, slash, number = wanted.rpartition("/")
    if slash:
        return [at_window(window) for window in _windows(Q(hall__code__iexact=code, number__iexact=number))]
    named = [place for place in city_places() if wanted in (folded(place.option.value), place.target.upper())]
    halls = Hall.objects.select_related("unit__region").filter(Q(code__iexact=wanted) | Q(name=words.strip()))
    exact = named or [in_hall(hall) for hall in halls]
    return exact or [at_window(w) for w in _windows(Q(number__iexact=wanted)) or _windows(Q(name__icontains=wanted))]


def _windows(condition: Q) -> list[Window]:
    found = Window.objects.filter(condition, closed_on=None).select_related("hall__unit__region", "unit__region")
    return list(found[:NEAR])


def places_offered(prefixes: Collection[str], managed: Collection[str]) -> list[Option]:
    """The places a person may enter ratings for, as a list offers them.

    Args:
        prefixes: of the divisions they oversee.
        managed: paths of the units whose halls they supervise.
    """
    mine = any_prefix("hall__region__code", prefixes) | any_prefix("hall__unit__path", managed)
    windows = Window.objects.filter(mine, closed_on=None).select_related("hall__unit__region", "unit__region")[:OFFERED]
    places = [at_window(window) for window in windows]
    halls = {place.hall.pk: in_hall(place.hall) for place in places if place.hall}
    city = [place for place in city_places() if place.unit.region.code.startswith(tuple(prefixes))]
    return [place.option for place in (*halls.values(), *city, *places)]


def items_typed(words: str, unit: Unit | None = None) -> list[ServiceItem]:
    """The items that may be meant; those of the unit and the units above it, if any of theirs is.

    Args:
        words: the code, the name, a part of the name, or "name(short name of the unit)" as a list offers it.
    """
    items = ServiceItem.objects.filter(closed_on=None).select_related("unit__region").order_by("name", "code")
    if of_unit := ITEM_OF_UNIT.fullmatch(words.strip()):
        named = list(items.filter(name=of_unit[1], unit__short_name=of_unit[2])[:NEAR])
        if named:
            return named
    for condition in (Q(code=folded(words)), Q(name=words.strip()), Q(name__icontains=words.strip())):
        found = items.filter(condition)
        near = list(found.filter(unit__in=_line_of(unit))[:NEAR]) if unit else []
        if near or (near := list(found[:NEAR])):
            return near
    return []


def items_offered(unit: Unit | None, limit: int = 200) -> list[Option]:
    """The items of a unit and the units above it, or of all, as a list offers them."""
    items = ServiceItem.objects.filter(closed_on=None).select_related("unit")
    own = items.filter(unit__in=_line_of(unit)) if unit else items
    return [item_option(item) for item in own[:limit]]


def item_option(item: ServiceItem) -> Option:
    return Option(f"{item.name}({item.unit.short_name})", item.code)


def _line_of(unit: Unit) -> list[int]:
    """The unit and all above it."""
    return [int(pk) for pk in unit.path.strip("/").split("/")]


def services_typed(words: str) -> list[Service]:
    """The services under a number; with "/2" behind it, that one alone. Newest first."""
    found = OF_SERVICE.fullmatch(words.strip())
    if not found:
        return []
    keys = ServiceKey.objects.filter(project_number=found[1], assess_number=THE_SERVICE)
    if found[2]:
        keys = keys.filter(service_number=min(int(found[2]), 32767))
    related = "unit__region", "item", "window__hall__unit", "staff"
    services = Service.objects.filter(pk__in=list(keys.values_list("row", flat=True)[:NEAR]))
    return list(services.select_related(*related).order_by("-pk"))


def service_option(service: Service) -> Option:
    return Option(f"{service.project_number}/{service.service_number}", f"{service.item.name} {service.service_name}")
