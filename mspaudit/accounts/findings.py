"""What the directories say needs an action: accounts of people who left, accounts that nobody holds.

One finding a client and a kind, in counts that name nobody: an action is read by the client's own people.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, Text, Uuid, and_, case, cast, func, literal, select, union_all

from mspaudit.accounts import measures
from mspaudit.accounts.models import Account, Directory, StaffEntry
from mspaudit.clients.facts import TODAY
from mspaudit.clients.models import Person
from mspaudit.kernel.french import NB

_account, _directory, _person = (model.__table__ for model in (Account, Directory, Person))
_a, _d, _p, _s = _account.c, _directory.c, _person.c, StaffEntry.__table__.c
_holder = and_(_p.tenant_id == _a.tenant_id, _p.id == _a.person_id)
_of_directory = and_(_d.tenant_id == _a.tenant_id, _d.id == _a.directory_id)


def _found(what: str, code: str, one: str, many: str, condition: ColumnElement[bool]) -> Select[Any]:
    said = case((func.count() == 1, literal(NB + one)), else_=literal(NB + many))
    return (
        select(
            _a.tenant_id,
            _a.client_id,
            literal("accounts").label("kind"),
            cast(func.md5(func.concat_ws(" ", what, _a.client_id)), Uuid).label("source_id"),
            literal(code).label("code"),
            (cast(func.count(), Text) + said).label("title"),
            literal("d’après les annuaires importés").label("detail"),
            func.max(func.coalesce(_d.imported_at, _d.mfa_at)).label("observed_at"),
        )
        .join(_directory, _of_directory)
        .outerjoin(_person, _holder)
        .where(condition)
        .group_by(_a.tenant_id, _a.client_id)
    )


FINDINGS = select(
    union_all(
        _found(
            "leavers",
            "ACC-03",
            "compte encore ouvert d’une personne partie",
            "comptes encore ouverts de personnes parties",
            measures.leaver(_a, _p, TODAY),
        ),
        _found(
            "orphans",
            "ACC-02",
            "compte que personne de connu ne détient",
            "comptes que personne de connu ne détient",
            measures.orphan(_a, _s),
        ),
    ).subquery("account_finding")
)
"""(tenant_id, client_id, kind, source_id, code, title, detail, observed_at) of every tenant."""
