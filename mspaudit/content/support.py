"""Until when each product receives security fixes, and which product a machine's own words name."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from mspaudit.kernel.french import fold, typo

Family = Literal["system", "firmware", "software"]
_FILE = Path(__file__).parent / "data" / "end_of_support.toml"


@dataclass(frozen=True)
class Product:
    """A version of something. ``until``: its last day with free fixes, None while no end is announced.

    ``paid_until``: the last day for which fixes can be bought, under ``paid_name``.
    """

    key: str
    label: str
    family: Family
    until: date | None
    paid_until: date | None
    paid_name: str
    note: str
    source: str
    seen_on: date
    pattern: re.Pattern[str]

    def supported(self, day: date, *, bought_until: date | None = None) -> bool:
        """Whether it still receives fixes on that day, those bought up to ``bought_until`` included."""
        if self.until is None or day <= self.until:
            return True
        bought = min(bought_until, self.paid_until) if bought_until and self.paid_until else None
        return bought is not None and day <= bought


@cache
def products() -> Mapping[str, Product]:
    """Every product by its key, in the order in which they are tried."""
    raw = tomllib.loads(_FILE.read_text("utf-8"))
    found = (
        Product(
            key=table["key"],
            label=table["label"],
            family=table["family"],
            until=table.get("until"),
            paid_until=table.get("paid_until"),
            paid_name=table.get("paid_name", ""),
            note=typo(table.get("note", "")),
            source=table["source"],
            seen_on=table.get("seen_on", raw["seen_on"]),
            pattern=re.compile(table["match"]),
        )
        for table in raw["products"]
    )
    return {product.key: product for product in found}


@lru_cache(maxsize=4096)
def matched(name: str, version: str = "") -> Product | None:
    """The product that a name and a version as a tool writes them designate; None when it is not sure.

    « Microsoft Windows 10 Professionnel », « 22H2 » → windows-10. Windows 11 without its version is
    None: each has its own end.
    """
    # Tools paste long strings there; what names the product comes first.
    said = fold(f"{name[:200]} {version[:80]}")
    return next((product for product in products().values() if product.pattern.search(said)), None)
