"""The smallest benchmark, really run: a server of its own, files, sweeps, pages. Its ratios mean nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bench.rounds import LESS, Goal, said
from oversight.panels import PANELS
from stack.processes import ROOT
from stack.services import Postgres
from tests.support.prepared import begin_as_copy

pytestmark = pytest.mark.xdist_group("bench")
Bench = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Runs the benchmark in the smallest size and gives what it wrote."""
    folder = tmp_path_factory.mktemp("bench").resolve()
    target = folder / "found.json"
    postgres = Postgres(folder / "small")
    begin_as_copy(postgres)

    def _bench(*asked: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "bench", "--size", "small", "--keep"]
        command += ["--folder", str(folder), "--json", str(target), *asked]
        target.unlink(missing_ok=True)
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        found: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
        return found

    yield _bench
    shutil.rmtree(postgres.home, ignore_errors=True)


@pytest.fixture(scope="module")
def swept(bench: Bench) -> dict[str, Any]:
    """What B8 found, whose sweep the figures of tallies need."""
    return bench("--only", "B8", "B11")


def test_dashboards_and_a_far_page_are_measured_and_correct(swept: dict[str, Any]) -> None:
    found = swept
    figures = {figure["key"]: figure for figure in found["figures"]}
    asked = {"overall", "units", "channels", "ranking", "items", "baseline", "page"}
    expected = {f"B8+{name}{end}" for name in asked for end in ("", ", raw")} | {"B11", "B11+unit", "B9"}
    assert set(figures) == expected
    assert all(figure["ours_median"] > 0 and figure["base_median"] > 0 for figure in figures.values())
    assert all(len(figure["rounds"]) == 2 for key, figure in figures.items() if key != "B9")
    assert 1 < figures["B11"]["notes"]["page"] < 1000
    assert figures["B8+overall"]["notes"]["sweep"]["compared"] > 1000
    checks = {check["name"] for check in found["checks"]}
    assert all(check["good"] for check in found["checks"])
    assert "every tally equals the raw count, nothing waits" in checks
    for name in asked:
        assert {f"{name}: its tally gives the same numbers", f"{name}: the rows gives the same numbers"} <= checks


@pytest.mark.usefixtures("swept")
def test_the_overview_and_scores_are_measured_and_correct(bench: Bench) -> None:
    found = bench("--only", "B12", "B13")
    figures = {figure["key"]: figure for figure in found["figures"] if figure["key"] != "B9"}
    assert set(figures) == {f"B12+{state}, {viewers}" for state in ("cold", "warm") for viewers in (1, 8)} | {
        "B12+warm, 8 a second",
        "B13",
    }
    assert all(figure["ours_median"] > 0 and len(figure["rounds"]) == 2 for figure in figures.values())
    assert figures["B12+cold, 8"]["notes"]["requests"] == [8 * len(PANELS)] * 2
    assert figures["B13"]["notes"]["subjects"] > 10
    assert all(check["good"] for check in found["checks"])


def test_public_pages_keep_their_budget_and_a_search_finds_what_is_there(bench: Bench) -> None:
    found = bench("--only", "S1", "S2")
    figures = {figure["key"]: figure for figure in found["figures"]}
    assert {key for key in figures if key.startswith("S1")} == {
        *("S1+two", "S1+two, common", "S1+two, absent", "S1+four", "S1+four, absent", "S1+words")
    }
    assert figures["S1+two"]["notes"] == {"cases": 2000, "found": 4}
    assert figures["S1+two, absent"]["notes"]["found"] == 0
    assert all(check["good"] for check in found["checks"])
    pages = {key: figure for key, figure in figures.items() if key.startswith("S2")}
    assert len(pages) == 20
    assert [key for key, figure in pages.items() if figure["verdict"] == "missed"] == []


def test_the_whole_year_is_taken_in_counted_and_verified(bench: Bench) -> None:
    found = bench("--year", "--limit")
    sums, months = found["year"]["sums"], found["year"]["months"]
    assert sums["stored"] == 6000
    parts = ("stored", "duplicates", "quarantined", "held", "refused")
    assert all(sums[name] > 0 for name in parts)
    assert sums["received"] == sum(sums[name] for name in parts)
    assert len(months) == 12
    assert [figure["key"] for figure in found["figures"]] == ["B5+year"]
    assert found["year"]["tallies"]["difference"] == ""
    assert all(check["good"] for check in found["checks"])


def test_a_year_is_not_asked_for_a_figure_that_it_does_not_measure() -> None:
    command = [sys.executable, "-m", "bench", "--year", "--only", "B12"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "measures no figure" in done.stderr


@pytest.mark.parametrize(("ratio", "words"), [(0.53, "0.53"), (2.0, "2.00"), (1 / 400, "1/400"), (0.0, "0.00")])
def test_a_small_ratio_is_said_as_one_in_so_many(ratio: float, words: str) -> None:
    assert said(ratio) == words


def test_a_figure_of_which_less_is_better_is_judged_so() -> None:
    goal = Goal("B8", "", "", "", "ms", 1 / 50, 1 / 400, LESS)
    assert [goal.verdict(ratio) for ratio in (1 / 500, 1 / 100, 1 / 20)] == ["aim", "must", "missed"]
