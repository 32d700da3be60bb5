"""The only door to the current time. Rules and actions receive `now` or `today` as arguments."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same instant on a clock in Paris. Raises ValueError when `moment` has no time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be placed in Paris")
    return moment.astimezone(PARIS)


def today(now: datetime) -> date:
    """The business day in Paris at the instant `now`."""
    return local(now).date()
