"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Size:
    """One size of the benchmark.

    Attributes:
        fill: rows that stand in the tables before the filled partitions are measured; a year of them.
        day: rows of a daily file. 29.09 million a year are 80,000 a day.
        year: rows of the file that goes into empty partitions.
        beside: rows of the file beside whose import requests are measured; more than all loads outlast.
        rounds: of each figure, the limit and ours in turns.
        seconds: of each load of requests.
        negatives: one row in so many is a negative rating.
        batches: of 1,000 ratings, each of a side's rounds.
        reads: of each page, each round.
        public: published cases that are searched.
        disk: megabytes that are needed.
        whole: megabytes that the whole year's run needs for the ratings alone (`bench.year`).
        options: of the server, see docs/operations.md.
    """

    name: str
    fill: int
    day: int
    year: int
    beside: int
    rounds: int
    seconds: float
    negatives: int = 10_000
    batches: int = 12
    reads: int = 100
    public: int = 100_000
    disk: int = 2_000
    whole: int = 2_000
    options: dict[str, str] = field(default_factory=dict)


def _server(shared: str, wal: str) -> dict[str, str]:
    return {
        "shared_buffers": shared,
        "max_wal_size": wal,
        "min_wal_size": "1GB",
        "checkpoint_timeout": "15min",
        "effective_cache_size": "12GB",
        "random_page_cost": "1.1",
        "work_mem": "32MB",
        "maintenance_work_mem": "512MB",
    }


SIZES = {
    size.name: size
    for size in (
        Size(
            "small",
            fill=6_000,
            day=600,
            year=2_000,
            beside=300_000,
            rounds=2,
            seconds=0.4,
            negatives=200,
            batches=1,
            reads=5,
            public=2_000,
        ),
        Size(
            "medium",
            fill=3_000_000,
            day=80_000,
            year=3_000_000,
            beside=9_000_000,
            rounds=5,
            seconds=8,
            disk=20_000,
            whole=12_000,
            options=_server("2GB", "8GB"),
        ),
        Size(
            "full",
            fill=29_090_000,
            day=80_000,
            year=3_000_000,
            beside=9_000_000,
            rounds=5,
            seconds=10,
            disk=45_000,
            whole=36_000,
            options=_server("4GB", "16GB"),
        ),
    )
}
