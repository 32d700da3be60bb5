"""The project's own files, as text and as syntax trees."""

import ast
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "mspaudit"


# A room's file may become a folder of the same name.
FOLDERS = ("actions", "queries", "views", "forms", "models", "rules", "jobs")


@dataclass(frozen=True)
class Source:
    """One Python file of the product. ``name``: its path from the package, ``clients/rules.py``."""

    path: Path
    name: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return _tree(self.path)

    @property
    def room(self) -> str:
        """The room it is in; empty for a file of the package itself."""
        return self.name.partition("/")[0] if "/" in self.name else ""

    @property
    def file(self) -> str:
        """Its last name, ``rules.py``; that of its folder for a room's file that became a folder."""
        parts = self.name.split("/")
        return f"{parts[1]}.py" if len(parts) > 2 and parts[1] in FOLDERS else parts[-1]

    def at(self, node: ast.AST) -> str:
        """Where a node is, for a message."""
        return f"mspaudit/{self.name}:{getattr(node, 'lineno', 0)}"


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def tracked() -> tuple[Path, ...]:
    """What git knows, and what it would if you added everything now."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    paths = (ROOT / name.decode() for name in found.split(b"\0") if name)
    return tuple(p for p in paths if p.is_file())


@cache
def sources() -> tuple[Source, ...]:
    """Every Python file of the product."""
    found = (p for p in tracked() if p.suffix == ".py" and p.is_relative_to(PACKAGE))
    return tuple(Source(p, str(p.relative_to(PACKAGE)), p.read_text("utf-8")) for p in sorted(found))


@cache
def templates() -> tuple[tuple[str, str], ...]:
    """(name, text) of every template of the product."""
    found = (p for p in tracked() if p.suffix == ".html" and p.is_relative_to(PACKAGE))
    return tuple((str(p.relative_to(ROOT)), p.read_text("utf-8")) for p in sorted(found))


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the dotted name of what is called, as written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def dotted(node: ast.AST) -> str:
    """``db.session.commit`` for that expression; the empty string for anything more complex."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def none(wrong: Sequence[object], remedy: str) -> None:
    """Fail with the remedy and every place that needs it."""
    assert not wrong, "\n".join([f"{remedy}:", *map(str, wrong)])
