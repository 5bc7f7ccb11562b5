"""归类规则 on trial: which cases of a period would move from which class to which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from assessment.classing import Classed, Corrected, Move, Rule, Said, by_rules, moves
from assessment.periods import Period
from assessment.queries.classes import classes_of, corrections_of, said_of
from assessment.queries.loop import moments_of
from rectification.enums import Source
from rectification.models import Case


@dataclass(frozen=True)
class Trial:
    """What rules on trial would change of one period: of so many cases, these would move."""

    period: Period
    total: int
    moves: list[Move]

    def stored(self) -> dict[str, object]:
        """As the row of the rules keeps it."""
        rows = [{"before": one.before, "after": one.after, "cases": list(one.numbers)} for one in self.moves]
        moved = sum(len(one.numbers) for one in self.moves)
        return {"period": self.period.name, "total": self.total, "moved": moved, "moves": rows}


def try_rules(rules: tuple[Rule, ...], valid_from: date, period: Period, *, at: datetime) -> Trial:
    """The cases of a period by the rules on trial, beside what they are called now.

    Corrections stay, and cases received before the first day of the rules are not touched.
    """
    since, until = moments_of(period)
    rows = Case.objects.filter(received_at__gte=since, received_at__lt=until).exclude(source=Source.TEST)
    numbers = dict(rows.values_list("pk", "number"))
    now, corrected, said = classes_of(numbers, at=at), corrections_of(numbers), dict(said_of(numbers))

    def then(pk: int) -> Classed:
        return _tried(said[pk], rules, valid_from, now[pk], corrected[pk])

    return Trial(period, len(numbers), moves((numbers[pk], now[pk], then(pk)) for pk in sorted(numbers)))


def _tried(said: Said, rules: tuple[Rule, ...], valid_from: date, now: Classed, corrected: list[Corrected]) -> Classed:
    stays = said.received < valid_from or (corrected and corrected[-1].name)
    return now if stays else by_rules(said, rules)
