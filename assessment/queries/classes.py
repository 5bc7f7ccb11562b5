"""The class of a case: one answer for metric, analysis page, notice and files, as known at a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.utils import timezone

from assessment.classing import Classed, Corrected, RuleSet, Said, effective, read_rules
from assessment.models import ClassCorrection, ClassRules
from evaluations.models import Tag
from rectification.models import Case


def classes_of(cases: Collection[int], *, at: datetime) -> dict[int, Classed]:
    """The class of each of these cases and why: three questions, however many there are.

    Args:
        cases: their primary keys.
        at: by the corrections and rules that were known at this moment.
    """
    sets, corrected = rule_sets(at), corrections_of(cases)
    return {pk: effective(said, sets, corrected[pk], at) for pk, said in said_of(cases)}


def rule_sets(at: datetime) -> list[RuleSet]:
    """Every version that had been adopted at a moment."""
    rows = ClassRules.objects.known(at).values_list("version", "valid_from", "adopted_at", "content")
    return [
        RuleSet(version, since, adopted, read_rules(content)) for version, since, adopted, content in rows if adopted
    ]


def said_of(cases: Collection[int]) -> Iterator[tuple[int, Said]]:
    """What the class of each of these cases is told from."""
    rows = Case.objects.filter(pk__in=cases).order_by().values_list("pk", "received_at", "text", "tags")
    for pk, received, text, tags in rows:
        chosen = tuple((str(tag.get("code", "")), str(tag.get("class") or "")) for tag in tags)
        yield pk, Said(timezone.localdate(received), text, chosen)


def corrections_of(cases: Iterable[int]) -> dict[int, list[Corrected]]:
    """What people said about these cases, in the order in which they said it."""
    found: dict[int, list[Corrected]] = defaultdict(list)
    rows = ClassCorrection.objects.filter(case__in=cases).order_by("pk").values_list("case_id", "at", "name")
    for case, at, name in rows:
        found[case].append(Corrected(at, name))
    return found


def class_names(at: datetime) -> list[str]:
    """Every class there is: of tags, of rules that were adopted, and what people have called one; in order."""
    named = set(Tag.objects.exclude(problem_class="").values_list("problem_class", flat=True))
    named |= {rule.to for one in rule_sets(at) for rule in one.rules}
    named |= set(ClassCorrection.objects.exclude(name="").values_list("name", flat=True))
    return sorted(named)
