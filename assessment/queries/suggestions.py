"""建议: the class a case may be of, learned from what people corrected and from the tags evaluators chose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from assessment.models import ClassCorrection
from assessment.queries.classes import corrections_of
from assessment.suggesting import Suggestion, learn, suggest
from identity.queries import known_names
from identity.redaction import redact
from rectification.enums import Source
from rectification.models import Case

# The newest so many texts are learned from.
LEARNED_FROM = 1000


def suggestion_for(case: Case, *, at: datetime) -> Suggestion | None:
    """What the class of a case may be; None before CLASS_SUGGEST_CORRECTIONS other cases were corrected.

    Texts are read without what identifies somebody, so that no word that is shown can. The case itself teaches nothing.

    Args:
        at: by what people had said by then.
    """
    made = corrections_of(set(ClassCorrection.objects.filter(at__lte=at).values_list("case_id", flat=True)))
    last = {pk: [one.name for one in said if one.at <= at][-1] for pk, said in made.items() if pk != case.pk}
    named = {pk: name for pk, name in last.items() if name}
    if len(named) < settings.CLASS_SUGGEST_CORRECTIONS or not case.text:
        return None
    names = known_names()
    learned = learn((redact(text, names).text, name) for text, name in _examples(case, named))
    return suggest(learned, redact(case.text, names).text)


def _examples(case: Case, named: dict[int, str]) -> Iterator[tuple[str, str]]:
    """Texts with the class a person has given them; where nobody has, with that of the first tag."""
    rows = Case.objects.exclude(text="").exclude(source=Source.TEST).exclude(pk=case.pk).order_by("-pk")
    for pk, text, tags in rows.values_list("pk", "text", "tags")[:LEARNED_FROM]:
        chosen = next((str(tag["class"]) for tag in tags if tag.get("class")), "")
        yield text, named.get(pk, chosen)
