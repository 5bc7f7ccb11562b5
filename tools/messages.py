"""Translations without GNU gettext: collect Chinese msgids, compile the English catalogue, check it is complete.

python -m tools.messages update | compile | check
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
SOURCES = (
    "common",
    "organizations",
    "identity",
    "rectification",
    "evaluations",
    "appeals",
    "assessment",
    "oversight",
    "disclosure",
    "reviews_portal",
    "templates",
)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HAN = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def _files() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *SOURCES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in sorted(set(listed.stdout.splitlines())):
        path = ROOT / name
        if path.suffix in {".py", ".html", ".txt"} and "/migrations/" not in name and path.exists():
            yield path


def collect() -> Catalog:
    """Every msgid in the sources, without places, so that moving code changes nothing."""
    catalogue = Catalog(locale="en", fuzzy=False)
    for path in _files():
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # What is not a message is filler whose indentation Python's tokenizer would object to.
            text = "\n".join(line.lstrip() for line in templatize(text).splitlines())
        for _line, message, _comments, context in extract("python", BytesIO(text.encode()), KEYWORDS):
            if message:
                catalogue.add(message, context=context)
    return catalogue


def known() -> Catalog:
    """The catalogue as it is kept."""
    if not CATALOGUE.exists():
        return Catalog(locale="en")
    with CATALOGUE.open("rb") as lines:
        return read_po(lines, locale="en")


def update() -> None:
    """Merges new msgids in, keeps translations, drops what is no longer used; guesses nothing."""
    kept, found = known(), collect()
    for message in found:
        old = kept.get(message.id, message.context) if message.id else None
        if old is not None and old.string:
            message.string = old.string
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as lines:
        write_po(lines, found, sort_output=True, no_location=True, omit_header=False, width=120)


def compile_catalogue() -> None:
    """Writes the .mo beside the .po."""
    with CATALOGUE.with_suffix(".mo").open("wb") as out:
        write_mo(out, known())


def complaints() -> list[str]:
    """What is wrong: msgids without English, placeholders that differ, Chinese left in the English text."""
    kept = known()
    return [line for message in collect() if message.id for line in _judge(message, kept)]


def _judge(message: Message, kept: Catalog) -> Iterator[str]:
    ids = _texts(message.id)
    old = kept.get(message.id, message.context)
    strings = _texts(old.string) if old is not None else []
    if not strings or not all(strings):
        if HAN.search("".join(ids)):
            yield f"no English: {ids[0]}"
        return
    for text in strings:
        # A language is named in itself.
        if HAN.search(text) and text != ids[0]:
            yield f"Chinese in the English text: {ids[0]}"
        if sorted(set(PLACEHOLDER.findall(text))) != sorted(set(PLACEHOLDER.findall(ids[-1]))):
            yield f"placeholders differ: {ids[0]}"


def _texts(value: object) -> list[str]:
    """Singular and plural of a message, which Babel keeps as one text or as several."""
    return [str(text) for text in value] if isinstance(value, list | tuple) else [str(value)]


def main() -> None:
    settings.configure()
    django.setup()
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "update":
        update()
    elif command == "compile":
        compile_catalogue()
    elif command == "check":
        found = complaints()
        if found:
            raise SystemExit("\n".join([*found, f"{len(found)} complaints; make messages collects new texts"]))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
