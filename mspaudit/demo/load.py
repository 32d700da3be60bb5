"""Loading the demonstration into an empty data folder."""

import json
from datetime import UTC, date, datetime, timedelta

import psycopg

from mspaudit.app import create_app
from mspaudit.config import Settings
from mspaudit.content.packs import pack_for
from mspaudit.demo.acts import ACTS, Scene
from mspaudit.demo.casting import MANAGER, MANAGER_OF, MSPS, PLATFORM_EMAIL, SECRETARY, SUREAU, TILLEUL, Msp
from mspaudit.demo.links import WHO
from mspaudit.demo.stage import Stage
from mspaudit.demo.story import WEEKS
from mspaudit.identity import actions, door
from mspaudit.kernel import clock
from mspaudit.kernel.french import slug
from mspaudit.risk import history
from mspaudit.risk.actions import recompute, refresh_impacts
from mspaudit.risk.compute import compute
from mspaudit.tenancy import jobs
from mspaudit.tenancy.context import NOBODY, job
from mspaudit.tenancy.lifecycle import unit_of_work

SEED = 20260907
# By the month, then by the week over the last four months, which the screens show by the week.
CURTAINS = (*range(0, WEEKS - 16, 4), *range(WEEKS - 16, WEEKS + 1))
COUNTED_AT = {4, 16, WEEKS}


def load(settings: Settings) -> None:
    """Live the fourteen months.

    The file that names who may sign in is written last: without it, what a killed start has left is
    cleared and lived again.
    """
    _clear(settings)
    today = clock.today(clock.now())
    app = create_app(settings)
    with app.app_context():
        for msp in MSPS:
            load_msp(msp, settings, today=today)
        with unit_of_work(NOBODY):
            door.ensure_login(PLATFORM_EMAIL)
        for name in jobs.QUEUES:
            # Every week was computed as it passed: nothing is left for the workers.
            jobs.queue(name).empty()
    _grant_platform(settings, PLATFORM_EMAIL)
    # Whole at once: the background processes wait for it.
    written = settings.data / f"{WHO}.partial"
    written.write_text(json.dumps(_who(), ensure_ascii=False), "utf-8")
    written.replace(settings.data / WHO)


def load_msp(msp: Msp, settings: Settings, *, today: date, seed: int = SEED) -> None:
    """One MSP, its staff, and its portfolio's life up to ``today``."""
    with unit_of_work(NOBODY):
        brand = {"phone": msp.phone, "hourly_rate": 60}
        tenant_id = actions.create_tenant(slug=msp.slug, name=msp.name, brand=brand)
    with unit_of_work(job(tenant_id)):
        for staff in msp.staff:
            actions.add_staff(
                login_id=door.ensure_login(staff.email),
                name=staff.name,
                email=staff.email,
                role=staff.role,
                all_clients=staff.all_clients,
                phone=msp.phone,
            )
    start = today - timedelta(weeks=WEEKS)
    stage = Stage(msp, pack_for(msp.slug, settings.tenants), seed=seed, start=start, today=today)
    for week in CURTAINS:
        until = start + timedelta(weeks=week)
        if week in COUNTED_AT:
            _count_rows(settings)
        with unit_of_work(job(tenant_id)):
            stage.play(until)
            if week == WEEKS:
                _measure(stage, settings, today=today)
        with unit_of_work(job(tenant_id)):
            told = datetime.combine(until, datetime.min.time(), UTC)
            recompute(today=until, now=told) if week == WEEKS else _remember(today=until, now=told)


def _measure(stage: Stage, settings: Settings, *, today: date) -> None:
    """Bring in what the MSP's tools and files show of each client today."""
    scene = Scene(today, tuple((role.client_id, role) for role in stage.roles if role.client_id), settings)
    for play in ACTS:
        play(scene)


def _remember(*, today: date, now: datetime) -> None:
    """The figures of a past day alone: what tells the present is computed on the last."""
    refresh_impacts()
    compute(today=today, now=now)
    history.total(today=today, now=now)


def _clear(settings: Settings) -> None:
    dsn = (settings.migrator_url or "").replace("+psycopg", "")
    with psycopg.connect(dsn) as connection:
        connection.execute("DELETE FROM tenant WHERE slug = ANY(%s)", [[msp.slug for msp in MSPS]])


def _count_rows(settings: Settings) -> None:
    """Tell PostgreSQL how the tables grew, as its own daemon does over a real year.

    Plans made while they were empty would otherwise serve until the end.
    """
    dsn = (settings.migrator_url or "").replace("+psycopg", "")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("ANALYZE")


def _grant_platform(settings: Settings, email: str) -> None:
    """Make a login one of the platform's own staff: only a deployment may."""
    dsn = (settings.migrator_url or "").replace("+psycopg", "")
    with psycopg.connect(dsn) as connection:
        connection.execute("UPDATE login SET platform = true WHERE email = %s", [email])


def _who() -> dict[str, dict[str, str]]:
    manager = f"/{TILLEUL.slug}/espace/{slug(MANAGER_OF)}/"
    return {
        "msp_admin": {"email": TILLEUL.staff[0].email, "url": f"/{TILLEUL.slug}/"},
        "technician": {"email": TILLEUL.staff[1].email, "url": f"/{TILLEUL.slug}/"},
        "secretary": {"email": SECRETARY, "url": "/mes-espaces"},
        "manager": {"email": MANAGER, "url": manager},
        "staff": {"email": PLATFORM_EMAIL, "url": "/plateforme/"},
        "other_msp_admin": {"email": SUREAU.staff[0].email, "url": f"/{SUREAU.slug}/"},
    }
