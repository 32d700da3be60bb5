"""``rules.state`` as SQL, for what reads many jobs at once; a test holds the two equal."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func

from mspaudit.backups.models import BackupJob

_j = BackupJob.__table__.c


def state(now: ColumnElement[Any]) -> ColumnElement[str]:
    """The state of a job row at ``now`` (a timestamp with time zone)."""
    silent = _j.due_at < now
    return case(
        (_j.paused_until > now, "paused"),
        (_j.last_result == "fail", "down"),
        (stuck(now), "stuck"),
        (and_(silent, _j.last_result.is_(None)), "never"),
        (silent, "late"),
        (_j.started_at.is_not(None), "running"),
        (_j.last_result.is_(None), "waiting"),
        (_j.last_result == "warning", "warned"),
        else_="up",
    )


def stuck(now: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a run began and was given all its time to end."""
    return _j.started_at < now - func.make_interval(0, 0, 0, 0, _j.grace_hours)


def red(now: ColumnElement[Any]) -> ColumnElement[bool]:
    """Failed, late, never heard of, or never finished; a pause is not red."""
    silent = _j.due_at < now
    bad = func.coalesce(_j.last_result == "fail", False) | silent | func.coalesce(stuck(now), False)
    return and_(_j.paused_until.is_(None) | (_j.paused_until <= now), bad)
