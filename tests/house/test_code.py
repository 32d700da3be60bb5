"""Conventions of the Python code. Each failure says where, and what to do instead."""

import ast
import re

import pytest

from mspaudit import features
from tests.house.source import Source, calls, dotted, functions, none, sources

# Longer than the budget, and why.
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {
    "checklists/actions/proofs.py:attach_evidence": "half of it says what it takes and what it refuses",
}
# Serves the files under /static/, which are public, and hangs the shared templates on a blueprint.
STATIC = "web/__init__.py"
# Numbers that the code itself writes into a statement, so that PostgreSQL plans with constants.
LITERAL_NUMBERS = ("risk/lines_sql.py", "risk/sums.py")
MOST_LINES, MOST_LINES_A_FUNCTION = 300, 45

# Who may read the clock: the ends of the product, never what they call.
CLOCKS = (
    "views.py",
    "jobs.py",
    "cli.py",
    "scheduler.py",
    "checkup.py",
    "onebox.py",
    "pages.py",
    "answering.py",
)
CLOCK_EXCEPTIONS = {
    "kernel/clock.py": "the clock itself",
    "tenancy/context.py": "a signature is dated when it is made",
    "web/filters.py": "« il y a deux jours » is said when the page is drawn",
    "tenancy/schedule.py": "the end of a job, when it does not say",
    "clients/facts.py": "a SELECT that takes no argument asks PostgreSQL and Paris for the day",
    "outbox/letters.py": "a letter is dated when it is written",
}
# Kept by a process though it was read from the database.
REMEMBERED = {
    "checklists/packs.py:words": "a digest names a content, the same whoever asks",
    "checklists/actions/trail.py:scale_of": "a loaded pack never changes, and its identifier is one MSP's",
}
NOW = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "clock.now", "now"}


def each(condition: str = "") -> list[Source]:
    return [s for s in sources() if s.file == condition or not condition]


def test_every_blueprint_is_born_with_its_audience() -> None:
    wrong = [
        s.at(call)
        for s in sources()
        for call, name in calls(s.tree)
        if name.rpartition(".")[2] in ("Blueprint", "Guarded")
        and s.name not in ("tenancy/blueprints.py", STATIC)
    ]
    none(wrong, "use tenant_blueprint, portal_blueprint, account_blueprint, staff_ or public_blueprint")


def test_no_route_hangs_on_the_application() -> None:
    wrong = [
        s.at(call)
        for s in sources()
        for call, name in calls(s.tree)
        if re.fullmatch(r"(\w+\.)*app\.(route|get|post|add_url_rule)", name) and s.name != STATIC
    ]
    none(wrong, "give the route a blueprint, which says for whom it is")


def test_only_the_lifecycle_commits() -> None:
    allowed = ("tenancy/lifecycle.py", "tenancy/scheduler.py", "tenancy/database.py")
    wrong = [
        s.at(call)
        for s in sources()
        for call, name in calls(s.tree)
        if name.endswith("session.commit")
        or (name.endswith(".commit") and s.file in ("actions.py", "views.py"))
        if s.name not in allowed
    ]
    none(wrong, "return: the request or the job commits once, at its end")


def test_no_sql_is_made_of_strings() -> None:
    wrong = [
        s.at(call)
        for s in sources()
        for call, name in calls(s.tree)
        if name.rpartition(".")[2] in ("text", "literal_column", "exec_driver_sql") and call.args
        if not _constant(call.args[0], s) and s.name not in LITERAL_NUMBERS
    ]
    none(wrong, "pass values as bind parameters; build statements with select(), update()…")


def test_no_cursor_is_given_a_made_up_statement() -> None:
    wrong = [
        s.at(call)
        for s in sources()
        for call, name in calls(s.tree)
        if name.endswith("execute") and call.args
        if isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
        or (
            (isinstance(call.args[0], ast.Call) and dotted(call.args[0].func).endswith(".format"))
            and not dotted(call.args[0].func).startswith("sql.")
            and "sql.SQL" not in ast.unparse(call.args[0])
        )
    ]
    none(wrong, "compose it with psycopg.sql")


def test_text_that_reads_a_tenants_table_names_the_tenant() -> None:
    """The session scopes statements made of models; of text it knows nothing."""
    features.load_models()
    from mspaudit.extensions import Base

    tables = "|".join(t.name for t in Base.metadata.sorted_tables if "tenant_id" in t.c)
    reads = re.compile(rf"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:{tables})\b")
    wrong = [
        s.at(call)
        for s in sources()
        for call, name in calls(s.tree)
        if name in ("text", "sa.text", "sqlalchemy.text") and call.args
        if s.name != "tenancy/scheduler.py"  # reads as the dispatcher, for all tenants
        if reads.search(said := ast.unparse(call.args[0])) and "tenant_id" not in said
    ]
    none(wrong, "compare tenant_id with a bind parameter")


@pytest.mark.parametrize("source", each("rules.py"), ids=lambda s: s.name)
def test_rules_know_neither_the_web_nor_the_database(source: Source) -> None:
    for node in ast.walk(source.tree):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        wrong = [n for n in names if n.split(".")[0] in ("flask", "sqlalchemy", "psycopg", "redis", "rq")]
        none(wrong, f"{source.at(node)}: rules decide from their arguments; move the rest to queries.py")


