"""What a reader asked of the list of deadlines, whatever the address holds: filters, period, page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from mspaudit.kernel.french import fold
from mspaudit.kernel.text import one_line
from mspaudit.notices.kinds import KINDS
from mspaudit.risk.deadlines import OVERDUE_SHOWN_DAYS

PAGE = 50
MOST_PAGES = 1000
MINE, NOBODYS = "moi", "personne"
# The address's word → (what the reader reads, days to come, days past).
PERIODS: Mapping[str, tuple[str, int, int]] = {
    "30": ("30 jours", 30, OVERDUE_SHOWN_DAYS),
    "120": ("120 jours", 120, OVERDUE_SHOWN_DAYS),
    "365": ("Un an", 365, OVERDUE_SHOWN_DAYS),
    "depassees": ("Dépassées", -1, 365),
    "toutes": ("Toutes", 36_500, 365),
}
USUAL_PERIOD = "120"
STATES: Mapping[str, str] = {"": "À traiter", "reportees": "Reportées", "faites": "Faites"}


@dataclass(frozen=True)
class Wanted:
    """Which deadlines, from which page; empty means any. ``technician``: a member, `moi` or `personne`."""

    text: str = ""
    kind: str = ""
    tag: str = ""
    technician: str = ""
    period: str = USUAL_PERIOD
    state: str = ""
    page: int = 1

    @property
    def words(self) -> list[str]:
        """The words of the text, folded as names are."""
        return fold(self.text).split()[:6]

    @property
    def member(self) -> UUID | None:
        """The technician asked for, when named."""
        return _uuid(self.technician)

    @property
    def filtered(self) -> bool:
        """Whether anything but the period and the state narrows the list."""
        return bool(self.text or self.kind or self.tag or self.technician)

    def window(self, today: date) -> tuple[date, date]:
        """The first and last of the last useful days to show."""
        _words, ahead, behind = PERIODS[self.period]
        return today - timedelta(days=behind), today + timedelta(days=ahead)

    def asked(self, **changes: object) -> dict[str, Any]:
        """The address's own parameters, without what goes without saying."""
        wanted = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        pairs = {
            "q": wanted.text,
            "type": wanted.kind,
            "etiquette": wanted.tag,
            "technicien": wanted.technician,
            "periode": "" if wanted.period == USUAL_PERIOD else wanted.period,
            "etat": wanted.state,
            "page": "" if wanted.page == 1 else wanted.page,
        }
        return {name: value for name, value in pairs.items() if value != ""}


def wanted(args: Mapping[str, str]) -> Wanted:
    """What the address asks for; what it does not understand is left out rather than refused."""
    technician = args.get("technicien", "")
    if technician not in (MINE, NOBODYS):
        found = _uuid(technician)
        technician = str(found) if found else ""
    return Wanted(
        text=one_line(args.get("q", ""), 100),
        kind=args.get("type", "") if args.get("type", "") in KINDS else "",
        tag=one_line(args.get("etiquette", ""), 60),
        technician=technician,
        period=args.get("periode", "") if args.get("periode", "") in PERIODS else USUAL_PERIOD,
        state=args.get("etat", "") if args.get("etat", "") in STATES else "",
        page=_page(args.get("page", "")),
    )


def _page(text: str) -> int:
    return min(max(int(text), 1), MOST_PAGES) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
