"""What people decide about accounts: what they are, who holds them, what is excepted, when they looked."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from mspaudit.accounts import crossing, matching, rules
from mspaudit.accounts.models import Account, AccountException, AccountReview
from mspaudit.clients.dirty import mark
from mspaudit.clients.models import Client, Person
from mspaudit.clients.rules import NAME_LIMIT, Refused, name, short
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.kernel.french import plural
from mspaudit.kernel.ids import new_id
from mspaudit.tenancy.context import current


def set_kind(account: Account, kind: str, *, is_admin: bool, now: datetime) -> None:
    """Say what an account is; imports leave it so. Raises DomainError for an unknown kind."""
    if kind not in rules.KINDS:
        raise DomainError("Choisissez ce qu’est ce compte.")
    account.kind, account.kind_by_hand, account.is_admin = kind, True, is_admin
    account.import_id = None
    _told("account.kind_set", account, now, kind=kind, admin=is_admin)


def confirm_holder(account: Account, person: Person, *, now: datetime) -> None:
    """Say who holds an account; imports leave it so. Raises DomainError for a person of another client."""
    if person.client_id != account.client_id:
        raise DomainError("Cette personne est d’un autre client.")
    account.person_id, account.match, account.import_id = person.id, "confirmed", None
    _told("account.matched", account, now)


def refuse_holder(account: Account, *, now: datetime) -> None:
    """Say that nobody of those proposed holds an account; imports leave it so."""
    account.person_id, account.match, account.import_id = None, "refused", None
    _told("account.match_refused", account, now)


def except_account(
    account: Account, *, reason: str, owner: str, until: date | None, today: date, now: datetime
) -> AccountException:
    """Leave an account out of the figures for a while.

    Args:
        owner: who answers for it.
        until: the last day, a year away at most.

    Raises:
        DomainError: without a reason or an owner, or for an end that cannot stand.
    """
    try:
        reason, owner = short(reason, 400), name(owner)
    except Refused as refused:
        raise DomainError(str(refused)) from None
    if not reason:
        raise DomainError("Dites pourquoi ce compte fait exception.")
    wrong = rules.exception_until(until, today=today)
    if wrong or until is None:
        raise DomainError(wrong)
    made = AccountException(
        id=new_id(),
        client_id=account.client_id,
        account_id=account.id,
        reason=reason,
        owner=owner[:NAME_LIMIT],
        until=until,
        made_by=current().actor,
        made_at=now,
    )
    db.session.add(made)
    _told("account.excepted", account, now, until=until.isoformat())
    return made


def end_exception(account: Account, exception: AccountException, *, now: datetime) -> None:
    """End an exception at once; ending it twice is fine."""
    if exception.ended_at is None:
        exception.ended_at = now
    _told("account.exception_ended", account, now)


def find_holders(client: Client, *, now: datetime) -> None:
    """Match again the accounts of a client with its people, after someone was added by hand."""
    matching.rematch(client.id)
    record("accounts.rematched", client.name, client_id=client.id, at=now)
    mark(client.id)


def review(client: Client, *, today: date, now: datetime) -> AccountReview:
    """Note that the accounts were read against the staff, and what was left open.

    Raises:
        DomainError: while there is no account or nobody to compare.
    """
    found = crossing.crossing(client.id, today=today)
    alive = select(func.count(Account.id)).where(Account.client_id == client.id, Account.gone_at.is_(None))
    accounts = db.session.scalar(alive) or 0
    if not accounts or not found.people:
        raise DomainError(
            "Il faut des comptes et des personnes à comparer. Importez d’abord les deux listes."
        )
    made = AccountReview(
        id=new_id(),
        client_id=client.id,
        reviewed_at=now,
        reviewed_by=current().actor,
        accounts=accounts,
        left_open=found.open,
    )
    db.session.add(made)
    record(
        "accounts.reviewed",
        plural(accounts, "compte"),
        subject_id=made.id,
        client_id=client.id,
        at=now,
        left_open=found.open,
    )
    mark(client.id)
    return made


def _told(verb: str, account: Account, now: datetime, **more: str | bool) -> None:
    subject: UUID = account.id
    record(verb, account.name or account.key, subject_id=subject, client_id=account.client_id, at=now, **more)
    mark(account.client_id)
