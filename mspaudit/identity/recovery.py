"""Recovery codes: ten, shown once, each replaces a lost second factor once."""

import secrets
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, func, select, update

from mspaudit.extensions import db
from mspaudit.identity.models import RecoveryCode
from mspaudit.identity.rules import tidy_code

COUNT = 10
# Without the letters and digits that are read for one another; sixteen of them are 80 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16


def renew(login_id: UUID) -> list[str]:
    """Replace every code of the person by ten new ones, and return them as read: groups of four."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.login_id == login_id))
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(COUNT)]
    db.session.add_all(RecoveryCode(login_id=login_id, code_hash=_hash(code)) for code in codes)
    db.session.flush()
    return ["-".join(code[i : i + 4] for i in range(0, LENGTH, 4)) for code in codes]


def spend(login_id: UUID, typed: str) -> bool:
    """Accept a code once; two requests with the same code cannot both pass."""
    spent = db.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.login_id == login_id,
            RecoveryCode.code_hash == _hash(tidy_code(typed)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=func.now())
        .returning(RecoveryCode.id)
    )
    return spent.first() is not None


def left(login_id: UUID) -> int:
    """How many codes the person has not used."""
    query = select(func.count()).select_from(RecoveryCode)
    return (
        db.session.scalar(query.where(RecoveryCode.login_id == login_id, RecoveryCode.used_at.is_(None))) or 0
    )


def _hash(code: str) -> bytes:
    return sha256(code.encode()).digest()
