"""Noting, outside the chains, how far each client's register goes."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.plan import letters
from mspaudit.plan.models import DecisionEvent, RegisterAnchor
from mspaudit.plan.register_file import Anchor, anchors_text
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import tenant_id


def anchor(*, day: date, now: datetime) -> str | None:
    """Note the last line of every register, in a file and beside those that grew; None when none did.

    The file is kept in storage. Its SHA-256, which is returned, vouches for the files before, and is mailed
    to the administrators once a week: whoever rewrites a register would have to rewrite their mailboxes.
    """
    known = _known()
    heads = [Anchor(day.isoformat(), str(head.client_id), head.seq, head.hash.hex()) for head in _heads()]
    noted = {str(row.client_id): row.seq for row in known}
    grown = [head for head in heads if noted.get(head.client_id, 0) < head.seq]
    if not grown:
        return None
    last = max(known, key=lambda row: row.noted_at, default=None)
    text = anchors_text(str(tenant_id()), heads, last.file_key.rpartition("/")[2] if last else "")
    digest = sha256(text.encode()).hexdigest()
    key = runtime().storage.put(tenant_id(), digest, text.encode())
    rows = [
        {
            "tenant_id": tenant_id(), "client_id": head.client_id, "day": day, "seq": head.seq,
            "hash": bytes.fromhex(head.hash), "file_key": key, "noted_at": now,
        }
        for head in grown
    ]  # fmt: skip
    db.session.execute(insert(RegisterAnchor).values(rows).on_conflict_do_nothing())
    record("register.anchored", f"{day:%d/%m/%Y}", at=now, sha256=digest, registers=len(heads))
    letters.send_anchor(digest, week=day - timedelta(days=day.weekday()), registers=len(heads))
    return digest


def _heads() -> Sequence[DecisionEvent]:
    """The last line of each register."""
    statement = select(DecisionEvent).ext(distinct_on(DecisionEvent.client_id))
    return db.session.scalars(statement.order_by(DecisionEvent.client_id, DecisionEvent.seq.desc())).all()


def _known() -> Sequence[RegisterAnchor]:
    """The last anchor of each register."""
    statement = select(RegisterAnchor).ext(distinct_on(RegisterAnchor.client_id))
    return db.session.scalars(statement.order_by(RegisterAnchor.client_id, RegisterAnchor.day.desc())).all()
