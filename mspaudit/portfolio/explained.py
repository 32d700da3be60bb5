"""A figure opened to its reasons: rows that add up, to the tenth of a point, to what is displayed."""

from dataclasses import dataclass
from decimal import Decimal

from mspaudit.portfolio.dossier import WHO, state
from mspaudit.risk import rules
from mspaudit.risk.queries import Detail, Picture
from mspaudit.risk.rounding import rounded_reasons, shown
from mspaudit.risk.terms import INDISPENSABLE, KNOWLEDGE, Reason


@dataclass(frozen=True)
class Row:
    """What one control adds: `first` and `second` are the two columns of points."""

    detail: Detail
    state: str
    who: str
    first: Decimal
    second: Decimal

    @property
    def total(self) -> Decimal:
        """Both columns."""
        return self.first + self.second


@dataclass(frozen=True)
class Explained:
    """Rows, the heaviest first, and their sums."""

    rows: list[Row]
    aside: list[Row]

    @property
    def first(self) -> Decimal:
        """The first column."""
        return sum((row.first for row in self.rows), Decimal(0))

    @property
    def second(self) -> Decimal:
        """The second column."""
        return sum((row.second for row in self.rows), Decimal(0))

    @property
    def total(self) -> Decimal:
        """The figure, with one decimal."""
        return self.first + self.second


@dataclass(frozen=True)
class Half:
    """One of the two means that make a posture: controls of one kind, and the mean of their values."""

    title: str
    rows: list[Detail]
    mean: float


def risk(picture: Picture, scenario: str | None = None) -> Explained:
    """The risk, or the exposure to one scenario: what is missing, then what is only unproven."""
    impacts = {scenario: 1} if scenario else picture.impacts
    return _explained(picture, rules.reasons(picture.lines, impacts))


def certainty(picture: Picture) -> Explained:
    """The certainty: the points that each answer brings, then those that its proof would add."""
    applicable = [line for line in picture.lines if line.applies]
    whole = sum(line.weight for line in applicable) or 1
    return _explained(
        picture,
        [Reason(line.code, 100 * line.weight * KNOWLEDGE[line.proof] / whole, 0.0) for line in applicable],
    )


def posture(picture: Picture) -> list[Half]:
    """The means of the indispensable controls and of the others, as the formula uses them."""
    halves = []
    for title, indispensable in (("Indispensables", True), ("Recommandées", False)):
        rows = [
            detail
            for detail in picture.details
            if detail.line.applies and (detail.line.weight == INDISPENSABLE) is indispensable
        ]
        weights = sum(detail.line.weight for detail in rows)
        mean = sum(d.line.weight * d.line.v for d in rows) / weights if weights else 1.0
        halves.append(Half(title, sorted(rows, key=lambda d: (d.line.v, -d.line.weight, d.line.code)), mean))
    return halves


def displayed(explained: Explained) -> int:
    """The figure as the dashboard shows it."""
    return shown(float(explained.total))


def _explained(picture: Picture, reasons: list[Reason]) -> Explained:
    details = {detail.line.code: detail for detail in picture.details}
    rows = [
        _row(details[r.code], picture, r.missing_points, r.unproven_points)
        for r in rounded_reasons(reasons, 1)
    ]
    rows.sort(key=lambda row: (-row.total, row.detail.line.code))
    aside = [_row(d, picture, Decimal(0), Decimal(0)) for d in picture.details if not d.line.applies]
    return Explained(rows, aside)


def _row(detail: Detail, picture: Picture, first: Decimal, second: Decimal) -> Row:
    who = detail.measured.by if detail.measured else WHO.get(detail.answer.by_kind or "", "personne")
    return Row(detail, state(detail, picture.today), who, first, second)
