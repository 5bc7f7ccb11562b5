"""What it takes to knock at a door: the address as each visitor would have it, and what they would send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.support.pages import forms_in

if TYPE_CHECKING:
    from tests.authz.world import Principal, World

Words = dict[str, Any]
Arguments = Callable[["World", "Principal"], list[Any]]
NOTHING: Arguments = lambda world, who: []  # noqa: E731 - a table of addresses reads better with it


@dataclass(frozen=True)
class Probe:
    """One door with one thing behind it.

    about: which thing, as the matrix says it.
    rightful: whose page the untouched form is read from.
    typed: what that person would add to it.
    """

    route: str
    about: str = ""
    arguments: Arguments = NOTHING
    rightful: str = ""
    typed: Callable[[World, Principal], Words] = lambda world, who: {}
    cookie: str = ""
    tablet: bool = False  # the citizen stands before one: an enrolled one, or one whose key has ended
    asked: frozenset[str] = frozenset()  # whom this door can tell apart; empty: everybody
    query: str = ""  # what stands behind the question mark

    @property
    def key(self) -> tuple[str, str]:
        return self.route, self.about

    @property
    def at_desk(self) -> bool:
        """Whether refusals are noted there; citizens' addresses are secrets."""
        patterns = get_resolver().reverse_dict.getlist(self.route)
        return str(patterns[0][0][0][0]).startswith("desk/")

    def address(self, world: World, who: Principal) -> str:
        address = reverse(self.route, args=self.arguments(world, who))
        return f"{address}?{self.query}" if self.query else address

    def prepare(self, world: World, who: Principal, client: Client) -> None:
        """Gives the citizen the cookie that goes with the door."""
        if self.cookie and who.keys != "none":
            world.admit(client, self.cookie if who.keys == "right" else "elsewhere")
        if self.tablet and who.keys != "none":
            client.cookies["tablet"] = (world.tablet if who.keys == "right" else world.ended_tablet).cookie

    def untouched(self, world: World) -> Words:
        """The form as the rightful visitor finds it."""
        if not self.rightful:
            return {}
        visitor = world.principals[self.rightful]
        client = world.client(visitor)
        self.prepare(world, visitor, client)
        address = self.address(world, visitor)
        html = client.get(address).content.decode(errors="replace")
        mine = (form for form in forms_in(html, address) if form.method == "post" and form.action == address)
        return next((dict(form.untouched) for form in mine), {})


def names(patterns: Any = None) -> Iterator[str]:
    """Every route of the portal, by name.

    Raises:
        AssertionError: a route has no name, so that nobody could say what is expected of it.
    """
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        else:
            assert isinstance(pattern, URLPattern)
            assert pattern.name, f"{pattern.pattern} has no name"
            yield pattern.name


def held(right: Callable[[World], Any], wrong: Callable[[World], Any], *before: Any) -> Arguments:
    """An address that is itself a key: the right one, one of something else, or (for others) an invented one."""

    def choose(world: World, who: Principal) -> list[Any]:
        key = {"right": right, "wrong": wrong}.get(who.keys, lambda _world: "22222222222222222222222222")
        return [*before, key(world)]

    return choose


def case_at(name: str, *more: Any) -> Arguments:
    return lambda world, who: [world.case_of(name), *more]


def fixed(*arguments: Any) -> Arguments:
    return lambda world, who: list(arguments)


def types(**words: Any) -> Callable[[World, Principal], Words]:
    return lambda world, who: words
