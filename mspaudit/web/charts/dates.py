"""Deadlines on a common axis: the last useful day (a diamond) comes before the end (a circle)."""

from datetime import date, timedelta
from typing import NamedTuple

from mspaudit.kernel.french import short_month
from mspaudit.kernel.periods import month_starts
from mspaudit.web.charts.scale import drawing, short
from mspaudit.web.svg import Svg

SOON = 15


class Axis(NamedTuple):
    """Days laid on pixels: what is overdue keeps the first tenth, today follows, then `days` to come."""

    today: date
    days: int = 120
    width: int = 480

    def x(self, day: date) -> float:
        """Where a day falls, held within the drawing."""
        origin = self.width * 0.09
        x = origin + (day - self.today).days * (self.width - origin - 8) / self.days
        return min(max(x, 7), self.width - 7)

    @property
    def end(self) -> date:
        """The last day drawn."""
        return self.today + timedelta(days=self.days)

    @property
    def months(self) -> list[date]:
        """Every first of a month between today and the end."""
        return [day for day in month_starts(self.today, self.end) if day > self.today]


def _grid(axis: Axis, top: int, height: int) -> str:
    months = "".join(
        f'<path d="M{short(axis.x(day))} {top}V{height}" class="ma-s-line"/>' for day in axis.months
    )
    today = f'<path d="M{short(axis.x(axis.today))} {top}V{height}" class="ma-s-accent" stroke-width="2"/>'
    return months + today


def timeline_head(axis: Axis) -> Svg:
    """The months' names above a column of timelines; hidden from screen readers, which hear the dates."""
    names = "".join(
        f'<text x="{short(axis.x(day) + 4)}" y="16">{short_month(day)}</text>'
        for day in axis.months
        if axis.x(day) < axis.width - 36
    )
    return drawing(axis.width, 20, _grid(axis, 4, 20) + names)


def timeline(axis: Axis, act_by: date, end: date | None, label: str) -> Svg:
    """One deadline: a line to its last useful day, dots from there to its end (an arrow when it is further).

    Args:
        act_by: the last useful day; coloured when it is within 15 days or past.
        end: when the thing itself stops, or None when it is the same day.
        label: both dates in words.
    """
    here, there = axis.x(axis.today), axis.x(act_by)
    line = f'<path d="M{short(here)} 12H{short(there)}" class="ma-s-strong" stroke-width="1.5"/>'
    rest = _to_the_end(axis, there, end) if end and end > act_by else ""
    colour = "ma-f3" if (act_by - axis.today).days <= SOON else "ma-f-ink"
    diamond = f'<path d="M{short(there)} 6l6 6-6 6-6-6z" class="{colour}"/>'
    return drawing(axis.width, 24, _grid(axis, 0, 24) + line + rest + diamond, label)


def _to_the_end(axis: Axis, start: float, end: date) -> str:
    stop = axis.x(end)
    dots = (
        f'<path d="M{short(start)} 12H{short(stop - 4)}" class="ma-s-strong" '
        'stroke-width="1.5" stroke-dasharray="2 3"/>'
    )
    if end > axis.end:
        return (
            dots + f'<path d="M{short(stop - 5)} 8l5 4-5 4" class="ma-nofill ma-s-ink" stroke-width="1.5"/>'
        )
    return (
        dots + f'<circle cx="{short(stop)}" cy="12" r="4" class="ma-f-surface ma-s-ink" stroke-width="1.5"/>'
    )
