"""Counts that may be projected in front of everybody, and what moved since the previous campaign."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mspaudit.content import fieldwork as content
from mspaudit.fieldwork import queries, rules
from mspaudit.fieldwork.models import FieldCampaign, FieldReport
from mspaudit.kernel.french import NB, agree


@dataclass(frozen=True)
class Part:
    """One list of the wall: what is counted, the counts that may be shown, the sum of the others."""

    title: str
    counts: list[tuple[str, int]]
    rest: int


@dataclass(frozen=True)
class Wall:
    """What everybody may see. ``total`` is told by fives: a subtraction would give what is kept back."""

    total: int
    parts: tuple[Part, ...]
    changes: tuple[rules.Changed, ...]


def wall(campaign: FieldCampaign) -> Wall:
    """The wall of a campaign, as it stands."""
    found = queries.reports(campaign.id)
    before = queries.previous(campaign)
    then = _reasons(queries.reports(before.id)) if before else []
    return Wall(
        total=len(found) - len(found) % rules.SMALLEST_GROUP,
        parts=(
            _part("Pourquoi on fait ainsi", _reasons(found)),
            _part("Ce que cela contient", _data(found)),
            _part("Comment c’est partagé", Counter(content.SHARING[r.sharing] for r in found).items()),
        ),
        changes=tuple(rules.changed(dict(_shown(then)), dict(_shown(_reasons(found))))) if before else (),
    )


def since(change: rules.Changed) -> str:
    """A change in words: « 12 récits, puis 6 »; a count too small to be told is not."""
    told = [f"{count}{NB}{agree(count, 'récit')}" if count else "moins de cinq" for count in change[1:]]
    return f"{told[0]}, puis {told[1]}"


def _reasons(found: Sequence[FieldReport]) -> list[tuple[str, int]]:
    return Counter(content.REASONS[report.reason_code] for report in found).most_common()


def _data(found: Sequence[FieldReport]) -> list[tuple[str, int]]:
    return Counter(content.DATA_KINDS[kind] for report in found for kind in report.data).most_common()


def _shown(counts: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    return rules.shown(counts)[0]


def _part(title: str, counts: Iterable[tuple[str, int]]) -> Part:
    kept, rest = rules.shown(sorted(counts, key=lambda pair: -pair[1]))
    return Part(title, kept, rest)
