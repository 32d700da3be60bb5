"""The verbs of fieldwork. One of them leaves no line in the journal: telling (see ``tell``)."""

from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert

from mspaudit.clients.models import Client
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.fieldwork import queries, rules, tokens
from mspaudit.fieldwork.models import FieldCampaign, FieldGroup, FieldReport
from mspaudit.fieldwork.told import Told
from mspaudit.identity.models import StaffMember
from mspaudit.journal.actions import record
from mspaudit.kernel.ids import new_id
from mspaudit.kernel.text import one_line, plain
from mspaudit.tenancy.context import current, tenant_id
from mspaudit.tenancy.gate import hashed

LONGEST_MESSAGE, LONGEST_NAME, MOST_GROUPS = 2000, 80, 40


def prepare(
    client: Client,
    *,
    message: str,
    facilitator: StaffMember,
    session_on: date,
    session_half: str,
    next_on: date,
    today: date,
    now: datetime,
) -> FieldCampaign:
    """Prepare a campaign; it opens once the direction has promised.

    Raises:
        DomainError: another one is open, no message, a past session, a next one over a year later.
    """
    message = plain(message, LONGEST_MESSAGE)
    if any(each.closed_at is None for each in queries.campaigns(client.id)):
        raise DomainError("Une campagne est déjà en cours. Clôturez-la d’abord.")
    if not message:
        raise DomainError("Écrivez le message de la direction : c’est lui que chacun lira d’abord.")
    if session_on < today:
        raise DomainError("La date de la séance est passée.")
    if not session_on < next_on <= rules.latest_next(session_on):
        raise DomainError("Le prochain rendez-vous suit la séance, de douze mois au plus.")
    found = FieldCampaign(
        id=new_id(),
        client_id=client.id,
        message=message,
        facilitator_id=facilitator.id,
        facilitator=facilitator.name,
        session_on=session_on,
        session_half="pm" if session_half == "pm" else "am",
        next_on=next_on,
        created_at=now,
        created_by=current().actor,
    )
    db.session.add(found)
    db.session.flush()
    _note("field_campaign.prepared", found, now, facilitator=facilitator.name)
    return found


def add_group(campaign: FieldCampaign, *, name: str, headcount: int, now: datetime) -> FieldGroup:
    """Add a group and its link. Raises DomainError: no name, nobody in it, a closed campaign."""
    name = one_line(name, LONGEST_NAME)
    _still_open(campaign)
    if not name:
        raise DomainError("Nommez le groupe par sa fonction : accueil, production, services techniques.")
    if not 1 <= headcount < 100_000:
        raise DomainError("Indiquez combien de personnes forment ce groupe.")
    if len(queries.groups(campaign.id)) >= MOST_GROUPS:
        raise DomainError(f"Cette campagne a déjà {MOST_GROUPS} groupes.")
    group = FieldGroup(id=new_id(), client_id=campaign.client_id, campaign_id=campaign.id, name=name)
    group.headcount, group.token_hash = headcount, hashed(tokens.token(group.id))
    db.session.add(group)
    db.session.flush()
    _note("field_campaign.group_added", campaign, now, group=name, headcount=headcount)
    return group


def promise(campaign: FieldCampaign, *, now: datetime) -> None:
    """The direction makes the message its own and promises that nobody will be blamed; said twice is once."""
    _still_open(campaign)
    if campaign.promised_at is None:
        campaign.promised_at, campaign.promised_by = now, current().actor
        _note("field_campaign.promised", campaign, now)


def close(campaign: FieldCampaign, *, now: datetime) -> None:
    """Stop collecting; the links then lead to the answers."""
    _still_open(campaign)
    campaign.closed_at, campaign.closed_by = now, current().actor
    _note("field_campaign.closed", campaign, now)


def tell(campaign: FieldCampaign, group: FieldGroup, told: Told, half: rules.HalfDay) -> None:
    """Write one report, once however often it is sent.

    Nothing else is written: a line of the journal, the client's mark for recomputing, a job would each
    carry the minute, and so would an identifier made from the clock.

    Raises:
        DomainError: the collection is over, or something is missing.
    """
    if not campaign.open:
        raise DomainError("La collecte est terminée. Merci de l’avoir voulue.")
    if told.errors:
        raise DomainError(next(iter(told.errors.values())))
    statement = insert(FieldReport).values(
        tenant_id=tenant_id(),
        id=told.id,
        client_id=campaign.client_id,
        campaign_id=campaign.id,
        group_id=rules.tied_group(group.id, group.headcount),
        told_on=half.on,
        told_half=half.half,
        moment=told.moment,
        tool=told.tool,
        data=told.data,
        sharing=told.sharing,
        accessors=told.accessors,
        external_access=told.external_access,
        shared_credential=told.shared_credential,
        open_to_all=told.open_to_all,
        frequency=told.frequency,
        reason_code=told.reason_code,
        reason=told.reason,
        suggestion=told.suggestion,
    )
    db.session.execute(statement.on_conflict_do_nothing())


def _still_open(campaign: FieldCampaign) -> None:
    if campaign.closed_at is not None:
        raise DomainError("Cette campagne est close.")


def _note(verb: str, campaign: FieldCampaign, now: datetime, **data: object) -> None:
    subject = f"Campagne de terrain du {campaign.session_on:%d/%m/%Y}"
    record(verb, subject, subject_id=campaign.id, client_id=campaign.client_id, at=now, **data)
