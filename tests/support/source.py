"""The source read as text: who imports whom, what writes, which template is named where. No app is imported for it."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINE = (
    "common",
    "organizations",
    "identity",
    "rectification",
    "evaluations",
    "appeals",
    "assessment",
    "oversight",
    "disclosure",
)
WIRING = "reviews_portal"
OURS = (*LINE, WIRING, "stack", "tools")
WRITES = re.compile(
    r"a?(bulk_)?(save|create|update|delete|get_or_create|update_or_create|create_(user|superuser|from_request))"
)
RAW_WRITES = re.compile(r"\b(INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE\s)", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """A line of a file, as an editor opens it."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


Found = Iterable[tuple[str, Place, str]]


def judge(rule: str, found: Found, excused: Mapping[str, str] | None = None) -> None:
    """Fails with every finding that is not excused, and with every excuse that nothing needs any more.

    Args:
        found: (key under which it may be excused, place, what is there).
        excused: key and reason.
    """
    excuses, used, complaints = excused or {}, set(), []
    for key, place, what in found:
        used.add(key)
        if key not in excuses:
            complaints.append(f"{place}: {what}")
    complaints += [f"{key}: excused ({why}), but not found" for key, why in excuses.items() if key not in used]
    assert not complaints, "\n".join([f"rule: {rule}", *sorted(complaints)])


@dataclass(frozen=True)
class Import:
    """One module imported; `inside` when that happens in a function."""

    place: Place
    module: str
    inside: bool


@dataclass(frozen=True, eq=False)
class Source:
    """One Python file of ours."""

    path: str
    text: str
    tree: ast.Module

    @property
    def app(self) -> str:
        return self.path.split("/")[0]

    @property
    def room(self) -> str:
        """The file or package inside its app: `rectification/actions/core.py` lies in "actions"."""
        return self.path.split("/")[1].removesuffix(".py")

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def is_migration(self) -> bool:
        return "/migrations/" in self.path

    def at(self, node: ast.AST) -> Place:
        return Place(self.path, getattr(node, "lineno", 1))


@functools.cache
def sources() -> tuple[Source, ...]:
    """Every Python file of the apps, of `stack` and of `tools`; migrations too."""
    return tuple(read(path) for app in OURS for path in sorted((ROOT / app).rglob("*.py")))


def read(path: Path) -> Source:
    text = path.read_text()
    return Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text, str(path)))


def written() -> Iterator[Source]:
    """The files that people write: migrations are made by a command."""
    return (source for source in sources() if not source.is_migration)


@functools.cache
def modules() -> frozenset[str]:
    return frozenset(source.module for source in sources())


def room_of(module: str) -> tuple[str, str]:
    """App and room of one of our modules; the app alone has the room ""."""
    app, _, rest = module.partition(".")
    return app, rest.split(".")[0]


@functools.cache
def imports(source: Source) -> tuple[Import, ...]:
    """Everything a file imports, wherever it stands, `from package import module` read as the module."""
    found: list[Import] = []
    for node, function in _with_function(source.tree, None):
        found += [Import(source.at(node), name, function is not None) for name in _imported(source, node)]
    return tuple(found)


def _imported(source: Source, node: ast.AST) -> Iterable[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        package = _absolute(source, node)
        return dict.fromkeys(
            full if (full := f"{package}.{alias.name}") in modules() else package for alias in node.names
        )
    if isinstance(node, ast.Call) and called(node) in ("import_module", "__import__", "import_string"):
        return [arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    return ()


def _absolute(source: Source, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = source.module.split(".")
    above = node.level - source.path.endswith("/__init__.py")
    return ".".join([*package[: len(package) - above], *filter(None, [node.module])])


def _with_function(node: ast.AST, function: ast.AST | None) -> Iterator[tuple[ast.AST, ast.AST | None]]:
    for child in ast.iter_child_nodes(node):
        yield child, function
        inside = child if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) else function
        yield from _with_function(child, inside)


def called(node: ast.Call) -> str:
    """The last word of what is called: `delete` of `Draft.objects.filter(…).delete()`."""
    match node.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def calls(source: Source) -> Iterator[ast.Call]:
    return (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))


def writes(source: Source) -> Iterator[tuple[Place, str]]:
    """Where a file writes rows: an ORM verb or a statement of its own.

    A queryset's `update` takes names only, and `delete` nothing, so a hash or a dict that is fed is no write.
    """
    for node in calls(source):
        name = called(node)
        if not isinstance(node.func, ast.Attribute) or not WRITES.fullmatch(name):
            continue
        if name in ("update", "delete") and node.args:
            continue
        yield source.at(node), f".{name}("
    for node, words in strings(source):
        if RAW_WRITES.search(words):
            yield source.at(node), words.strip()[:40]


@functools.cache
def strings(source: Source) -> tuple[tuple[ast.AST, str], ...]:
    """The texts in a file that are not documentation."""
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return tuple(
        (node, node.value)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation
    )


def templates() -> dict[str, Path]:
    """Our templates by the name they are asked for."""
    folder = ROOT / "templates"
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


@functools.cache
def template_patterns(source: Source) -> tuple[tuple[str, str], ...]:
    """Template names put together from a part, as (beginning, end): `f"case/_matter_{kind}.html"`."""
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.JoinedStr) and len(node.values) == 3:
            first, _, last = node.values
            if isinstance(first, ast.Constant) and isinstance(last, ast.Constant) and str(last.value).endswith(".html"):
                found.append((str(first.value), str(last.value)))
    return tuple(found)


def lines(path: Path) -> int:
    return path.read_text().count("\n")
