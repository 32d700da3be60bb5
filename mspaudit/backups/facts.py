"""What this room measures: jobs that do report (BCK-01), a copy elsewhere (BCK-02), one that nothing can
erase (BCK-03), a restoration tried (BCK-04), failures read in time (BCK-05).

A client without any job followed gives no row, and what nobody told of a job is not held against it. That
every job reports proves BCK-01 only once someone said that the jobs cover everything. BCK-05 is measured
where failures are taken in charge here at all.
"""

from typing import Any

from sqlalchemy import (
    TIMESTAMP,
    ColumnElement,
    Date,
    Double,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)

from mspaudit.backups import standing_sql
from mspaudit.backups.models import BackupCoverage, BackupEvent, BackupJob, RestoreTest
from mspaudit.clients.facts import TODAY
from mspaudit.kernel.french import NB

BY = "le suivi des sauvegardes"
FAILURES_DAYS = 90
COVERAGE_MONTHS = 12

_job, _test, _cover, _event = (
    model.__table__ for model in (BackupJob, RestoreTest, BackupCoverage, BackupEvent)
)
_j, _t, _c, _e = _job.c, _test.c, _cover.c, _event.c

_TODAY_STARTS = func.timezone("Europe/Paris", cast(TODAY, TIMESTAMP))
# A figure reckoned for a past day is reckoned as of its last instant.
NOW: ColumnElement[Any] = func.least(
    func.now(), func.timezone("Europe/Paris", cast(cast(TODAY, Date) + 1, TIMESTAMP))
)


def _count(condition: Any = None) -> ColumnElement[int]:
    return func.count() if condition is None else func.count().filter(condition)


def _jobs() -> Any:
    """By client: how many jobs are followed (pauses aside), and how many are so and so."""
    red = standing_sql.red(NOW)
    well = ~red
    here = _j.destination
    return (
        select(
            _j.tenant_id,
            _j.client_id,
            _count().label("total"),
            _count(well).label("well"),
            _count(_j.off_site.is_not(None)).label("place_told"),
            _count(_j.off_site).label("off_site"),
            _count(and_(_j.off_site, well)).label("off_site_well"),
            (func.count(func.distinct(func.lower(here))).filter(and_(well, here != ""))).label("copies"),
            _count(_j.immutable.is_not(None)).label("kind_told"),
            _count(_j.immutable).label("immutable"),
            _count(and_(_j.immutable, well)).label("immutable_well"),
            func.min(_j.created_at).label("since"),
        )
        .where(_j.archived_at.is_(None), _j.paused_until.is_(None) | (_j.paused_until <= NOW))
        .where(_j.created_at <= NOW)
        .group_by(_j.tenant_id, _j.client_id)
        .subquery("followed")
    )


_f = _jobs().c


def _line(code: str, value: Any, detail: Any, *where: Any) -> Select[Any]:
    return select(
        _f.tenant_id,
        _f.client_id,
        literal(code).label("code"),
        cast(value, Double).label("value"),
        _TODAY_STARTS.label("observed_at"),
        detail.label("detail"),
    ).where(*where)


_stated = and_(
    _c.tenant_id == _f.tenant_id,
    _c.client_id == _f.client_id,
    _c.stated_on > TODAY - func.make_interval(0, COVERAGE_MONTHS),
    _c.stated_on <= TODAY,
)
_all_well = _f.well == _f.total
_saved = func.concat(
    _f.well,
    f"{NB}sur{NB}",
    _f.total,
    case((_f.total > 1, f"{NB}sauvegardes à jour"), else_=f"{NB}sauvegarde à jour"),
)
_BCK_01 = _line(
    "BCK-01",
    case((~_all_well, cast(_f.well, Double) / _f.total), (_c.complete, 1.0), else_=0.5),
    case(
        (~_all_well, _saved),
        (_c.complete, func.concat(_saved, ", tout l’indispensable est couvert")),
        else_=func.concat(_saved, f", mais il manque{NB}: ", _c.missing),
    ),
    ~_all_well | _c.complete.is_not(None),
).join(_cover, _stated, isouter=True)

