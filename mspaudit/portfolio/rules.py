"""What a reader asked of the dashboard, whatever the address holds: filters, order, page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from mspaudit.kernel.french import fold
from mspaudit.kernel.text import one_line

PAGE = 50
MOST_PAGES = 10_000
MOST_HOURS = 200
USUAL_HOURS = 8
KINDS = ("commune", "enterprise")
ORDERS = ("client", "risque", "evolution", "certitude", "scenario", "echeance", "contact")
USUAL_ORDER = "-risque"
MINE = "moi"


@dataclass(frozen=True)
class Size:
    """A band of sizes: inhabitants of communes, or people of enterprises; `below` is left out."""

    key: str
    kind: str
    label: str
    least: int
    below: int | None = None


SIZES = (
    Size("hab-0", "commune", "moins de 500 hab.", 0, 500),
    Size("hab-500", "commune", "500 à 1 999 hab.", 500, 2000),
    Size("hab-2000", "commune", "2 000 à 9 999 hab.", 2000, 10_000),
    Size("hab-10000", "commune", "10 000 hab. et plus", 10_000),
    Size("pers-0", "enterprise", "moins de 10 pers.", 0, 10),
    Size("pers-10", "enterprise", "10 à 49 pers.", 10, 50),
    Size("pers-50", "enterprise", "50 pers. et plus", 50),
)
_SIZES = {size.key: size for size in SIZES}


@dataclass(frozen=True)
class Wanted:
    """Which clients, in which order (`-` for descending), from which page; empty means any."""

    text: str = ""
    kind: str = ""
    tag: str = ""
    technician: str = ""
    size: str = ""
    order: str = USUAL_ORDER
    page: int = 1

    @property
    def words(self) -> list[str]:
        """The words of the text, folded as names are."""
        return fold(self.text).split()[:6]

    @property
    def band(self) -> Size | None:
        """The band of sizes asked for."""
        return _SIZES.get(self.size)

    @property
    def member(self) -> UUID | None:
        """The technician asked for, when it is not oneself."""
        try:
            return UUID(self.technician)
        except ValueError:
            return None

    @property
    def by_risk(self) -> bool:
        """Whether rows come by risk, and so can be grouped by level."""
        return self.order.lstrip("-") == "risque"

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.text or self.kind or self.tag or self.technician or self.size)

    def asked(self, **changes: object) -> dict[str, Any]:
        """The address's own parameters, without what goes without saying."""
        wanted = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        pairs = {
            "q": wanted.text,
            "type": wanted.kind,
            "etiquette": wanted.tag,
            "technicien": wanted.technician,
            "taille": wanted.size,
            "tri": "" if wanted.order == USUAL_ORDER else wanted.order,
            "page": "" if wanted.page == 1 else wanted.page,
        }
        return {name: value for name, value in pairs.items() if value != ""}


def wanted(args: Mapping[str, str]) -> Wanted:
    """What the address asks for; what it does not understand is left out rather than refused."""
    order = args.get("tri", USUAL_ORDER)
    technician = args.get("technicien", "")
    found = Wanted(
        text=one_line(args.get("q", ""), 100),
        kind=args.get("type", "") if args.get("type", "") in KINDS else "",
        tag=one_line(args.get("etiquette", ""), 60),
        technician=technician if technician == MINE else "",
        size=args.get("taille", "") if args.get("taille", "") in _SIZES else "",
        order=order if order.removeprefix("-") in ORDERS else USUAL_ORDER,
        page=_number(args.get("page", ""), 1, MOST_PAGES, usual=1),
    )
    member = replace(found, technician=technician).member
    return found if member is None else replace(found, technician=str(member))


def hours(args: Mapping[str, str]) -> int:
    """How many hours one has, 1 to 200."""
    return _number(args.get("heures", ""), 1, MOST_HOURS, usual=USUAL_HOURS)


def _number(text: str, least: int, most: int, *, usual: int) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        return usual
    return min(max(int(text), least), most)
