"""B1, B2, B3, B6: ratings over HTTP, one by one and by the thousand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench import asking
from bench.figures.run import Run
from bench.load import Load, drive
from bench.rounds import Figure, Goal, in_turns
from bench.rows import Ratings
from bench.town import FILLED

A_SECOND = "requests/s"
B1 = Goal("B1", "API: one signed rating", "bare view", "API", A_SECOND, 0.4, 0.6)
B2 = Goal("B2", "page: one rating behind a link", "bare view", "page", A_SECOND, 0.25, 0.4)
B3 = Goal("B3", "API with 64 clients, with 16", "16", "64", A_SECOND, 0.6, 0.9)
B6 = Goal("B6", "batch of 1,000 over the API", "DRF, many=True, bulk_create", "API", "rows/s", 8, 20)
B6P = Goal("B6+plain", "the same, DRF asks for no unit and no item", "DRF, bulk_create", "API", "rows/s")
FEW, MANY = 16, 64
# More than any of the views answers in a second, so that the time ends a round and not the want of requests.
MOST_BARE, MOST_API, MOST_FORMS = 3000, 2000, 700
BATCH, AT_ONCE = 1000, 4
WARM = 60


def singles(run: Run) -> None:
    """B1 to B3: the bare view, the API with 16 clients and with 64, and the page, in turns."""
    portal, peers = run.town.start_web("reviews_portal.wsgi"), run.town.start_web("bench.peers.wsgi")
    partner = asking.Partner.registered()
    seconds = run.size.seconds
    loads: dict[str, list[Load]] = {}

    def sent(name: str, port: int, requests: Sequence[bytes], clients: int, status: int, within: float) -> float:
        load = drive(port, requests, connections=clients, seconds=within)
        loads.setdefault(name, []).append(load)
        run.check(f"{name}: every request was taken", {status}, set(load.statuses))
        return load.rate

    def some(series: str, most: int, within: float) -> tuple[Ratings, int]:
        return _ratings(run, series), max(WARM, int(most * within))

    def bare(number: int, within: float = seconds) -> float:
        return sent("bare view", peers, asking.bare(*some(f"A{number}", MOST_BARE, within)), FEW, 201, within)

    def api(number: int, clients: int = FEW, within: float = seconds) -> float:
        requests = asking.single(partner, *some(f"P{clients}N{number}", MOST_API, within))
        return sent(f"API, {clients} clients", portal, requests, clients, 201, within)

    def page(number: int, within: float = seconds) -> float:
        requests = asking.forms(*some(f"Q{number}", MOST_FORMS, within))
        return sent("page", portal, requests, FEW, 302, within)

    for side in (bare, api, page):
        side(99, within=min(2.0, seconds))
    loads.clear()
    one, form, many = run.figure(B1), run.figure(B2), run.figure(B3)
    sides: list[Callable[[int], float]] = [bare, api, page, lambda number: api(number, MANY)]
    for limit, signed, pressed, crowd in in_turns(run.size.rounds, *sides):
        one.add(limit, signed)
        form.add(limit, pressed)
        many.add(signed, crowd)
    for figure, name in (
        (one, "bare view"),
        (one, f"API, {FEW} clients"),
        (many, f"API, {MANY} clients"),
        (form, "page"),
    ):
        _note(figure, name, loads[name])
    _kept_promises(run)
    run.town.stop_web()


def _ratings(run: Run, series: str) -> Ratings:
    return run.ratings(series, run.year, 1, 0)


def _note(figure: Figure, name: str, loads: Sequence[Load]) -> None:
    middle = sorted(loads, key=lambda load: load.percentile(0.5))[len(loads) // 2]
    figure.notes[f"{name} ms p50"] = round(middle.percentile(0.5) * 1000, 1)
    figure.notes[f"{name} ms p99"] = round(middle.percentile(0.99) * 1000, 1)


def _kept_promises(run: Run) -> None:
    """What came in over HTTP is there once, negatives with their cases."""
    (pages, parted), *_ = run.town.query(
        FILLED,
        "SELECT count(*), count(*) FILTER (WHERE (level < 3) <> (case_id IS NOT NULL)) FROM evaluations_evaluation"
        " WHERE project_number LIKE %s",
        f"3706{run.mark}%",
    )
    (keys,), *_ = run.town.query(
        FILLED,
        "SELECT count(*) FROM evaluations_servicekey WHERE project_number LIKE %s AND assess_number = 1",
        f"3706{run.mark}%",
    )
    (bare,), *_ = run.town.query(
        FILLED, "SELECT count(*) FROM evaluations_evaluation WHERE project_number LIKE %s", f"3706{run.mark}A%"
    )
    run.check("negative ratings over HTTP have their cases, others have none", 0, parted)
    run.check("every rating over HTTP has its key", pages - bare, keys)


def batches(run: Run) -> None:
    """B6: batches of 1,000, by a ModelSerializer as DRF makes it, by one without look-ups, and by the API."""
    portal, peers = run.town.start_web("reviews_portal.wsgi"), run.town.start_web("bench.peers.wsgi")
    partner = asking.Partner.registered()
    looked_up, plain = run.figure(B6), run.figure(B6P)

    def sent(port: int, requests: Sequence[bytes], status: int) -> float:
        load = drive(port, requests, connections=AT_ONCE, seconds=600)
        run.check("batches: every request was taken", {status: len(requests)}, dict(load.statuses))
        return load.rate * BATCH

    def drf(path: str, number: int) -> float:
        mark, count = ("G" if path == "plain" else "H"), max(1, run.size.batches // 2)
        return sent(peers, asking.serialised(f"/drf/{path}", _ratings(run, f"{mark}{number}"), count, BATCH), 201)

    def ours(number: int) -> float:
        count = run.size.batches * 4 if run.size.batches > 1 else 1
        return sent(portal, asking.batched(partner, _ratings(run, f"R{number}"), count, BATCH), 200)

    for side in (lambda n: drf("plain", n), lambda n: drf("looked-up", n), ours):
        side(99)
    for bare, full, batch in in_turns(run.size.rounds, lambda n: drf("plain", n), lambda n: drf("looked-up", n), ours):
        plain.add(bare, batch)
        looked_up.add(full, batch)
    stored = run.town.query(
        FILLED, "SELECT count(*) FROM evaluations_servicekey WHERE project_number LIKE %s", f"3706{run.mark}R%"
    )
    told = run.town.query(
        FILLED, "SELECT sum(stored) FROM evaluations_batch WHERE reference LIKE %s", f"%:{run.mark}R%"
    )
    run.check("batches: as many ratings as the answers say", told, stored)
    run.town.stop_web()
