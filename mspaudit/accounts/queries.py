"""Reading accounts: a client's figures, its list by view, one account, and the whole portfolio."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from werkzeug.exceptions import NotFound

from mspaudit.accounts import measures
from mspaudit.accounts.holders import Held
from mspaudit.accounts.matching import book_of
from mspaudit.accounts.models import Account, AccountException, AccountReview, Directory, StaffEntry
from mspaudit.accounts.rules import Coverage
from mspaudit.clients.models import Client, Person
from mspaudit.extensions import db
from mspaudit.kernel.french import fold

PAGE = 50
VIEWS: Mapping[str, str] = {
    "a-traiter": "À traiter",
    "sans-second-facteur": "Sans second facteur",
    "administrateurs": "Administrateurs",
    "dormants": "Dormants",
    "sans-titulaire": "Personne inconnue",
    "partages": "Partagées et services",
    "invites": "Invités",
    "exceptions": "Exceptions",
    "tous": "Tous",
}
"""The lists of a client's accounts, by what their address says."""


class Figures(NamedTuple):
    """A client's accounts in numbers, exceptions left out of the second factors."""

    total: int
    yes: int
    no: int
    unknown: int
    admin_yes: int
    admin_no: int
    admin_unknown: int
    dormant: int
    leavers: int
    orphans: int
    doubtful: int
    shared: int
    guests: int
    excepted: int
    uncovered: int
    listed_admins: int
    to_treat: int

    @property
    def humans(self) -> Coverage:
        """Second factors over people's enabled accounts."""
        return Coverage(self.yes, self.no, self.unknown)

    @property
    def by_view(self) -> Mapping[str, int]:
        """How many accounts each list has."""
        return {
            "a-traiter": self.to_treat,
            "sans-second-facteur": self.uncovered,
            "administrateurs": self.listed_admins,
            "dormants": self.dormant,
            "sans-titulaire": self.orphans,
            "partages": self.shared,
            "invites": self.guests,
            "exceptions": self.excepted,
            "tous": self.total,
        }

    @property
    def admins(self) -> Coverage:
        """Second factors over the accounts that administer."""
        return Coverage(self.admin_yes, self.admin_no, self.admin_unknown)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list: the account, its directory, its holder, and whether an exception covers it."""

    account: Account
    directory: Directory
    holder: Person | None
    excepted: bool


class Ranked(NamedTuple):
    """A client in the portfolio's table, with its figures and the date of its oldest directory."""

    client: Client
    figures: Figures
    oldest: Any


def directories(client_id: UUID) -> Sequence[Directory]:
    """The client's directories of which something was imported, by source."""
    statement = select(Directory).where(Directory.client_id == client_id, Directory.import_id.is_not(None))
    return db.session.scalars(statement.order_by(Directory.source)).all()


def figures(client_id: UUID, *, today: date) -> Figures:
    """The client's accounts in numbers, in one statement."""
    scope = Scope(today)
    statement = scope.joined(select(*scope.counts())).where(Account.client_id == client_id)
    return Figures(*db.session.execute(statement).one())


def portfolio(*, today: date) -> list[Ranked]:
    """Every client that has accounts, by what is uncovered: people, then administrators, then leavers."""
    scope = Scope(today)
    oldest = func.min(func.coalesce(Directory.imported_at, Directory.mfa_at))
    statement = (
        scope.joined(select(Client, oldest, *scope.counts()))
        .join(Client, Client.id == Account.client_id)
        .where(Client.archived_at.is_(None))
        .group_by(Client.tenant_id, Client.id)
    )
    found = [Ranked(row[0], Figures(*row[2:]), row[1]) for row in db.session.execute(statement)]
    return sorted(found, key=_worst_first)


def listed(client_id: UUID, view: str, *, today: date, text: str = "", page: int = 1) -> list[Listed]:
    """One page of a list, by name."""
    scope = Scope(today)
    statement = scope.joined(select(Account, Directory, Person, scope.apart.label("excepted")))
    statement = statement.where(*scope.wanted(client_id, view, text))
    rows = statement.order_by(Account.name_key, Account.key).offset((page - 1) * PAGE).limit(PAGE)
    return [Listed(*row) for row in db.session.execute(rows)]


def count(client_id: UUID, view: str, *, today: date, text: str = "") -> int:
    """How many accounts that list has."""
    scope = Scope(today)
    statement = scope.joined(select(func.count(Account.id))).where(*scope.wanted(client_id, view, text))
    return db.session.scalar(statement) or 0


def one_or_404(client_id: UUID, account_id: UUID, *, today: date) -> Listed:
    """One account of that client. Raises NotFound."""
    scope = Scope(today)
    statement = scope.joined(select(Account, Directory, Person, scope.apart))
    statement = statement.where(Account.client_id == client_id, Account.id == account_id)
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound
    return Listed(*row)


