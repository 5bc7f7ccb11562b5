"""Every route × method × principal × thing, compared with matrix.csv: read that file first, it is the rule."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from rectification.views.table import ACTS
from tests.authz import matrix
from tests.authz.matrix import METHODS, REFUSALS, Table, knock
from tests.authz.probes import DOORS, probes
from tests.authz.probing import Probe, names
from tests.authz.world import World

Undone = Callable[[], AbstractContextManager[None]]
PROBES = probes()
WRITE = os.environ.get("AUTHZ_WRITE") == "1"
# Who looks at a file of a sealed dossier leaves a trace of it.
LOOKED_AT = frozenset({"clue-paper"})
# The world takes long to build: one worker builds it for all.
pytestmark = pytest.mark.xdist_group("matrix")


@pytest.fixture(scope="module")
def observed() -> Iterator[Table]:
    """What was seen; written in place of the expected table when somebody asks for it."""
    table: Table = {}
    yield table
    if WRITE and table:
        keys = [(*probe.key, method) for probe in PROBES for method in METHODS]
        matrix.write({**(matrix.read() if matrix.FILE.exists() else {}), **table}, keys)


def test_every_route_and_every_act_is_in_the_matrix_and_nothing_else_is() -> None:
    listed = {key[:2] for key in matrix.read()}
    assert {route for route, _about in listed} == set(names())
    assert listed == {probe.key for probe in PROBES}, "matrix.csv and probes.py name different doors"
    assert set(DOORS) == set(ACTS), "an act without a row"
    for probe in PROBES:
        assert {(*probe.key, method) for method in METHODS} <= set(matrix.read()), probe.key


@pytest.mark.django_db
@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: ":".join(filter(None, probe.key)))
def test_door(world: World, undone: Undone, observed: Table, probe: Probe) -> None:
    """Nobody gets more than their cell says, nobody less, and who is refused has changed nothing."""
    expected = {} if WRITE else matrix.read()
    with undone():
        untouched = probe.untouched(world)
    for method in METHODS:
        seen: dict[str, str] = {}
        for name, who in world.principals.items():
            if probe.asked and name not in probe.asked:
                seen[name] = matrix.NOT_ASKED
                continue
            with undone():
                body = {**untouched, **probe.typed(world, who)} if method == "POST" else {}
                word, wrote, refused = knock(world, probe, method, who, body)
            seen[name] = word
            tried = method == "POST" and word in ("403", "404") and who.person and probe.at_desk
            assert bool(refused) == bool(tried) or probe.route.startswith("account"), f"{name}: {refused} on the trail"
            if word in REFUSALS or (method == "GET" and probe.route not in LOOKED_AT):
                assert wrote == 0, f"{method} by {name} was {word} and wrote {wrote} rows"
        observed[(*probe.key, method)] = seen
        if not WRITE:
            cells = expected[(*probe.key, method)]
            wrong = {name: f"{word}, expected {cells[name]}" for name, word in seen.items() if cells.get(name) != word}
            assert not wrong, f"{method} {probe.key}: {wrong}"
