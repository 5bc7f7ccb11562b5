"""Taste as tests: the line of apps, the rooms, one writer, no broker behind a page.

Every complaint names the rule and the place. What a rule excuses is listed beside it with the reason; an excuse that
nothing needs any more is a complaint too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.support import source
from tests.support.source import (
    LINE,
    OURS,
    WIRING,
    Found,
    Place,
    Source,
    called,
    calls,
    imports,
    judge,
    room_of,
    written,
)

# --- the line -------------------------------------------------------------------------------------------------


def test_an_app_imports_only_apps_to_its_left() -> None:
    judge(
        f"an app imports only apps left of it: {' ← '.join(LINE)}",
        _right(),
    )


def _right() -> Found:
    for file in source.sources():
        if file.app in LINE:
            left = set(LINE[: LINE.index(file.app) + 1])
            for made in imports(file):
                app = made.module.split(".")[0]
                if app in OURS and app not in left:
                    yield file.path, made.place, f"{file.app} imports {made.module}"


def test_nobody_imports_the_wiring() -> None:
    outside = [file for file in source.sources() if file.app != WIRING]
    judge(
        "reviews_portal imports apps, nobody imports reviews_portal",
        ((f.path, i.place, i.module) for f in outside for i in imports(f) if i.module.split(".")[0] == WIRING),
    )


def test_the_stack_and_the_tools_know_no_app() -> None:
    aside = [file for file in source.sources() if file.app in ("stack", "tools")]
    judge(
        "stack and tools import no app",
        (
            (f.path, i.place, f"{f.app} imports {i.module}")
            for f in aside
            for i in imports(f)
            if i.module.split(".")[0] in (*LINE, WIRING)
        ),
    )


def test_no_import_inside_a_function_dodges_a_ring() -> None:
    judge(
        "modules of ours are imported at the head of a file",
        (
            (file.path, made.place, f"imports {made.module} inside a function")
            for file in written()
            for made in imports(file)
            if made.inside and made.module.split(".")[0] in OURS and not file.path.endswith("/apps.py")
        ),
    )


# --- the rooms ------------------------------------------------------------------------------------------------

WORDS, RULES, FACTS, READS, ACTS, DOORS = "words", "rules", "facts", "reads", "acts", "doors"
# What a room's file name stands for; the layers in docs/architecture.md.
ROOMS: dict[str, tuple[str, ...]] = {
    WORDS: ("enums",),
    RULES: (
        "access",
        "actors",
        "analysing",
        "anonymity",
        "ballot",
        "calendar",
        "calling",
        "charts",
        "classing",
        "codes",
        "courses",
        "crypto",
        "deadlines",
        "display",
        "effect",
        "envelopes",
        "faults",
        "figures",
        "entering",
        "grading",
        "grounds",
        "ids",
        "integrity",
        "intervals",
        "keys",
        "ledger",
        "likelihood",
        "likeness",
        "limits",
        "masking",
        "offers",
        "outcomes",
        "panels",
        "paper",
        "profiles",
        "readers",
        "periods",
        "presets",
        "presence",
        "proof",
        "redaction",
        "replies",
        "rows",
        "sampling",
        "scoring",
        "specials",
        "uncertainty",
        "ranks",
        "loop",
        "metrics",
        "searching",
        "suggesting",
        "suspicions",
        "topics",
        "typical",
        "words",
        "workflow",
    ),
    FACTS: (
        "models",
        "reference",
        "context",
        "failpoints",
        "memory",
        "migrating",
        "postgresql",
        "prepared",
        "sessions",
    ),
    READS: ("queries", "casefile", "contests", "lists", "lookups", "signs", "tablets", "typed"),
    ACTS: ("actions", "delivery", "feedback", "gateways", "calls", "seed", "printing", "papers", "renderings"),
    DOORS: (
        "adapters",
        "api",
        "apps",
        "backends",
        "checks",
        "context_processors",
        "filters",
        "forms",
        "keeping",
        "management",
        "middleware",
        "passwords",
        "tasks",
        "templatetags",
        "urls",
        "views",
    ),
}
LAYER = {room: layer for layer, rooms in ROOMS.items() for room in rooms}
MAY_IMPORT: dict[str, frozenset[str]] = {
    WORDS: frozenset({WORDS}),
    RULES: frozenset({WORDS, RULES}),
    FACTS: frozenset({WORDS, RULES, FACTS}),
    READS: frozenset({WORDS, RULES, FACTS, READS}),
    ACTS: frozenset({WORDS, RULES, FACTS, READS, ACTS}),
    DOORS: frozenset(ROOMS),
}
# Doors translate the outside into one act or question, and never call one another.
CLOSED_DOORS: dict[str, tuple[str, ...]] = {
    "views": ("urls", "tasks", "management", "middleware", "api"),
    "api": ("views", "urls", "tasks", "management", "middleware"),
    "forms": ("views", "urls", "tasks", "management", "middleware", "filters"),
    "filters": ("views", "urls", "tasks", "management", "middleware", "forms"),
    "tasks": ("views", "urls", "forms", "management", "middleware"),
    "management": ("views", "urls", "tasks", "middleware"),
    "middleware": ("views", "urls", "tasks", "forms", "management"),
    "templatetags": ("views", "urls", "forms", "tasks", "management", "middleware", "actions"),
}
# common/forms holds the looks of every form: a filter is drawn as one.
LOOKS = "common.forms"
ROOM_EXCUSES = {
    "evaluations/queries/__init__.py → rectification.actions.dispatching": "a code is hashed where it is stored",
    "rectification/actions/exports.py → rectification.filters": "a file holds the rows the page's filter had shown",
}


def test_every_file_lies_in_a_known_room() -> None:
    judge(
        "a file of an app has the name of a room (ROOMS above, docs/architecture.md)",
        (
            (file.path, Place(file.path, 1), f"no room is called {file.room}")
            for file in written()
            if file.app in LINE and file.room not in LAYER and file.room != "__init__"
        ),
    )


def test_each_room_imports_only_what_lies_below_it() -> None:
    judge("a room imports only from rooms below it: words, rules, facts, reads, acts, doors", _upwards(), ROOM_EXCUSES)


def _upwards() -> Found:
    for file in written():
        layer = LAYER.get(file.room) if file.app in LINE else None
        for made in imports(file) if layer else ():
            app, room = room_of(made.module)
            if app in LINE and room in LAYER and LAYER[room] not in MAY_IMPORT[layer or ""]:
                yield f"{file.path} → {made.module}", made.place, f"{file.room} ({layer}) imports {made.module}"


def test_doors_do_not_call_one_another() -> None:
    judge("doors end in acts and questions, not in other doors", _door_to_door())


def _door_to_door() -> Found:
    for file in written():
        closed = CLOSED_DOORS.get(file.room, ()) if file.app in LINE else ()
        for made in imports(file):
            app, room = room_of(made.module)
            if app in LINE and room in closed and made.module != LOOKS:
                yield file.path, made.place, f"{file.room} imports {made.module}"


IMPURE_MODULES = ("django.db", "django.contrib", "django.core.cache", "requests", "psycopg2")
CLOCKS = ("now", "today", "localdate", "localtime", "utcnow")


def _pure() -> Iterator[Source]:
    return (file for file in written() if file.app in LINE and LAYER.get(file.room) == RULES)


def test_rules_know_no_database() -> None:
    judge(
        "rules are pure: no ORM",
        (
            (file.path, made.place, f"imports {made.module}")
            for file in _pure()
            for made in imports(file)
            if made.module.startswith(IMPURE_MODULES)
        ),
    )


CLOCK_EXCUSES = {
    "rectification/words.py": "localtime turns a moment given to it into words; the present is not asked",
}


def test_rules_are_told_the_time() -> None:
    judge(
        "rules are pure: the present is an argument",
        ((f.path, f.at(c), f".{called(c)}(") for f in _pure() for c in calls(f) if called(c) in CLOCKS),
        CLOCK_EXCUSES,
    )


# --- the one writer -------------------------------------------------------------------------------------------

WRITER_EXCUSES = {
    "common/delivery.py": "the outbox is emptied by its own sweep, which is the act",
    "common/papers.py": "a page is saved into a file of its own; no row",
    "oversight/renderings/word.py": "a document is saved into memory; no row",
    "tools/word_template.py": "a template is saved into a file; no row",
    "organizations/seed.py": "loads the reference structure of the city",
    "rectification/seed.py": "loads the regulation",
    "evaluations/seed.py": "loads the national tags",
    "appeals/seed.py": "loads the grounds of appeals",
    "assessment/seed.py": "loads the first rules of problem classes",
    "organizations/middleware.py": "allauth's own record of a session's last look; no fact of ours",
}


def test_only_acts_write() -> None:
    judge("only actions write", _written_elsewhere(), WRITER_EXCUSES)


def _written_elsewhere() -> Found:
    for file in written():
        if file.room != "actions":
            for place, verb in source.writes(file):
                yield file.path, place, f"writes: {verb}"


def test_one_line_sets_the_state_of_a_case() -> None:
    setting = [
        (file.path, place, "sets a state")
        for file in written()
        if file.app in ("rectification", "evaluations", WIRING)
        for place in _states_set(file)
    ]
    assert [path for path, _, _ in setting].count("rectification/actions/core.py") == 1
    judge(
        "after its birth the state of a case is set by `finish` alone",
        setting,
        {"rectification/actions/core.py": "that is `finish`"},
    )


def _states_set(file: Source) -> Iterator[Place]:
    for node in ast.walk(file.tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            yield from (file.at(node) for t in targets if isinstance(t, ast.Attribute) and t.attr == "state")
    for call in calls(file):
        name = called(call)
        if name == "setattr" and any(isinstance(a, ast.Constant) and a.value == "state" for a in call.args):
            yield file.at(call)
        if source.WRITES.fullmatch(name) and any(word.arg == "state" for word in call.keywords):
            yield file.at(call)


# --- no broker behind a page ----------------------------------------------------------------------------------

BROKER = ("celery", "kombu", "redis", "valkey", "django_celery_beat", "django_celery_results")
BROKER_EXCUSES = {
    "common/queries.py": "readyz asks whether the broker answers, and only reports it",
    "reviews_portal/celery.py": "the clock itself",
    "stack/supervisor.py": "a broker of one's own is tried before anything starts",
}


def test_no_page_meets_the_broker() -> None:
    judge(
        "celery lives in tasks.py alone: losing the broker loses no page and no duty",
        (
            (file.path, made.place, f"imports {made.module}")
            for file in written()
            for made in imports(file)
            if made.module.split(".")[0] in BROKER and file.room != "tasks"
        ),
        BROKER_EXCUSES,
    )


def test_no_act_waits_for_a_job() -> None:
    sending = ("delay", "apply_async", "send_task", "apply_sync")
    judge(
        "nothing is sent to the broker by hand: the clock sweeps what the database holds",
        ((f.path, f.at(c), f".{called(c)}(") for f in written() for c in calls(f) if called(c) in sending),
    )


def test_nothing_follows_by_signal() -> None:
    judge(
        "no Django signals: what follows from an act stands in the act",
        (
            (file.path, made.place, f"imports {made.module}")
            for file in written()
            for made in imports(file)
            if made.module == "django.dispatch" or made.module.endswith(".signals")
        ),
    )
