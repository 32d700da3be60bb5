"""Loading the demonstration into an empty data folder."""

import json
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import psycopg

from mspaudit.app import create_app
from mspaudit.checklists.packs import load_pack
from mspaudit.config import Settings
from mspaudit.content.packs import pack_for
from mspaudit.demo.acts import ACTS, Scene
from mspaudit.demo.casting import MANAGER, MANAGER_OF, MSPS, PLATFORM_EMAIL, SECRETARY, SUREAU, TILLEUL, Msp
from mspaudit.demo.links import WHO
from mspaudit.demo.stage import Stage
from mspaudit.demo.story import WEEKS
from mspaudit.embedded.process import apart
from mspaudit.extensions import db
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
COUNTED_AT = {4, 16}


class NotLoaded(RuntimeError):
    """The process that loads the other half has failed; its own words are above."""


def load(settings: Settings) -> None:
    """Live the fourteen months, half of the clients in a process of their own: there are two cores or more.

    The file that names who may sign in is written last: without it, what a killed start has left is
    cleared and lived again.

    Raises:
        NotLoaded: the other process did not come to its end.
    """
    _clear(settings)
    today = clock.today(clock.now())
    app = create_app(settings)
    with app.app_context():
        stages = [_open(msp, settings, today=today) for msp in MSPS]
        # Two processes cannot share a connection: each makes its own from here.
        db.engine.dispose()
        other = apart(lambda: _live(stages, settings, half=1))
        _live(stages, settings, half=0)
        if os.waitstatus_to_exitcode(os.waitpid(other, 0)[1]) != 0:
            raise NotLoaded("The other half of the demonstration was not loaded.")
        _count_rows(settings)
        for tenant_id, stage in stages:
            _conclude(tenant_id, stage, settings)
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


def _open(msp: Msp, settings: Settings, *, today: date, seed: int = SEED) -> tuple[UUID, Stage]:
    """One MSP, its staff and its questions, and what is going to happen at its clients."""
    with unit_of_work(NOBODY):
        brand = {"phone": msp.phone, "hourly_rate": 60}
        tenant_id = actions.create_tenant(slug=msp.slug, name=msp.name, brand=brand)
    pack = pack_for(msp.slug, settings.tenants)
    with unit_of_work(job(tenant_id)):
        load_pack(pack)
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
    return tenant_id, Stage(msp, pack, seed=seed, start=start, today=today)


def _live(stages: Sequence[tuple[UUID, Stage]], settings: Settings, *, half: int) -> None:
    """Play every other client of each MSP, curtain by curtain, up to today."""
    for tenant_id, stage in stages:
        roles = stage.roles[half::2]
        for week in CURTAINS:
            until = stage.start + timedelta(weeks=week)
            if week in COUNTED_AT and half == 0:
                _count_rows(settings)
            with unit_of_work(job(tenant_id)):
                stage.enter(until, roles)
                refresh_impacts()
            with unit_of_work(job(tenant_id)):
                stage.play(until, roles)
            with unit_of_work(job(tenant_id)):
                clients = [role.client_id for role in roles if role.client_id is not None]
                compute(today=until, now=_midnight(until), clients=clients)


def _conclude(tenant_id: UUID, stage: Stage, settings: Settings) -> None:
    """What the MSP's tools and files show of each client today, and the figures of the whole portfolio."""
    days = [stage.start + timedelta(weeks=week) for week in CURTAINS]
    with unit_of_work(job(tenant_id)):
        stage.recall()
        history.retell(days, now=_midnight(days[-1]))
        scene = Scene(
            days[-1], tuple((r.client_id, r) for r in stage.roles if r.client_id is not None), settings
        )
        for play in ACTS:
            play(scene)
    with unit_of_work(job(tenant_id)):
        recompute(today=days[-1], now=_midnight(days[-1]))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)


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
