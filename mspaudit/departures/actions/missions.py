"""Missions: the contract, the gate before any access, renewals, the end and its certificate."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from mspaudit.adapters import uploads
from mspaudit.clients.dirty import mark
from mspaudit.clients.models import Client, Person
from mspaudit.content import departures as content
from mspaudit.departures import queries, rules
from mspaudit.departures.models import Mission, MissionAccess
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.kernel.french import listing, short_day
from mspaudit.kernel.ids import new_id
from mspaudit.kernel.text import one_line
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import current, tenant_id

LONGEST = 120


@dataclass(frozen=True)
class Brief:
    """What is asked before any access, beside the contract; a day is None while the thing is not done."""

    clauses: Collection[str]
    exposed: Collection[str]
    contract_signed_on: date | None
    charter_signed_on: date | None
    briefed_on: date | None
    device: str
    device_declared_on: date | None


def add_mission(
    client: Client,
    *,
    name: str,
    company: str,
    email: str | None,
    purpose: str,
    starts_on: date,
    ends_on: date,
    sponsor: Person | None,
    now: datetime,
) -> Mission:
    """Write that someone from outside will work for the client.

    Raises:
        DomainError: no name, an end before the start, or more than 90 days after it.
    """
    name = one_line(name, LONGEST)
    if not name:
        raise DomainError("Indiquez le nom de l’intervenant.")
    _check_term(starts_on, ends_on)
    _check_sponsor(sponsor)
    mission = Mission(
        id=new_id(),
        client_id=client.id,
        name=name,
        company=one_line(company, LONGEST),
        email=email,
        purpose=one_line(purpose, LONGEST),
        starts_on=starts_on,
        ends_on=ends_on,
        sponsor_id=sponsor.id if sponsor else None,
        created_at=now,
        created_by=current().actor,
    )
    db.session.add(mission)
    db.session.flush()
    _tell(mission, "mission.added", now, until=ends_on.isoformat())
    return mission


def brief(mission: Mission, given: Brief, *, sponsor: Person | None, today: date, now: datetime) -> None:
    """Write what was signed, told and declared, and who answers for the mission.

    Raises:
        DomainError: a day to come, a device declared without saying which, a sponsor who left.
    """
    _still_open(mission)
    days = (given.contract_signed_on, given.charter_signed_on, given.briefed_on, given.device_declared_on)
    if any(day is not None and day > today for day in days):
        raise DomainError("Une de ces dates est à venir : notez-la une fois la chose faite.")
    device = one_line(given.device, LONGEST)
    if given.device_declared_on is not None and not device:
        raise DomainError("Dites quel appareil est déclaré : marque, modèle ou numéro.")
    _check_sponsor(sponsor)
    known = content.exposed()
    mission.clauses = sorted(set(given.clauses))
    mission.exposed = [code for code in known if code in given.exposed]
    mission.contract_signed_on, mission.charter_signed_on = given.contract_signed_on, given.charter_signed_on
    mission.briefed_on, mission.device_declared_on = given.briefed_on, given.device_declared_on
    mission.device = device or None
    mission.sponsor_id = sponsor.id if sponsor else None
    _tell(mission, "mission.briefed", now)


def attach_contract(mission: Mission, data: bytes, filename: str, *, now: datetime) -> None:
    """Keep the signed contract; a new one replaces it. Raises DomainError or UploadRefused, in French."""
    _still_open(mission)
    mission.contract_key, mission.contract_name = _stored(data, filename), _named(filename, "contrat")
    _tell(mission, "mission.contract_added", now, file=mission.contract_name)


def open_access(
    client: Client, mission: Mission, *, account: str, device: str, mfa: bool, today: date, now: datetime
) -> MissionAccess:
    """Write that a named account was opened.

    Raises:
        DomainError: the gate is not passed (saying what is missing), the mission is over, no second factor.
    """
    _still_open(mission)
    seen = queries.mission_view(client, mission, today=today)
    if seen.missing:
        raise DomainError(f"Aucun accès avant : {listing(seen.missing)}.")
    if today > mission.ends_on:
        raise DomainError(
            f"La mission s’est terminée le {short_day(mission.ends_on, today)}. Renouvelez-la d’abord."
        )
    account = one_line(account, LONGEST)
    if not account:
        raise DomainError("Indiquez le compte, au nom de la personne.")
    if not mfa:
        raise DomainError("Un accès extérieur demande un second facteur. Activez-le, puis cochez la case.")
    access = MissionAccess(
        id=new_id(),
        client_id=mission.client_id,
        mission_id=mission.id,
        account=account,
        device=one_line(device, LONGEST) or mission.device or "",
        mfa=mfa,
        opened_on=today,
        opened_by=current().actor,
    )
    db.session.add(access)
    db.session.flush()
    _tell(mission, "mission.access_opened", now, account=account)
    return access


def revoke_access(mission: Mission, access: MissionAccess, *, today: date, now: datetime) -> None:
    """Write that an access was cut; said twice is said once."""
    _still_open(mission)
    if access.revoked_on is not None:
        return
    access.revoked_on, access.revoked_by, access.revoked_by_id = today, current().actor, current().member_id
    _tell(mission, "mission.access_revoked", now, account=access.account)


def renew(mission: Mission, until: date, *, today: date, now: datetime) -> None:
    """Extend a mission, for 90 days at most from today. Raises DomainError."""
    _still_open(mission)
    if until <= mission.ends_on:
        raise DomainError("La nouvelle fin doit suivre l’ancienne.")
    _check_term(max(today, mission.starts_on), until)
    renewal = {
        "from": mission.ends_on.isoformat(),
        "until": until.isoformat(),
        "by": current().actor,
        "on": today.isoformat(),
    }
    mission.renewals = [*mission.renewals, renewal]
    mission.ends_on = until
    _tell(mission, "mission.renewed", now, until=until.isoformat())


def end_mission(mission: Mission, on: date, *, now: datetime) -> None:
    """Bring the end forward. Raises DomainError for a day after the planned end or before the start."""
    _still_open(mission)
    if on > mission.ends_on:
        raise DomainError("Pour une fin plus tardive, renouvelez la mission.")
    if on < mission.starts_on:
        raise DomainError("La fin ne peut pas précéder le début.")
    mission.ends_on = on
    _tell(mission, "mission.ended", now, on=on.isoformat())


def attach_certificate(mission: Mission, data: bytes, filename: str, *, today: date, now: datetime) -> None:
    """Keep the signed certificate of destruction. Raises DomainError or UploadRefused, in French."""
    _still_open(mission)
    if any(access.revoked_on is None for access in queries.accesses(mission.id)):
        raise DomainError("Un accès est encore ouvert : coupez-le avant de recevoir l’attestation.")
    mission.certificate_key, mission.certificate_name = (
        _stored(data, filename),
        _named(filename, "attestation"),
    )
    mission.certificate_on = today
    _tell(mission, "mission.certificate_added", now, file=mission.certificate_name)


def close_mission(mission: Mission, *, now: datetime) -> None:
    """Close a mission whose accesses are cut and whose certificate is there.

    Raises:
        DomainError: something is missing, or the one who closes cut the accesses.
    """
    _still_open(mission)
    accesses, by = queries.accesses(mission.id), current().member_id
    if any(access.revoked_on is None for access in accesses):
        raise DomainError("Un accès est encore ouvert.")
    if accesses and mission.certificate_key is None:
        raise DomainError("L’attestation de destruction signée n’est pas encore là.")
    if by is None:
        raise DomainError("Seule une personne connectée peut clore.")
    if any(access.revoked_by_id == by for access in accesses):
        raise DomainError("Vous avez coupé ces accès vous-même : une autre personne doit vérifier et clore.")
    mission.closed_at, mission.closed_by = now, current().actor
    _tell(mission, "mission.closed", now)


def _check_term(start: date, end: date) -> None:
    if end < start:
        raise DomainError("La fin ne peut pas précéder le début.")
    if end > rules.last_end(start):
        raise DomainError(
            f"Un accès dure {rules.TERM_DAYS} jours au plus, renouvelables : "
            f"le {short_day(rules.last_end(start), start)} au plus tard."
        )


def _check_sponsor(sponsor: Person | None) -> None:
    if sponsor is not None and sponsor.left_on is not None:
        raise DomainError(f"{sponsor.name} est parti et ne peut pas répondre de cette mission.")


def _still_open(mission: Mission) -> None:
    if mission.closed_at is not None:
        raise DomainError("Cette mission est close.")


def _stored(data: bytes, filename: str) -> str:
    limit = runtime().settings.upload_limit_mib * uploads.MIB
    uploads.sniff(data, filename, max_bytes=limit)
    return runtime().storage.put(tenant_id(), sha256(data).hexdigest(), data)


def _named(filename: str, default: str) -> str:
    return one_line(filename, LONGEST) or default


def _tell(mission: Mission, verb: str, now: datetime, **data: object) -> None:
    record(verb, mission.name, subject_id=mission.id, client_id=mission.client_id, at=now, **data)
    mark(mission.client_id)
