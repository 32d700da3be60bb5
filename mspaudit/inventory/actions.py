"""What may be done with machines, contracts and insurance policies by hand."""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select

from mspaudit.adapters.uploads import UploadRefused, sniff
from mspaudit.clients.dirty import mark
from mspaudit.clients.mandate_actions import Upload
from mspaudit.clients.models import Client
from mspaudit.content.support import matched, products
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.inventory import rules
from mspaudit.inventory.models import Agreement, Asset, InsurancePolicy
from mspaudit.inventory.reading import agreement_key, asset_key
from mspaudit.journal.actions import record
from mspaudit.kernel.ids import new_id
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import tenant_id

Row = Asset | Agreement


def save_asset(client: Client, asset: Asset | None, *, now: datetime, **values: Any) -> Asset:
    """Add a machine, or make ``values`` (columns of Asset) what is known of it.

    Its product follows from its system; its key from its serial number, label or name.

    Raises:
        DomainError: no name, another machine with that serial number, fixes bought for what sells none.
    """
    if not values.get("name"):
        raise DomainError("Donnez un nom à cette machine.")
    product = matched(values.get("os", ""), values.get("os_version", ""))
    if values.get("extended_until") and (product is None or product.paid_until is None):
        raise DomainError("Aucun correctif payant n’est vendu pour ce système.")
    key = asset_key(values["name"], values.get("serial", ""), values.get("asset_tag", ""))
    _refuse_twin(Asset, client.id, key, asset)
    found = asset or Asset(id=new_id(), client_id=client.id)
    _write(found, {**values, "key": key, "product": product.key if product else None}, now)
    told = "inventory.asset_changed" if asset else "inventory.asset_added"
    return _told(client, found, told, found.name, now)


def save_agreement(client: Client, agreement: Agreement | None, *, now: datetime, **values: Any) -> Agreement:
    """Add a contract, or make ``values`` (columns of Agreement) its terms.

    Raises:
        DomainError: no label, an end before the start, a tacit renewal without an end to count from,
            another contract with that reference.
    """
    if not values.get("label"):
        raise DomainError("Donnez un libellé à ce contrat.")
    starts, ends = values.get("starts_on"), values.get("ends_on")
    if starts and ends and ends < starts:
        raise DomainError("L’échéance précède le début.")
    if values.get("tacit") and ends is None:
        raise DomainError("Indiquez l’échéance : c’est d’elle que se comptent les reconductions.")
    key = agreement_key(values["label"], values.get("supplier", ""), values.get("reference", ""))
    _refuse_twin(Agreement, client.id, key, agreement)
    product = matched(values["label"]) if values.get("kind") in ("software", "licence") else None
    found = agreement or Agreement(id=new_id(), client_id=client.id)
    _write(found, {**values, "key": key, "product": product.key if product else None}, now)
    told = "inventory.agreement_changed" if agreement else "inventory.agreement_added"
    return _told(client, found, told, found.label, now)


def remove(client: Client, row: Row, *, now: datetime) -> None:
    """Take a machine or a contract out of the lists; ``put_back`` returns it."""
    if row.gone_at is None:
        row.gone_at = row.touched_at = now
        _told(client, row, "inventory.removed", _name(row), now)


def put_back(client: Client, row: Row, *, now: datetime) -> None:
    """Undo ``remove``, or keep what an import no longer lists."""
    if row.gone_at is not None:
        row.gone_at, row.touched_at = None, now
        _told(client, row, "inventory.put_back", _name(row), now)


def give_notice(
    client: Client, agreement: Agreement, *, on: date, proof: Upload | None, now: datetime, today: date
) -> None:
    """Write that notice was given on a day, with what proves it. From then on it renews itself no more.

    Raises:
        DomainError: a day to come, a contract without an end, a proof of a kind we do not take.
    """
    if agreement.ends_on is None:
        raise DomainError("Indiquez d’abord l’échéance de ce contrat.")
    if on > today:
        raise DomainError("Cette date est à venir : notez le préavis une fois reçu.")
    key = _store(proof) if proof else agreement.notice_key
    agreement.noticed_on, agreement.notice_key, agreement.touched_at = on, key, now
    _told(client, agreement, "inventory.noticed", agreement.label, now, on=on.isoformat())


