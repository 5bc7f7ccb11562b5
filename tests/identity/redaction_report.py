"""How much of what identifies a person the rules find: reliability.md §9.3, over the labelled texts in samples/.

python -m tests.identity.redaction_report [--misses]   (make redaction-report)

Prints a table for each set and for its adversarial share, and ends with 1 if a target is missed. `--misses` shows
what was missed or wrong in the development set; the hold-out is only counted.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from identity.redaction import redact

SAMPLES = Path(__file__).resolve().parent / "samples"
SETS = {
    "development": "redaction_development.txt",
    "hold-out": "redaction_holdout.txt",
    "second hold-out": "redaction_names_holdout.txt",
    "third, open half": "redaction_third_open.txt",
    "third, sealed half": "redaction_third_sealed.txt",
    "fourth": "redaction_fourth.txt",
    "fifth": "redaction_fifth.txt",
}
# Only names (and numbers) are labelled here, not the circumstances.
FOR_NAMES = frozenset(name for name in SETS if name.startswith(("third", "fourth", "fifth")))
CIRCUMSTANCES = "circumstances"
STAFF = "staff"
PERHAPS = "perhaps_name"
# Recall and precision of reliability.md §9.3. It is silent on accounts: they are held to what names are held to.
STRUCTURED = (0.995, 0.98)
TARGETS = {
    **dict.fromkeys(
        ("mobile", "landline", "id_card", "uscc", "bank_card", "plate", "email", "project_number"), STRUCTURED
    ),
    "account": (0.97, 0.90),
    "name": (0.97, 0.90),
    "address": (0.95, 0.88),
    CIRCUMSTANCES: (0.95, 0.60),
}
_LINE = re.compile(r"(?P<adversarial>! )?(?:\{(?P<flags>[a-z_ ]+)\} )?(?P<text>.*)")
_MARK = re.compile(r"⟦(?P<rule>\w+):(?P<find>[^⟧]*)⟧")
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|([n\\]))")


@dataclass(frozen=True)
class Sample:
    """One labelled text.

    marks: what must be hidden, as (start, end, rule) of `text`.
    circumstances: why a person must look at it.
    """

    text: str
    marks: tuple[tuple[int, int, str], ...]
    circumstances: frozenset[str]
    adversarial: bool


@dataclass(frozen=True)
class Tally:
    """One line of the table: labelled finds of a kind (`found`, `missed`) and finds nobody labelled (`wrong`)."""

    kind: str
    texts: int = 0
    found: int = 0
    missed: int = 0
    right: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        return self.found / (self.found + self.missed or 1)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def reached(self) -> bool:
        """Whether recall and precision reach the targets; of what does not occur there is nothing to reach."""
        recall, precision = TARGETS[self.kind]
        return (self.recall >= recall or not self.texts) and self.precision >= precision


@cache
def read(name: str) -> tuple[Sample, ...]:
    """The samples of a set of `SETS`."""
    lines = (SAMPLES / SETS[name]).read_text(encoding="utf-8").splitlines()
    return tuple(_sample(line) for line in lines if line and not line.startswith("#"))


def staff(samples: Iterable[Sample]) -> tuple[str, ...]:
    """The unit's dictionary: every name that some text shows to be of its staff."""
    names = {
        "".join(filter(str.isalpha, s.text[start:end]))
        for s in samples
        for start, end, rule in s.marks
        if rule == STAFF
    }
    return tuple(sorted(names))


def _sample(line: str) -> Sample:
    match = _LINE.fullmatch(line)
    assert match, line
    pieces, marks, length = [], [], 0
    end = 0
    for mark in _MARK.finditer(match["text"]):
        before, find = _unescaped(match["text"][end : mark.start()]), _unescaped(mark["find"])
        pieces += [before, find]
        marks.append((length + len(before), length + len(before) + len(find), mark["rule"]))
        length += len(before) + len(find)
        end = mark.end()
    text = "".join([*pieces, _unescaped(match["text"][end:])])
    return Sample(text, tuple(marks), frozenset((match["flags"] or "").split()), bool(match["adversarial"]))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else {"n": "\n"}.get(found[2], "\\"), text)


def judge(samples: Iterable[Sample], names: Collection[str]) -> dict[str, Tally]:
    """The tally of every kind over some samples, with a dictionary of staff.

    A label is found when every letter and digit in it is hidden and a find of its own kind is among those that hide
    it. A find is wrong when less than half of it is labelled with its kind.
    """
    counts = {kind: dict.fromkeys(("texts", "found", "missed", "right", "wrong"), 0) for kind in TARGETS}
    for sample in samples:
        for kind, verdict, _ in verdicts(sample, names):
            counts[kind][verdict] += 1
        for kind in {_kind(rule) for *_, rule in sample.marks}:
            counts[kind]["texts"] += 1
        counts[CIRCUMSTANCES]["texts"] += bool(sample.circumstances)
    return {kind: Tally(kind, **numbers) for kind, numbers in counts.items()}


