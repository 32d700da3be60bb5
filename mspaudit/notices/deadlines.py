"""What falls due in no other room: the legal calendar, for each client it concerns, and backups gone wrong.

A backup that failed, is late or was never heard of is due the day it is read. It is the same trouble until
one succeeds: ``due_on`` is the day of the last success.
"""

from collections.abc import Iterator
from uuid import UUID, uuid5

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Text,
    Uuid,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from mspaudit.backups import standing_sql
from mspaudit.backups.facts import NOW
from mspaudit.backups.models import BackupJob
from mspaudit.clients.facts import TODAY
from mspaudit.clients.models import Client, Tag
from mspaudit.content.calendar import Obligation, obligations
from mspaudit.kernel.french import NB, fold

CALENDAR = UUID("6d737061-7564-4974-8000-63616c656e64")
_ACCENTED, _PLAIN = "àâäéèêëîïôöùûüç", "aaaeeeeiioouuuc"
_client, _tag = Client.__table__.c, Tag.__table__.c


def subject_id(code: str) -> UUID:
    """The identifier of an obligation, the same at every client and in every release."""
    return uuid5(CALENDAR, code)


def _columns(found: tuple[Obligation, ...]) -> Iterator[tuple[str, type | ARRAY, list[object]]]:
    yield "subject_id", Uuid, [subject_id(one.code) for one in found]
    yield "subject", Text, [one.title for one in found]
    yield "due_on", Date, [one.on for one in found]
    yield "detail", Text, [one.todo for one in found]
    yield "communes", Boolean, ["commune" in one.kinds for one in found]
    yield "enterprises", Boolean, ["enterprise" in one.kinds for one in found]
    yield "least_people", Integer, [one.min_headcount for one in found]
    yield "most_people", Integer, [one.max_headcount for one in found]
    yield "least_inhabitants", Integer, [one.min_population for one in found]
    yield "most_inhabitants", Integer, [one.max_population for one in found]
    yield "tags", Text, ["|".join(fold(tag) for tag in one.tags) for one in found]


def _listed() -> FromClause:
    parts = list(_columns(obligations()))
    lists = (literal(values, ARRAY(sort)) for _, sort, values in parts)
    names = (column(name, sort) for name, sort, _ in parts)
    return func.unnest(*lists).table_valued(*names, name="obligation").render_derived()


_o = _listed().c


def _between(
    size: ColumnElement[int], least: ColumnElement[int], most: ColumnElement[int]
) -> ColumnElement[bool]:
    """An unknown size is taken for small, as ``Obligation.concerns`` does."""
    known = func.coalesce(size, 0)
    return and_(known >= least, or_(most.is_(None), known <= most))


def _concerned() -> ColumnElement[bool]:
    """What ``Obligation.concerns`` says, in SQL; a test holds the two equal."""
    communes = and_(_o.communes, _between(_client.population, _o.least_inhabitants, _o.most_inhabitants))
    companies = and_(_o.enterprises, _between(_client.headcount, _o.least_people, _o.most_people))
    bare = func.translate(func.lower(_tag.tag), _ACCENTED, _PLAIN)
    folded = func.btrim(func.regexp_replace(bare, "[^a-z0-9]+", " ", "g"))
    tagged = (
        select(_tag.tag)
        .where(_tag.tenant_id == _client.tenant_id, _tag.client_id == _client.id)
        .where(func.array_position(func.string_to_array(_o.tags, "|"), folded).is_not(None))
        .exists()
    )
    return and_(case((_client.kind == "commune", communes), else_=companies), or_(_o.tags == "", tagged))


_calendar = select(
    _client.tenant_id,
    _client.id.label("client_id"),
    literal("calendar").label("kind"),
    _o.subject_id,
    _o.subject,
    _o.due_on,
    _o.due_on.label("act_by"),
    cast(null(), Integer).label("amount"),
    _o.detail,
).where(_concerned())

_j = BackupJob.__table__.c
_since = func.coalesce(_j.last_ok_at, _j.created_at)
_troubles = select(
    _j.tenant_id,
    _j.client_id,
    literal("backup").label("kind"),
    _j.id.label("subject_id"),
    (literal(f"Sauvegarde en défaut{NB}: ") + _j.name).label("subject"),
    cast(func.timezone("Europe/Paris", _since), Date).label("due_on"),
    cast(TODAY, Date).label("act_by"),
    cast(null(), Integer).label("amount"),
    case(
        (_j.last_ok_at.is_(None), "jamais réussie"),
        else_=literal("dernière réussite le ")
        + func.to_char(func.timezone("Europe/Paris", _j.last_ok_at), "DD/MM/YYYY"),
    ).label("detail"),
).where(_j.archived_at.is_(None), standing_sql.red(NOW))

DEADLINES = select(union_all(_calendar, _troubles).subquery("notice_deadline"))
"""(tenant_id, client_id, kind, subject_id, subject, due_on, act_by, amount, detail) of every tenant."""
