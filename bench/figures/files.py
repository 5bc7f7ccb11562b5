"""B4, B5, B7, B9: files, by the portal's importer and by COPY alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.figures.run import Run, day_in, first_of_month
from bench.intake import CopyText, copy_in, copy_text, import_file, make_months
from bench.rounds import LESS, Figure, Goal, in_turns
from bench.rows import Ratings
from bench.town import EMPTY, FILLED

ROWS = "rows/s"
B4 = Goal("B4", "daily file into filled partitions", "COPY", "import", ROWS, 0.35, 0.5)
B4K = Goal("B4+keys", "the same, COPY with its keys", "COPY", "import", ROWS)
B5 = Goal("B5", "year file into empty partitions", "COPY", "import", ROWS, 0.5, 0.8)
B5K = Goal("B5+keys", "the same, COPY with its keys", "COPY", "import", ROWS)
B7 = Goal("B7", "the daily file sent again", "first time", "again", ROWS, 1.0)
B9 = Goal("B9", "memory of the importing process", "(MB)", "most", "MB", 400, 200, LESS)
# Below this, memory is that of Python and Django starting.
LARGE = 200_000


def fill(run: Run) -> None:
    """Fills the year by importing it as one file, and looks at the memory meanwhile."""
    town, size = run.town, run.size
    ratings = run.ratings("F", run.year, run.days, size.fill)
    print(f"· {size.fill:,} rows into {FILLED} …", flush=True)
    path = ratings.write(town.files / "fill.csv")
    told, memory = import_file(town, path, FILLED)
    _whole(run, "the filling file", told, ratings)
    figure = run.figure(B9)
    figure.add(1.0, max(memory))
    third = max(1, len(memory) // 3)
    early, late = max(memory[third : 2 * third]), max(memory[-third:])
    figure.notes = {
        "rows": size.fill,
        "megabytes": path.stat().st_size >> 20,
        "rows_per_second": round(size.fill / told["taken"]),
        "inspected_rows_per_second": round(size.fill / told["inspected"]),
        "second_third_mb": round(early),
        "last_third_mb": round(late),
    }
    if size.fill >= LARGE:
        run.check("memory stays flat over the file (last third within 15 % of the second)", True, late < early * 1.15)
    path.unlink()


def _whole(run: Run, name: str, told: dict[str, Any], ratings: Ratings) -> None:
    """Every row was stored, every negative one with its case."""
    stored = (told["stage"], told["received"], told["stored"], told["cases"])
    run.check(
        f"{name}: all stored, negatives as cases",
        ("done", ratings.count, ratings.count, ratings.negative_count),
        stored,
    )


def daily(run: Run) -> None:
    """B4 and B7: a day's file into a month that is full already, first time and again."""
    plain, keyed, again = run.figure(B4), run.figure(B4K), run.figure(B7)

    def limit(number: int) -> float:
        return _copied(run, _text(run, f"A{number}", number), keys=False)

    def limit_with_keys(number: int) -> float:
        return _copied(run, _text(run, f"B{number}", number), keys=True)

    def ours(number: int) -> float:
        ratings, path = _day(run, f"D{number}", number)
        first = _imported(run, path)
        _whole(run, "a daily file", first, ratings)
        _days_told(run, first["batch"])
        before = _rows(run)
        second = _imported(run, path)
        counts = (second["stored"], second["cases"], second["duplicates"])
        run.check("the file sent again: nothing stored, no case, all duplicates", (0, 0, ratings.count), counts)
        run.check("the file sent again: no row more in the tables", before, _rows(run))
        again.add(ratings.count / first["taken"], ratings.count / second["taken"])
        path.unlink()
        return ratings.count / first["taken"]

    for bare, with_keys, imported in in_turns(run.size.rounds, limit, limit_with_keys, ours):
        plain.add(bare, imported)
        keyed.add(with_keys, imported)


def _day(run: Run, series: str, number: int) -> tuple[Ratings, Path]:
    ratings = run.ratings(series, day_in(run.month(number)), 1, run.size.day)
    return ratings, ratings.write(run.town.files / f"{ratings.series}.csv")


def _text(run: Run, series: str, number: int) -> CopyText:
    ratings, path = _day(run, series, number)
    return copy_text(ratings, path, run.town.files)


def _copied(run: Run, text: CopyText, *, keys: bool) -> float:
    run.town.settle()
    return copy_in(run.town, text, FILLED, keys=keys)


def _imported(run: Run, path: Path) -> dict[str, Any]:
    run.town.settle()
    return import_file(run.town, path, FILLED)[0]


def _rows(run: Run) -> list[tuple[Any, ...]]:
    statement = "SELECT (SELECT count(*) FROM evaluations_servicekey), (SELECT count(*) FROM rectification_case)"
    return run.town.query(FILLED, statement)


def _days_told(run: Run, batch: int) -> None:
    untold = run.town.query(
        FILLED,
        "SELECT count(*) FROM (SELECT DISTINCT unit_id, (rated_at AT TIME ZONE 'Asia/Shanghai')::date FROM"
        " evaluations_evaluation WHERE batch_id = %s EXCEPT SELECT unit_id, day FROM evaluations_changedday) AS untold",
        batch,
    )
    run.check("every unit's day that a file touched is to be counted again", [(0,)], untold)


def yearly(run: Run) -> None:
    """B5: a year's file into a database that is empty, once and again from the beginning."""
    town, figures = run.town, (run.figure(B5), run.figure(B5K))
    ratings = run.ratings("Y", run.year, run.days, run.size.year)
    path = ratings.write(town.files / "year.csv")
    text = copy_text(ratings, path, town.files)

    def limit(number: int, *, keys: bool = False) -> float:
        town.make(EMPTY)
        make_months(town, EMPTY, [first_of_month(run.year, later) for later in range(12)])
        town.settle()
        return copy_in(town, text, EMPTY, keys=keys)

    def ours(number: int) -> float:
        town.make(EMPTY)
        town.settle()
        told, _memory = import_file(town, path, EMPTY)
        _whole(run, "a year's file", told, ratings)
        _noted(figures[0], told)
        return ratings.count / told["taken"]

    for bare, keyed, imported in in_turns(run.size.rounds, limit, lambda n: limit(n, keys=True), ours):
        figures[0].add(bare, imported)
        figures[1].add(keyed, imported)
    town.drop(EMPTY)
    for file in (path, text.rows, text.keys):
        file.unlink()


def _noted(figure: Figure, told: dict[str, Any]) -> None:
    figure.notes = {"rows": told["total"], "inspected_rows_per_second": round(told["total"] / told["inspected"])}