def judged(name: str, samples: Iterable[Sample], names: Collection[str]) -> dict[str, Tally]:
    """The tallies of the kinds that are labelled in a set of `SETS`."""
    tallies = judge(samples, names)
    return {kind: tally for kind, tally in tallies.items() if name not in FOR_NAMES or kind != CIRCUMSTANCES}


def _kind(rule: str) -> str:
    return "name" if rule == STAFF else rule


def verdicts(sample: Sample, names: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Kind, verdict (found, missed, right or wrong) and the words concerned, of all that is in a sample."""
    redacted = redact(sample.text, names)
    hidden = {place for span in redacted.spans for place in range(span.start, span.end)}
    for start, end, rule in sample.marks:
        letters = {place for place in range(start, end) if sample.text[place].isalnum()}
        same = any(span.kind == _kind(rule) and span.start < end and start < span.end for span in redacted.spans)
        yield _kind(rule), "found" if letters <= hidden and same else "missed", sample.text[start:end]
    labelled = {(place, _kind(rule)) for start, end, rule in sample.marks for place in range(start, end)}
    for span in redacted.spans:
        inside = sum((place, span.kind) in labelled for place in range(span.start, span.end))
        yield span.kind, "right" if 2 * inside >= span.end - span.start else "wrong", span.text
    expected, flagged = bool(sample.circumstances), bool(set(redacted.reasons) - {PERHAPS})
    if expected:
        yield CIRCUMSTANCES, "found" if flagged else "missed", sample.text
    if flagged:
        yield CIRCUMSTANCES, "right" if expected else "wrong", sample.text


@dataclass(frozen=True)
class Sent:
    """What becomes of names beyond finds: `sent` are missed in texts that are sent to a human for perhaps holding one.

    texts: those without a missed name; in_vain: of them, the ones that are sent for perhaps holding one.
    """

    names: int = 0
    found: int = 0
    sent: int = 0
    texts: int = 0
    in_vain: int = 0

    @property
    def not_lost(self) -> float:
        """The share of names that are found, or whose text is sent: no recall."""
        return (self.found + self.sent) / (self.names or 1)


def sent(samples: Iterable[Sample], names: Collection[str]) -> Sent:
    """What becomes of the names in some samples that the rules do not find."""
    counts = dict.fromkeys(("names", "found", "sent", "texts", "in_vain"), 0)
    for sample in samples:
        ends = [verdict for kind, verdict, _ in verdicts(sample, names) if kind == "name"]
        found, missed = ends.count("found"), ends.count("missed")
        perhaps = PERHAPS in redact(sample.text, names).reasons
        counts["names"] += found + missed
        counts["found"] += found
        counts["sent"] += missed * perhaps
        counts["texts"] += not missed
        counts["in_vain"] += perhaps and not missed
    return Sent(**counts)


def table(tallies: dict[str, Tally]) -> Iterator[str]:
    """The lines of the table of reliability.md §9.3."""
    head = ("kind", "texts", "found", "missed", "wrong", "recall", "precision", "target", "verdict")
    yield "{:<15}{:>6}{:>6}{:>7}{:>6}{:>8}{:>10}  {:<13}{}".format(*head)
    for tally in tallies.values():
        recall, precision = TARGETS[tally.kind]
        yield (
            f"{tally.kind:<15}{tally.texts:>6}{tally.found:>6}{tally.missed:>7}{tally.wrong:>6}{tally.recall:>8.1%}"
            f"{tally.precision:>10.1%}  {f'{recall:.1%} {precision:.0%}':<13}{'ok' if tally.reached else 'MISSED'}"
        )


def _misses(samples: Collection[Sample]) -> Iterator[str]:
    names = staff(samples)
    for sample in samples:
        for kind, verdict, words in verdicts(sample, names):
            if verdict in ("missed", "wrong"):
                yield f"{kind} {verdict}: {words!r} in {sample.text!r}"


def main() -> None:
    failed = False
    for name in SETS:
        samples = read(name)
        names = staff(samples)
        adversarial = [sample for sample in samples if sample.adversarial]
        for title, part in ((name, samples), (f"{name}, adversarial writings only", adversarial)):
            tallies = judged(name, part, names)
            print(f"\n{title}: {len(part)} texts", *table(tallies), sep="\n")
            failed |= part is samples and not all(tally.reached for tally in tallies.values())
        alone = judge(samples, ())["name"]
        print(f"names without the dictionary of staff: recall {alone.recall:.1%}, precision {alone.precision:.1%}")
        all_names = sent(samples, names)
        print(
            f"names found, or in a text that is sent to a human because it may hold one: {all_names.not_lost:.1%}; "
            f"of the texts without a missed name, {all_names.in_vain / all_names.texts:.1%} are sent in vain"
        )
    if "--misses" in sys.argv:
        print("", *_misses(read("development")), sep="\n")
    raise SystemExit(failed)


if __name__ == "__main__":
    main()
