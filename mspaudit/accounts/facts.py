"""What this room measures: second factors (AUT-01), those of administrators (AUT-03), accounts read against
the staff list (ACC-02), accounts of people who left (ACC-03).

- AUT-01, AUT-03: one row a directory that told of second factors; the worst one prevails. An account of
  which nothing is known counts as uncovered, as an unknown answer does, but only once one account at least
  is known to have none: until then the export disproves nothing, and there is no row. AUT-01 is about
  mailboxes, so an Active Directory says nothing of it.
- ACC-02: the last review that someone noted. Two lists imported are not yet two lists compared.
- ACC-03: only what disproves it, an account still on in an export made after its holder's last day. That
  none is left does not prove that each was cut the same day; the departures measure that.
- ACC-06 has no row: an export does not say whether an administrator also reads mail with that account.

Exceptions in force are left out and counted in the detail, which never names anyone.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Double,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on

from mspaudit.accounts import measures
from mspaudit.accounts.models import Account, AccountException, AccountReview, Directory
from mspaudit.accounts.rules import SOURCES
from mspaudit.clients.facts import TODAY
from mspaudit.clients.models import Person

BY = "les exports d’annuaire"
MAILBOXES = ("entra", "google", "okta")

_account, _directory, _person, _review = (m.__table__ for m in (Account, Directory, Person, AccountReview))
_a, _d, _p, _r = _account.c, _directory.c, _person.c, _review.c
_e = AccountException.__table__.c

_source = case({name: literal(label) for name, label in SOURCES.items()}, value=_d.source)


def _count(condition: Any) -> ColumnElement[int]:
    return func.count().filter(condition)


def _day(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(func.timezone("Europe/Paris", moment), Date)


def _french(moment: ColumnElement[Any]) -> ColumnElement[str]:
    return func.to_char(_day(moment), "DD/MM/YYYY")


def _plural(count: ColumnElement[int], one: str, many: str) -> ColumnElement[str]:
    return func.concat(count, " ", case((count > 1, literal(many)), else_=literal(one)))


def _same(excepted: Subquery) -> ColumnElement[bool]:
    return and_(excepted.c.tenant_id == _a.tenant_id, excepted.c.account_id == _a.id)


def _covered(
    code: str, kept: ColumnElement[bool], nouns: tuple[str, str], sources: Sequence[str]
) -> Select[Any]:
    """Second factors over the enabled accounts that ``kept`` chooses, by directory."""
    excepted = measures.in_force(_e, TODAY).subquery("excepted")
    apart = excepted.c.account_id.is_not(None)
    counted, set_apart = and_(measures.on(_a), kept, ~apart), and_(measures.on(_a), kept, apart)
    yes, no, unknown = (_count(and_(counted, _a.mfa == state)) for state in ("yes", "no", "unknown"))
    total, left_out = _count(counted), _count(set_apart)
    detail = func.concat(
        _plural(yes, "compte", "comptes"),
        " sur ",
        _plural(total, *nouns),
        case((yes > 1, literal(" ont un second facteur")), else_=literal(" a un second facteur")),
        case((unknown > 0, func.concat(", ", unknown, " sans réponse")), else_=""),
        case(
            (left_out > 0, func.concat(", ", _plural(left_out, "exception", "exceptions"), " à part")),
            else_="",
        ),
        ", export ",
        _source,
        " du ",
        _french(_d.mfa_at),
    )
    return (
        select(
            _d.tenant_id,
            _d.client_id,
            literal(code).label("code"),
            (cast(yes, Double) / func.nullif(total, 0)).label("value"),
            _d.mfa_at.label("observed_at"),
            detail.label("detail"),
        )
        .select_from(_directory)
        .join(
            _account,
            and_(_a.tenant_id == _d.tenant_id, _a.client_id == _d.client_id, _a.directory_id == _d.id),
        )
        .outerjoin(excepted, _same(excepted))
        .where(_d.mfa_at.is_not(None), _d.source.in_(sources))
        .group_by(_d.tenant_id, _d.client_id, _d.id, _d.source, _d.mfa_at)
        .having(and_(total > 0, or_(no > 0, unknown == 0)))
    )


def _reviewed() -> Select[Any]:
    """The last review of each client; older than a year it is half of one, than two nothing any more."""
    day = _day(_r.reviewed_at)
    age = cast(TODAY, Date) - day
    open_ = case(
        (_r.left_open > 0, func.concat(", ", _plural(_r.left_open, "écart ouvert", "écarts ouverts"))),
        else_=", aucun écart ouvert",
    )
    return (
        select(
            _r.tenant_id,
            _r.client_id,
            literal("ACC-02").label("code"),
            case((age <= 365, 1.0), (age <= 730, 0.5), else_=0.0).label("value"),
            _r.reviewed_at.label("observed_at"),
            func.concat(
                _plural(_r.accounts, "compte comparé", "comptes comparés"),
                " à la liste du personnel le ",
                _french(_r.reviewed_at),
                open_,
            ).label("detail"),
        )
        .ext(distinct_on(_r.tenant_id, _r.client_id))
        .where(day <= TODAY)
        .order_by(_r.tenant_id, _r.client_id, _r.reviewed_at.desc())
    )


def _left_behind() -> Select[Any]:
    """Accounts still on in an export made after their holder's last day."""
    excepted = measures.in_force(_e, TODAY).subquery("excepted")
    return (
        select(
            _d.tenant_id,
            _d.client_id,
            literal("ACC-03").label("code"),
            literal(0.0).label("value"),
            _d.imported_at.label("observed_at"),
            func.concat(
                _plural(func.count(), "compte encore actif", "comptes encore actifs"),
                " pour ",
                _plural(func.count(_p.id.distinct()), "personne partie", "personnes parties"),
                ", export ",
                _source,
                " du ",
                _french(_d.imported_at),
            ).label("detail"),
        )
        .select_from(_account)
        .join(_directory, and_(_d.tenant_id == _a.tenant_id, _d.id == _a.directory_id))
        .join(_person, and_(_p.tenant_id == _a.tenant_id, _p.id == _a.person_id))
        .outerjoin(excepted, _same(excepted))
        .where(
            measures.on(_a),
            excepted.c.account_id.is_(None),
            _p.left_on < _day(_d.imported_at),
            _p.left_on < TODAY,
        )
        .group_by(_d.tenant_id, _d.client_id, _d.id, _d.source, _d.imported_at)
    )


FACTS = select(
    union_all(
        _covered("AUT-01", _a.kind == "person", ("compte humain", "comptes humains"), MAILBOXES),
        _covered("AUT-03", _a.is_admin, ("compte d’administration", "comptes d’administration"), [*SOURCES]),
        select(_reviewed().subquery("reviewed")),
        _left_behind(),
    ).subquery("accounts_fact")
)
"""(tenant_id, client_id, code, value, observed_at, detail). The reader filters the tenant."""
