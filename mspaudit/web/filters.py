"""What templates may call: French filters, charts, icons, asset addresses and the reader's preferences."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from flask import Flask, request
from markupsafe import Markup

from mspaudit.kernel import clock, french
from mspaudit.web import charts
from mspaudit.web.assets import asset_url, icon

_MARKUP = re.compile(r"(<[^>]*>|&[^;\s]+;)")


class Preferences(NamedTuple):
    """How this reader likes the pages; both come from a cookie and may be empty."""

    theme: str
    density: str


def preferences() -> Preferences:
    """The reader's theme (light, dark or empty: the system's) and density (compact, roomy or empty)."""
    theme, density = request.cookies.get("ma_theme", ""), request.cookies.get("ma_density", "")
    return Preferences(
        theme if theme in ("light", "dark") else "", density if density in ("compact", "roomy") else ""
    )


def typo(text: str) -> str:
    """`french.typo`, which leaves the tags and entities of safe markup alone."""
    if not isinstance(text, Markup):
        return french.typo(text)
    parts = _MARKUP.split(str(text).replace("&#39;", "’"))
    return type(text)("".join(p if i % 2 else french.typo(p) for i, p in enumerate(parts)))


def ago(value: datetime, now: datetime | None = None) -> str:
    """`french.ago`, from the current instant unless told."""
    return french.ago(value, now or clock.now())


def in_days(value: date, today: date | None = None) -> str:
    """`french.in_days`, from today in Paris unless told."""
    return french.in_days(value, today or clock.today(clock.now()))


def days_left(value: date, today: date | None = None) -> str:
    """`french.days_left`, from today in Paris unless told."""
    return french.days_left(value, today or clock.today(clock.now()))


_SAME = (
    french.number, french.signed, french.percent, french.euros, french.euros_of_cents, french.hours,
    french.agree, french.plural, french.listing, french.of, french.fold, french.slug, french.initials,
    french.day, french.short_day, french.week_day, french.month, french.short_month, french.hour,
    french.moment,
)  # fmt: skip
FILTERS: dict[str, Callable[..., str]] = {
    function.__name__: function for function in (*_SAME, typo, ago, in_days, days_left)
}


def register(app: Flask) -> None:
    """Give every template these filters and globals."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(charts=charts, icon=icon, asset_url=asset_url, preferences=preferences)
