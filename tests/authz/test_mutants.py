"""The matrix is not vacuous: with any one of the gates taken away, some cells are no longer what they should be."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module

import pytest

from appeals.models import AppealQuerySet
from evaluations import queries
from organizations.models import Staff
from rectification import workflow
from rectification.models.case import CaseQuerySet
from tests.authz import matrix
from tests.authz.matrix import METHODS, knock
from tests.authz.probes import probes
from tests.authz.probing import Probe
from tests.authz.world import World

pytestmark = pytest.mark.django_db
Undone = Callable[[], AbstractContextManager[None]]
FEW = ("anonymous", "window", "other_window", "county", "system", "former", "panel", "recused", "pool")
SAMPLE = {
    ("case", "rectifying"),
    ("case", "elsewhere"),
    ("act", "send_reply@checking"),
    ("act", "close@verified"),
    ("export", "the auditor's"),
    ("structure-units", ""),
    ("structure-role-add", ""),
    ("pressure", ""),
    ("audit", ""),
    ("tracking", "statement@rectifying"),
    ("desk", ""),
    ("appeal", "voting"),
    ("appeal-vote", "voting"),
    ("appeal-exhibit", "voting"),
}


def mismatches(world: World, undone: Undone, sample: list[Probe]) -> list[str]:
    """The cells that are not as they should be, in a part of the matrix."""
    expected, wrong = matrix.read(), []
    for probe in sample:
        with undone():
            untouched = probe.untouched(world)
        for method in METHODS:
            for name in (one for one in FEW if not probe.asked or one in probe.asked):
                who = world.principals[name]
                with undone():
                    body = {**untouched, **probe.typed(world, who)} if method == "POST" else {}
                    word, _wrote, _refused = knock(world, probe, method, who, body)
                if word != expected[(*probe.key, method)][name]:
                    wrong.append(f"{probe.route} {method} {name}: {word}")
    return wrong


def no_scope(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(CaseQuerySet, "visible_to", lambda self, user: self)


def no_appeal_scope(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(AppealQuerySet, "visible_to", lambda self, user: self)


def no_recusal(patch: pytest.MonkeyPatch) -> None:
    """Whoever has left a panel is a stranger like any other, who would not learn that they were drawn."""
    patch.setattr("appeals.views.finding.has_left", lambda user, appeals: False)


def no_role_gate(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Staff, "has_role", lambda self, *roles: True)


def no_parties(patch: pytest.MonkeyPatch) -> None:
    def check(action, state, parties):
        return workflow.TRANSITIONS[action]

    patch.setattr("rectification.views.acts.workflow.check", check)


def no_sign_in(patch: pytest.MonkeyPatch) -> None:
    """Whoever comes without a session is taken for the system administrator."""
    admin = Staff.objects.get(username="xu")
    patch.setattr("django.contrib.auth.middleware.get_user", lambda request: admin)


def no_code(patch: pytest.MonkeyPatch) -> None:
    module = import_module("evaluations.views.tracking")  # its package names the view the same
    patch.setattr(module, "_admitted", lambda request, number: queries.case_numbered(number))


@pytest.fixture(scope="module")
def sample() -> list[Probe]:
    return [probe for probe in probes() if probe.key in SAMPLE]


def test_the_sample_is_right_as_long_as_every_gate_stands(world: World, undone: Undone, sample: list[Probe]) -> None:
    assert {probe.key for probe in sample} == SAMPLE
    assert mismatches(world, undone, sample) == []


GATES = [no_scope, no_appeal_scope, no_recusal, no_role_gate, no_parties, no_sign_in, no_code]


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.__name__)
def test_a_gate_taken_away_is_noticed(
    world: World, undone: Undone, sample: list[Probe], gate: Callable[[pytest.MonkeyPatch], None]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        gate(patch)
        found = mismatches(world, undone, sample)
    assert found, "the matrix did not notice"