def test_only_the_ends_of_the_product_read_the_clock() -> None:
    wrong = [
        s.at(call)
        for s in sources()
        for call, name in calls(s.tree)
        if name in NOW or name.endswith("clock.now")
        if not s.file.endswith(CLOCKS)
        and s.name not in CLOCK_EXCEPTIONS
        and s.room not in ("demo", "embedded")
    ]
    none(wrong, "take now (or today) as an argument; the view or the job reads the clock")


@pytest.mark.parametrize("source", sources(), ids=lambda s: s.name)
def test_a_file_stays_readable(source: Source) -> None:
    lines = source.text.count("\n")
    assert lines <= MOST_LINES or source.name in LONG_FILES, (
        f"{source.name} has {lines} lines: divide it, or say why not in LONG_FILES"
    )
    for function in functions(source.tree):
        length = (function.end_lineno or 0) - function.lineno + 1
        name = f"{source.name}:{function.name}"
        assert length <= MOST_LINES_A_FUNCTION or name in LONG_FUNCTIONS, (
            f"{name} has {length} lines: divide it, or say why not in LONG_FUNCTIONS"
        )


@pytest.mark.parametrize("source", sources(), ids=lambda s: s.name)
def test_what_is_public_says_what_its_caller_needs(source: Source) -> None:
    if 'if __name__ == "__main__"' in source.text:
        return  # A program: nobody calls its functions but itself.
    silent = [source.at(node) for node in _public(source.tree) if not ast.get_docstring(node)]
    none(silent, "write a docstring: what a caller needs to know, or make the name private")


def test_what_a_process_remembers_belongs_to_no_tenant() -> None:
    """A cache outlives the request: the next one may be another MSP's."""
    wrong = [
        s.at(function)
        for s in sources()
        for function in functions(s.tree)
        if any(dotted(getattr(d, "func", d)).endswith("cache") for d in function.decorator_list)
        if any(_asks_who(name) for _call, name in calls(function))
        if f"{s.name}:{function.name}" not in REMEMBERED
    ]
    none(wrong, "cache what its arguments alone decide, or say in REMEMBERED why nobody else can ask for it")


def _asks_who(name: str) -> bool:
    return name.startswith(("db.session", "g.")) or name in ("current", "tenant_id", "context.current")


def test_every_room_has_its_charter() -> None:
    packages = [s for s in sources() if s.name.endswith("/__init__.py")]
    silent = [s.name for s in packages if not ast.get_docstring(s.tree)]
    none(silent, "say in one sentence what the room is for")


def test_every_feature_imports() -> None:
    for names in (features.JOBS, features.FACTS, features.DEADLINES):
        assert len(features.modules(names)) == len(names)
    assert len(features.blueprints()) == len(set(features.BLUEPRINTS)) == len(features.BLUEPRINTS)


def test_no_silence_is_kept_over_an_error() -> None:
    wrong = []
    for s in sources():
        for node in ast.walk(s.tree):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else ""
                if caught in ("", "Exception", "BaseException"):
                    wrong.append(s.at(node))
    none(wrong, "catch what you can answer, and let the rest be reported")


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "# noqa", "breakpoint()", "print("])
def test_nothing_is_left_for_later(word: str) -> None:
    wrong = [s.name for s in sources() if re.search(rf"(?<![\w.]){re.escape(word)}", s.text)]
    assert [name for name in wrong if not (word == "print(" and name == "cli.py")] == [], f"no {word}"


def _constant(node: ast.AST, source: Source) -> bool:
    """A string written out in full, or a module's name for one."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.Name):
        # A parameter or a loop over the module's own constants: what it may hold is in the file.
        return node.id in source.text and not _made_here(node.id, source)
    return False


def _made_here(name: str, source: Source) -> bool:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Assign) and any(dotted(t) == name for t in node.targets):
            value = node.value
            if isinstance(value, ast.JoinedStr | ast.BinOp) or (
                isinstance(value, ast.Call) and dotted(value.func).endswith((".format", ".join", ".replace"))
            ):
                return True
    return False


def _public(tree: ast.Module) -> list[ast.FunctionDef | ast.ClassDef]:
    found: list[ast.FunctionDef | ast.ClassDef] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not (
            node.name.startswith("_") or _helped(node)
        ):
            found.append(node)
            if isinstance(node, ast.ClassDef):
                found += [n for n in node.body if isinstance(n, ast.FunctionDef) and _speaks(n)]
    return found


def _helped(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """A command says what it does in its ``help=``, in French, to who types it."""
    return any(
        isinstance(d, ast.Call) and any(k.arg == "help" for k in d.keywords) for d in node.decorator_list
    )


def _speaks(method: ast.FunctionDef) -> bool:
    """A property says by its name what it is; what does something says how."""
    decorated = {dotted(d) for d in method.decorator_list}
    plain = not decorated & {"property", "overload", "override", "staticmethod"}
    return not method.name.startswith("_") and plain and len(method.body) > 1
