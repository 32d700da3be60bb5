"""What a report mail says, and which job it is about. Pure: from its words alone, French or English."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from mspaudit.content.report_words import ReportWords, report_words
from mspaudit.kernel.french import fold

Verdict = Literal["success", "warning", "fail", "log"]

# A report says how it went near its top; what follows is a list of files, whose names may say anything.
READ_CHARACTERS = 20_000
_TOKEN = re.compile(r"\+([A-Za-z0-9-]{3,100})@")


def verdict(subject: str, body: str) -> Verdict:
    """How the run went. A word of failure beats any word of success; ``log`` when nothing is said.

    « 0 error(s) » and « sans erreur » are no failure, nor is « en cas d’échec, appelez-nous ».
    """
    lines = [fold(line) for line in (subject, *body[:READ_CHARACTERS].splitlines())]
    patterns = _patterns()
    for said in ("fail", "warning", "success"):
        if any(_says(patterns, said, line) for line in lines):
            return _VERDICTS[said]
    return "log"


def about(words: Iterable[str], subject: str, body: str) -> bool:
    """Whether a report holds one of a job's words; a job that gives none takes all of its sender's."""
    wanted = [fold(word) for word in words]
    if not wanted:
        return True
    text = f" {fold(subject)} {fold(body[:READ_CHARACTERS])} "
    return any(f" {word} " in text for word in wanted if word)


def tags(addresses: Iterable[str]) -> list[str]:
    """What stands after the + of these addresses: a job's secret, or the name of an MSP."""
    return [found[1] for address in addresses if (found := _TOKEN.search(address))]


_VERDICTS: dict[str, Verdict] = {"fail": "fail", "warning": "warning", "success": "success"}


class _Patterns:
    """The words as regular expressions over folded lines."""

    def __init__(self, words: ReportWords) -> None:
        self.said = {name: _any(getattr(words, name)) for name in ("fail", "warning", "success")}
        bad = _alternatives(words.fail + words.warning)
        none_before, none_after = _alternatives(words.none_before), _alternatives(words.none_after)
        # « 0 error s », « no backup errors », « sans erreur ni avertissement »; « errors 0 ».
        once = rf"(?:{bad})(?: s)?"
        self.denied = re.compile(
            rf"\b(?:{none_before}) (?:[a-z]+ )?{once}(?: (?:ni|or|ou|and|et|nor) {once})*\b"
            rf"|\b(?:{bad})(?: s)? (?:{none_after})\b(?! [0-9])"
        )
        self.supposed = re.compile(rf"\b(?:{_alternatives(words.supposed)}) (?:[a-z]+ ){{0,5}}?(?:{bad})\b")


def _says(patterns: _Patterns, said: str, line: str) -> bool:
    kept = patterns.denied.sub(" ", line)
    if said != "success":
        kept = patterns.supposed.sub(" ", kept)
    return patterns.said[said].search(kept) is not None


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    return _Patterns(report_words())


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_alternatives(words)})\b")


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\*", "[a-z]*").replace(r"\ ", " ") for word in words)