def withdraw_notice(client: Client, agreement: Agreement, *, now: datetime) -> None:
    """Forget a notice noted by mistake; its proof goes with it."""
    if agreement.noticed_on is not None:
        agreement.noticed_on = agreement.notice_key = None
        agreement.touched_at = now
        _told(client, agreement, "inventory.notice_withdrawn", agreement.label, now)


def attach_document(client: Client, agreement: Agreement, document: Upload, *, now: datetime) -> None:
    """Keep the contract itself. Raises DomainError for a file of a kind we do not take."""
    agreement.document_key, agreement.touched_at = _store(document), now
    _told(client, agreement, "inventory.document_attached", agreement.label, now)


def save_policy(client: Client, agreement: Agreement, *, now: datetime, **values: Any) -> InsurancePolicy:
    """Make ``values`` (columns of InsurancePolicy) what the policy asks and pays.

    Raises:
        DomainError: the contract is no insurance, or a delay that no policy has.
    """
    if agreement.kind != "insurance":
        raise DomainError("Ce contrat n’est pas une assurance.")
    hours = values.get("notify_hours")
    if hours is not None and not 0 < hours <= rules.NOTIFY_HOURS_AT_MOST:
        raise DomainError("Un délai de déclaration va d’une heure à un an.")
    policy = db.session.scalars(
        select(InsurancePolicy).where(InsurancePolicy.agreement_id == agreement.id)
    ).one_or_none()
    policy = policy or InsurancePolicy(id=new_id(), client_id=client.id, agreement_id=agreement.id)
    for name, value in values.items():
        setattr(policy, name, value)
    db.session.add(policy)
    agreement.touched_at = now
    _told(client, agreement, "inventory.policy_changed", agreement.label, now)
    return policy


def match_again(*, now: datetime) -> int:
    """Name the products of every machine anew, after the list of systems grew; how many changed."""
    known = db.session.execute(select(Asset.os, Asset.os_version, Asset.product).distinct()).all()
    changed = 0
    for name, version, product in known:
        found = matched(name, version)
        if (found.key if found else None) != product:
            changed += _rename(name, version, found.key if found else None, now)
    return changed


def _rename(name: str, version: str, product: str | None, now: datetime) -> int:
    rows = db.session.scalars(select(Asset).where(Asset.os == name, Asset.os_version == version)).all()
    for row in rows:
        row.product, row.touched_at = product, now
    for client_id in {row.client_id for row in rows}:
        mark(client_id)
    label = products()[product].label if product else "aucun"
    record("inventory.matched", f"{name} {version}".strip(), at=now, product=label)
    return len(rows)


def _store(upload: Upload) -> str:
    """The key of a file once kept. Raises DomainError for a kind we do not take."""
    try:
        sniff(upload.data, upload.filename)
    except UploadRefused as refused:
        raise DomainError(str(refused)) from None
    return runtime().storage.put(tenant_id(), sha256(upload.data).hexdigest(), upload.data)


def _write(row: Row, values: Mapping[str, Any], now: datetime) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    # Typed by somebody who sees it: it is there, whatever a file said.
    row.seen_at = row.touched_at = now
    row.gone_at = None
    db.session.add(row)


def _refuse_twin(model: type[Row], client_id: UUID, key: str, row: Row | None) -> None:
    statement = select(model).where(model.client_id == client_id, model.key == key)
    twin: Any = db.session.scalars(statement).one_or_none()
    if twin is not None and (row is None or twin.id != row.id):
        gone = " Elle en a été retirée : remettez-la." if twin.gone_at else ""
        raise DomainError(f"La liste a déjà « {_name(twin)} », du même numéro ou du même nom.{gone}")


def _name(row: Row) -> str:
    return row.name if isinstance(row, Asset) else row.label


def _told(client: Client, row: Any, verb: str, subject: str, now: datetime, **data: Any) -> Any:
    db.session.flush()
    record(verb, subject, subject_id=row.id, client_id=client.id, at=now, **data)
    mark(client.id)
    return row