_BCK_02 = _line(
    "BCK-02",
    case((_f.off_site_well == 0, 0.5), (_f.copies >= 2, 1.0), else_=0.5),
    case(
        (_f.off_site == 0, literal("aucune copie hors des locaux parmi les sauvegardes suivies")),
        (_f.off_site_well == 0, literal("la copie hors des locaux ne donne plus de nouvelles")),
        (_f.copies >= 2, func.concat(_f.copies, " copies à jour, dont une hors des locaux")),
        else_=literal("une seule copie à jour, hors des locaux"),
    ),
    (_f.off_site > 0) | (_f.place_told == _f.total),
)
_BCK_03 = _line(
    "BCK-03",
    case((_f.immutable_well > 0, 1.0), else_=0.0),
    case(
        (_f.immutable_well > 0, literal("une copie ineffaçable, à jour")),
        (_f.immutable > 0, literal("la copie ineffaçable ne donne plus de nouvelles")),
        else_=literal("aucune copie ineffaçable parmi les sauvegardes suivies"),
    ),
    (_f.immutable > 0) | (_f.kind_told == _f.total),
)


def _last_test() -> Any:
    place: Any = func.row_number().over(
        partition_by=(_t.tenant_id, _t.client_id), order_by=(_t.done_on.desc(), _t.created_at.desc())
    )
    ranked = (
        select(_t.tenant_id, _t.client_id, _t.done_on, _t.result, _t.minutes, place.label("place"))
        .where(_t.cancelled_at.is_(None), _t.done_on <= TODAY)
        .subquery("ranked_test")
    )
    return select(ranked).where(ranked.c.place == 1).subquery("last_test")


_last = _last_test()
_l = _last.c
_age = case(
    (_l.done_on >= TODAY - func.make_interval(1), 1.0),
    (_l.done_on >= TODAY - func.make_interval(2), 0.5),
    else_=0.0,
)
_tried = func.concat("restauration du ", func.to_char(_l.done_on, "DD/MM/YYYY"))
_BCK_04 = _line(
    "BCK-04",
    case((_l.result == "ok", _age), (_l.result == "partly", func.least(_age, 0.5)), else_=0.0),
    case(
        (_l.done_on.is_(None), literal("aucun test de restauration noté")),
        (_l.result == "failed", func.concat(_tried, " en échec")),
        (_l.result == "partly", func.concat(_tried, " réussie en partie")),
        (_l.minutes.is_not(None), func.concat(_tried, " réussie en ", _l.minutes, f"{NB}min")),
        else_=func.concat(_tried, " réussie"),
    ),
    # A month to note the first one: following jobs does not begin by testing them.
    _l.done_on.is_not(None) | (_f.since < NOW - func.make_interval(0, 1)),
).join(_last, and_(_l.tenant_id == _f.tenant_id, _l.client_id == _f.client_id), isouter=True)

_in_time = _e.seen_at <= _e.answer_by
_judged = and_(
    _e.kind == "fail", _e.at >= NOW - func.make_interval(0, 0, 0, FAILURES_DAYS), _e.answer_by.is_not(None)
)
_over = _e.seen_at.is_not(None) | (_e.answer_by < NOW)
_BCK_05 = (
    select(
        _e.tenant_id,
        _e.client_id,
        literal("BCK-05").label("code"),
        (cast(_count(_in_time), Double) / _count()).label("value"),
        _TODAY_STARTS.label("observed_at"),
        func.concat(
            _count(_in_time),
            f"{NB}sur{NB}",
            _count(),
            " échecs lus dans le jour ouvré, depuis 90",
            f"{NB}jours",
        ).label("detail"),
    )
    .where(_judged, _over)
    .group_by(_e.tenant_id, _e.client_id)
    .having(_count(_e.seen_at.is_not(None)) > 0)
)

FACTS = select(union_all(_BCK_01, _BCK_02, _BCK_03, _BCK_04, _BCK_05).subquery("backup_fact"))
"""(tenant_id, client_id, code, value, observed_at, detail). The reader filters the tenant."""