def exceptions(account: Account) -> Sequence[AccountException]:
    """The exceptions of an account, the latest first."""
    statement = select(AccountException).where(AccountException.account_id == account.id)
    return db.session.scalars(statement.order_by(AccountException.made_at.desc())).all()


def exception_or_404(account: Account, exception_id: UUID) -> AccountException:
    """One exception of that account. Raises NotFound."""
    statement = select(AccountException).where(
        AccountException.account_id == account.id, AccountException.id == exception_id
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def last_review(client_id: UUID) -> AccountReview | None:
    """When the accounts were last read against the staff list; None when never."""
    statement = select(AccountReview).where(AccountReview.client_id == client_id)
    return db.session.scalars(statement.order_by(AccountReview.reviewed_at.desc()).limit(1)).first()


def candidates(client_id: UUID, accounts: Sequence[Account]) -> dict[UUID, list[Person]]:
    """Who may hold each of these accounts, as matching sees it; two statements whatever their number."""
    book = book_of(client_id)
    if book is None or not accounts:
        return {}
    found = {a.id: book.holder(Held(a.upn, a.mail, a.name_key, alone=False))[1] for a in accounts}
    wanted = {person_id for people in found.values() for person_id in people}
    people = db.session.scalars(select(Person).where(Person.client_id == client_id, Person.id.in_(wanted)))
    named = {person.id: person for person in people}
    return {key: [named[i] for i in ids if i in named] for key, ids in found.items()}


class Scope:
    """Accounts joined with all that decides about them, as of a day."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._excepted = measures.in_force(AccountException, today).subquery("excepted")
        self.apart: ColumnElement[bool] = self._excepted.c.account_id.is_not(None)
        self.uncovered = measures.uncovered(Account, Directory, self.apart)
        self.leaver = measures.leaver(Account, Person, today)
        self.orphan = measures.orphan(Account, StaffEntry)
        self.dormant = measures.dormant(Account, Directory)
        self.doubtful = measures.doubtful(Account)
        wrong = or_(self.uncovered, self.leaver, self.orphan, self.dormant, self.doubtful)
        self.to_treat = and_(wrong, ~self.apart)

    def joined(self, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        """The statement over accounts, their directories, their holders and their exceptions in force."""
        excepted = self._excepted.c
        return (
            statement.select_from(Account)
            .join(Directory, Directory.id == Account.directory_id)
            .outerjoin(Person, Person.id == Account.person_id)
            .outerjoin(
                self._excepted,
                and_(excepted.tenant_id == Account.tenant_id, excepted.account_id == Account.id),
            )
        )

    def counts(self) -> tuple[ColumnElement[int], ...]:
        """The columns of ``Figures``."""
        human, admin = measures.human(Account, self.apart), measures.admin(Account, self.apart)
        alive = Account.gone_at.is_(None)
        conditions: tuple[ColumnElement[bool], ...] = (
            alive,
            *(and_(human, Account.mfa == state) for state in ("yes", "no", "unknown")),
            *(and_(admin, Account.mfa == state) for state in ("yes", "no", "unknown")),
            self.dormant,
            self.leaver,
            self.orphan,
            self.doubtful,
            and_(alive, Account.kind.in_(("shared", "service"))),
            and_(alive, Account.kind == "guest"),
            and_(alive, self.apart),
            self.uncovered,
            and_(alive, Account.is_admin),
            self.to_treat,
        )
        return tuple(func.count(Account.id).filter(condition) for condition in conditions)

    def wanted(self, client_id: UUID, view: str, text: str) -> list[ColumnElement[bool]]:
        """What keeps the accounts of one list."""
        shown: Mapping[str, Any] = {
            "a-traiter": self.to_treat,
            "sans-second-facteur": self.uncovered,
            "administrateurs": Account.is_admin,
            "dormants": self.dormant,
            "sans-titulaire": self.orphan,
            "partages": Account.kind.in_(("shared", "service")),
            "invites": Account.kind == "guest",
            "exceptions": self.apart,
            "tous": true(),
        }
        return [Account.client_id == client_id, Account.gone_at.is_(None), shown[view], *_holding(text)]


def _holding(text: str) -> list[ColumnElement[bool]]:
    return [
        Account.name_key.contains(word, autoescape=True) | Account.key.contains(word, autoescape=True)
        for word in fold(text[:200]).split()[:6]
    ]


def _worst_first(row: Ranked) -> tuple[int, int, int, str]:
    f = row.figures
    return -f.no, -(f.admin_no + f.admin_unknown), -f.leavers, row.client.name_key
