"""Facts and lines as they are kept, and the fingerprint of what is kept. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from assessment.enums import LineKind
from assessment.figures import Counts, Figures
from assessment.scoring.points import Event, Facts, Line, Ratio


def kept_facts(facts: Facts) -> dict[str, Any]:
    """Everything in one order, numbers that are not whole as text."""
    return {
        "measures": _kept_ratios(facts.measures),
        "before": _kept_ratios(facts.before),
        "cases": {name: sorted(ids) for name, ids in sorted(facts.cases.items()) if ids},
        "events": [
            [event.id, str(event.kind), plain(event.value)] for event in sorted(facts.events, key=lambda one: one.id)
        ],
        "sample": facts.sample,
        "exempt": dict(sorted(facts.exempt.items())),
        "waived": sorted([item, reference] for item, reference in facts.waived),
    }


def _kept_ratios(ratios: Mapping[str, Ratio]) -> dict[str, list[Any]]:
    return {str(name): [plain(ratio.part), ratio.whole] for name, ratio in sorted(ratios.items())}


def facts_of(kept: Mapping[str, Any]) -> Facts:
    """The inverse of `kept_facts`."""
    return Facts(
        measures={name: Ratio(Decimal(part), whole) for name, (part, whole) in kept["measures"].items()},
        before={name: Ratio(Decimal(part), whole) for name, (part, whole) in kept["before"].items()},
        cases={name: frozenset(ids) for name, ids in kept["cases"].items()},
        events=tuple(Event(pk, kind, Decimal(value)) for pk, kind, value in kept["events"]),
        sample=kept["sample"],
        exempt=dict(kept["exempt"]),
        waived=frozenset((item, reference) for item, reference in kept["waived"]),
    )


def kept_figures(figures: Figures) -> dict[str, Any]:
    """The tallies of a quarter, by origin, in the order of `figures.Counts`."""
    origins = {str(name): list(counts) for name, counts in sorted(figures.origins.items())}
    return {"services": figures.services, "rated": figures.rated, "origins": origins}


def figures_of(kept: Mapping[str, Any]) -> Figures:
    """The inverse of `kept_figures`."""
    origins = {name: Counts._make(counts) for name, counts in kept["origins"].items()}
    return Figures(kept["services"], kept["rated"], origins)


def kept_lines(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [
        {
            "item": str(line.item),
            "kind": str(line.kind),
            "points": f"{line.points:.2f}",
            "of": plain(line.of),
            "refs": list(line.refs),
            "words": str(line.words),
        }
        for line in lines
    ]


def lines_of(kept: Sequence[Mapping[str, Any]]) -> list[Line]:
    """The inverse of `kept_lines`."""
    return [
        Line(
            one["item"],
            LineKind(one["kind"]),
            Decimal(one["points"]),
            Decimal(one["of"]),
            tuple(one["refs"]),
            one["words"],
        )
        for one in kept
    ]


def fingerprint(kept: Any) -> str:
    """SHA-256 of what is kept, written in one way: names in their order, no spaces, no escapes."""
    text = json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
