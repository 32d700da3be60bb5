"""When a mail that did not leave is tried again."""

from datetime import timedelta

# A server that is full or asks to wait is back within the hour; one that is down, within three days.
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180)) + (timedelta(hours=6),) * 12


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after ``attempts`` failed tries (1 or more); None when it is time to give up."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None
