"""One commit a request or job: actions never commit, and side effects leave only after the commit."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from flask import Flask, Response, g
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from mspaudit.extensions import db
from mspaudit.tenancy import session as sessions
from mspaudit.tenancy.context import NOBODY, Context, _current, current, using


def after_commit(effect: Callable[[], None], *, once: Hashable = None) -> None:
    """Run ``effect`` once this transaction has committed; never if it rolls back.

    Args:
        once: effects that share this key run a single time a transaction.
    """
    effects = db.session.info.setdefault("after_commit", {})
    effects.setdefault(once if once is not None else object(), effect)


def first_time(key: Hashable) -> bool:
    """Whether ``key`` comes for the first time in this transaction: what need not be written twice in one."""
    seen = db.session.info.setdefault("seen", set())
    if key in seen:
        return False
    seen.add(key)
    return True


def enter(context: Context) -> None:
    """Make ``context`` that of the rest of this request, its open transaction included."""
    _current.set(context)
    sessions.adopt(db.session(), context)


@contextmanager
def unit_of_work(context: Context) -> Iterator[Context]:
    """A fresh session for ``context``, committed at the end or rolled back on any error.

    Whatever session was in use before is closed first: a session serves one tenant.
    """
    db.session.remove()
    with using(context):
        try:
            yield context
            db.session.commit()
        finally:
            db.session.remove()


@contextmanager
def as_context(context: Context, *, used_up: bool = False) -> Iterator[Context]:
    """The same transaction under another signature, for the few steps that need it (sign-in).

    Args:
        used_up: the statement run inside ends its own context, so leaving needs no statement.
    """
    before = current()
    # What is pending belongs to the context before.
    db.session.flush()
    with using(context):
        sessions.adopt(db.session(), context)
        yield context
    if before.kind != "nobody" or not used_up:
        sessions.adopt(db.session(), before)


def keep() -> None:
    """Commit this request even if it answers 4xx: a counted failure must not be rolled back."""
    g.keep = True


def init_app(app: Flask) -> None:
    """Commit or roll back at the end of each request, and forget its context."""
    sessions.install()
    if not event.contains(Session, "after_commit", _run_effects):
        event.listen(Session, "after_commit", _run_effects)
        event.listen(Session, "after_rollback", _drop_effects)
        event.listen(Session, "after_soft_rollback", _forget_seen)

    @app.before_request
    def _start() -> None:
        _current.set(NOBODY)

    @app.after_request
    def _finish(response: Response) -> Response:
        if response.status_code < 400 or g.get("keep"):
            db.session.commit()
        else:
            db.session.rollback()
        return response

    @app.teardown_request
    def _forget(_error: BaseException | None) -> None:
        db.session.remove()
        _current.set(NOBODY)


def _forget_seen(session: Session, _transaction: SessionTransaction) -> None:
    session.info.pop("seen", None)


def _run_effects(session: Session) -> None:
    session.info.pop("seen", None)
    for effect in session.info.pop("after_commit", {}).values():
        effect()


def _drop_effects(session: Session) -> None:
    session.info.pop("after_commit", None)
