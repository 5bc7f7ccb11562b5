"""No page answers a method it does not know: a view that only asks "is it a POST?" would take DELETE for a GET."""

from __future__ import annotations

import pytest

from tests.authz.matrix import written
from tests.authz.probes import probes
from tests.authz.world import World

pytestmark = pytest.mark.django_db
STRANGE = ("PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "PROPFIND")


@pytest.mark.parametrize("method", STRANGE)
def test_strange_methods_are_refused_at_every_door(world: World, method: str) -> None:
    before = written()
    for name in ("anonymous", "system", "window", "city"):
        who = world.principals[name]
        client = world.client(who)
        for probe in {probe.route: probe for probe in probes()}.values():
            answer = client.generic(method, probe.address(world, who))
            assert answer.status_code == 405, f"{method} {probe.route} by {name}: {answer.status_code}"
            assert answer["Allow"]
    assert written() == before
