"""Sessions as their owner sees and ends them. Everything here runs as the person (context ``login``)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from mspaudit.extensions import db
from mspaudit.identity.models import LoginEvent, WebSession

# How long after signing in the account's strongest settings may be changed without signing in again.
FRESH = timedelta(minutes=10)


def living(login_id: UUID, *, now: datetime) -> Sequence[WebSession]:
    """The person's open sessions, the latest seen first."""
    return db.session.scalars(
        select(WebSession)
        .where(WebSession.login_id == login_id, WebSession.ended_at.is_(None), WebSession.expires_at > now)
        .order_by(WebSession.seen_at.desc())
    ).all()


def end(login_id: UUID, session_id: UUID) -> bool:
    """End one of the person's sessions; its next request is refused. False when it is not theirs."""
    ended = db.session.execute(
        update(WebSession)
        .where(WebSession.login_id == login_id, WebSession.id == session_id, WebSession.ended_at.is_(None))
        .values(ended_at=func.now(), scratch={})
        .returning(WebSession.id)
        .execution_options(synchronize_session=False)
    )
    return ended.first() is not None


def end_all(login_id: UUID, *, but: UUID | None = None) -> None:
    """End every session of the person, ``but`` one if given."""
    statement = update(WebSession).where(WebSession.login_id == login_id, WebSession.ended_at.is_(None))
    if but is not None:
        statement = statement.where(WebSession.id != but)
    db.session.execute(
        statement.values(ended_at=func.now(), scratch={}).execution_options(synchronize_session=False)
    )


def is_fresh(session_id: UUID, *, now: datetime) -> bool:
    """Whether the session was opened in the last ten minutes, with every factor."""
    opened: datetime = _locked(session_id).created_at
    return opened > now - FRESH


def carried(session_id: UUID) -> dict[str, Any]:
    """What the session remembers: ``via``, ``proved``, a challenge."""
    return dict(_locked(session_id).scratch)


def carry(session_id: UUID, **values: Any) -> None:
    """Have the session remember ``values`` (JSON) beside what it knows."""
    row = _locked(session_id)
    row.scratch = {**row.scratch, **values}
    db.session.flush()


def take(session_id: UUID, name: str) -> Any:
    """What was carried under ``name``, which is forgotten at once: a challenge serves once."""
    row = _locked(session_id)
    found = row.scratch.get(name)
    row.scratch = {key: value for key, value in row.scratch.items() if key != name}
    db.session.flush()
    return found


def recent_events(login_id: UUID, limit: int = 20) -> Sequence[LoginEvent]:
    """What happened to the person's account, the latest first."""
    return db.session.scalars(
        select(LoginEvent).where(LoginEvent.login_id == login_id).order_by(LoginEvent.at.desc()).limit(limit)
    ).all()


def _locked(session_id: UUID) -> WebSession:
    """The row as it is now; two requests of one session take turns."""
    return db.session.scalars(
        select(WebSession)
        .where(WebSession.id == session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
