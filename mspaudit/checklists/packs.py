"""Packs as an MSP uses them: the rows an assessment pins, and the words it keeps."""

from functools import lru_cache
from uuid import UUID

from sqlalchemy import select

from mspaudit.checklists.models import LoadedControl, LoadedPack
from mspaudit.clients.models import Client
from mspaudit.content.packs import Control, Kind, Pack, pack_for
from mspaudit.extensions import db
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import tenant_id
from mspaudit.tenancy.models import Tenant


def offered_pack() -> Pack:
    """The pack that a new assessment of the current MSP uses: ours, or ours as it rewrote it.

    Raises:
        PackError: the MSP's own file cannot be used.
    """
    tenant = db.session.get_one(Tenant, tenant_id())
    return pack_for(tenant.slug, runtime().settings.tenants)


def load_pack(pack: Pack) -> LoadedPack:
    """The row of ``pack`` in the current MSP, written the first time: the same content is loaded once."""
    found = db.session.scalar(select(LoadedPack).where(LoadedPack.digest == pack.digest))
    if found is not None:
        return found
    loaded = LoadedPack(
        name=pack.name, version=pack.version, digest=pack.digest, content=pack.canonical_json()
    )
    db.session.add(loaded)
    db.session.flush()
    order = [scenario.code for scenario in pack.scenarios]
    db.session.add_all(
        _figures(loaded.id, position, control, [control.scenarios[code] for code in order])
        for position, control in enumerate(pack.controls)
    )
    db.session.flush()
    return loaded


@lru_cache(maxsize=64)
def words(digest: str) -> Pack:
    """The pack of that digest, as the current MSP loaded it. Raises NoResultFound when it did not.

    Kept in the process: a digest names a content, whoever asks for it.
    """
    content = db.session.scalars(select(LoadedPack.content).where(LoadedPack.digest == digest)).one()
    return Pack.model_validate_json(content)


def kind_of(client: Client) -> Kind:
    """The kind of a client as packs word their questions for it."""
    return "commune" if client.is_commune else "enterprise"


def _figures(pack_id: UUID, position: int, control: Control, strengths: list[int]) -> LoadedControl:
    m1, m2, m3, m4, m5, m6 = strengths
    return LoadedControl(
        pack_id=pack_id,
        code=control.code,
        position=position,
        weight=control.weight,
        scale=control.scale,
        hours=control.hours,
        cost_eur=control.cost_eur,
        m1=m1,
        m2=m2,
        m3=m3,
        m4=m4,
        m5=m5,
        m6=m6,
    )
