"""Conventions of the pages' templates: no inline code, forms protected, French typography."""

import re

import pytest

from tests.house.source import none, templates

NB = "\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}"
TEMPLATES = [pytest.param(name, text, id=name) for name, text in templates()]
# Jinja's own marks, tags with what they hold, and what is not French prose.
EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
CODE = re.compile(r"<(script|style|svg|code|pre)\b.*?</\1>", re.DOTALL)
LITERAL = re.compile(r"(\"[^\"]*\"|'[^']*')\s*\|\s*safe\b")  # nobody typed it
TAG = re.compile(r"<[^>]*>")


def where(name: str, text: str, position: int) -> str:
    return f"{name}:{text.count(chr(10), 0, position) + 1}"


def found(pattern: str, name: str, text: str) -> list[str]:
    return [where(name, text, m.start()) for m in re.finditer(pattern, text, re.DOTALL)]


def prose(text: str) -> str:
    """What a reader reads, on the same lines of the file."""
    text = text.replace("&nbsp;", NB[1]).replace("&#8239;", NB[0]).replace("&#160;", NB[1])
    for pattern in (EXPRESSION, CODE, TAG):
        text = pattern.sub(lambda m: re.sub(r"[^\n]", "\N{BULLET}", m[0]), text)
    return text


@pytest.mark.parametrize(("name", "text"), TEMPLATES)
def test_no_code_is_inline(name: str, text: str) -> None:
    bare = EXPRESSION.sub("", text)
    none(found(r"\sstyle\s*=", name, bare), "write a class in mspaudit.css: the policy forbids style=")
    none(found(r"<style\b", name, bare), "write it in mspaudit.css")
    none(found(r"\son[a-z]+\s*=\s*[\"']", name, bare), "listen from mspaudit.js: the policy forbids handlers")
    none(
        found(r"<script(?![^>]*\ssrc=)", name, bare), "write it in a file: the policy forbids inline scripts"
    )
    none(found(r"javascript:", name, bare), "link to a page, or listen from mspaudit.js")
    none(found(r"(?:src|href)=\"(?:https?:)?//", name, bare), "no third-party host: serve it under /static/")


@pytest.mark.parametrize(("name", "text"), TEMPLATES)
def test_what_is_marked_safe_says_why(name: str, text: str) -> None:
    lines = text.splitlines()
    wrong = [
        f"{name}:{number}"
        for number, line in enumerate(lines, 1)
        if re.search(r"\|\s*safe\b|autoescape\s+false", LITERAL.sub("", line))
        and "{#" not in line
        and "{#" not in (lines[number - 2] if number > 1 else "")
    ]
    none(wrong, "escape it, or say in a {# comment #} beside it why it cannot hold what somebody typed")


@pytest.mark.parametrize(("name", "text"), TEMPLATES)
def test_every_form_that_changes_something_is_protected(name: str, text: str) -> None:
    wrong = []
    for form in re.finditer(r"<form\b.*?</form>", text, re.DOTALL | re.IGNORECASE):
        posts = re.search(r"method\s*=\s*[\"']post", form[0], re.IGNORECASE)
        if posts and "csrf" not in form[0] and "/gallery/" not in name:
            wrong.append(where(name, text, form.start()))
    none(wrong, "add {{ csrf() }} (components/forms.html) inside the form")


@pytest.mark.parametrize(("name", "text"), TEMPLATES)
def test_french_is_set_as_french_is(name: str, text: str) -> None:
    read = prose(text)
    none(found(r"(?<=[A-Za-zÀ-ÿ])'(?=[A-Za-zÀ-ÿ])", name, read), "write the apostrophe ’")
    none(
        found(rf"(?<=[^\s{NB}\N{{BULLET}}?!])[?!;](?=\s|\N{{BULLET}}|$)", name, read),
        "insert U+202F before ? ! ;",
    )
    none(
        found(r" [?!;:»%€](?=\s|\N{BULLET}|$)", name, read), "make that space a no-break one (U+202F, U+00A0)"
    )
    none(found(r"« ", name, read), "make the space after « a no-break one (U+00A0)")
    none(found(r"\.\.\.", name, read), "write the ellipsis …")
    none(found(r"(?i)\boups\b|\bcliquez ici\b", name, read), "say what happened and what to do")
    none(found(rf"[A-Za-zÀ-ÿ][{NB}]?!(?=\s|\N{{BULLET}}|$)", name, read), "no exclamation mark")
