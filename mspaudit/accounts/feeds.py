"""What this room takes from the import desk: the accounts of each directory, and the staff list."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from mspaudit.accounts import reading, writing
from mspaudit.accounts.matching import rematch
from mspaudit.accounts.models import Account, Directory
from mspaudit.accounts.rules import KINDS, MFA_WORDS
from mspaudit.accounts.staff_feed import StaffFeed
from mspaudit.accounts.writing import Target
from mspaudit.extensions import db
from mspaudit.intake.feeds import Change, Counts, Feed, Row
from mspaudit.kernel.french import listing
from mspaudit.kernel.ids import new_id
from mspaudit.tenancy.context import tenant_id

STAMPS = ("imported_at", "mfa_at", "admin_at", "sign_in_at", "list_id", "import_id")
_TOLD: Mapping[str, str] = {
    "name": "nom",
    "mail": "adresse",
    "title": "fonction",
    "licences": "licences",
    "mfa_methods": "méthodes",
    "last_sign_in": "dernière connexion",
    "created_at": "date de création",
    "is_admin": "droits d’administration",
}


class AccountsFeed:
    """One kind of directory export."""

    def __init__(self, kind: str) -> None:
        self._kind, self._source = kind, reading.SOURCE_OF[kind]
        self._whole = kind not in reading.PARTIAL

    def plan(self, client_id: UUID, rows: Sequence[Row], *, today: date) -> Iterator[Change]:
        """What the whole file would do, written nowhere."""
        columns = reading.columns(self._kind, rows)
        known = self._known(client_id)
        fields = [f for f in (*writing.TEXTS, *writing.STATES, "kind", "is_admin") if f in columns]
        says_admin = "admin" in reading.tells(self._kind, rows)
        for at, key in enumerate(columns["key"]):
            line, name = columns["line"][at], columns["name"][at]
            before = known.pop(key, None)
            if before is None:
                yield Change("new", line, name, KINDS[columns["kind"][at]])
                continue
            said = {field: columns[field][at] for field in fields}
            told = [*self._differences(before, said, says_admin=says_admin)]
            yield Change("changed" if told else "same", line, name, listing(told) if told else "")
        if self._whole:
            for before in known.values():
                if before.gone_at is None:
                    yield Change("gone", None, before.name, "N’est plus dans l’annuaire.")

    def _known(self, client_id: UUID) -> dict[str, Account]:
        statement = select(Account).join(Directory, Directory.id == Account.directory_id)
        statement = statement.where(Account.client_id == client_id, Directory.source == self._source)
        return {account.key: account for account in db.session.scalars(statement)}

    def _differences(self, before: Account, said: Mapping[str, Any], *, says_admin: bool) -> Iterator[str]:
        """What a line changes of an account, in French: as ``writing`` will, and told."""
        if self._whole and before.gone_at is not None:
            yield "de retour"
        if said.get("enabled") is not None and said["enabled"] != before.enabled:
            yield "activé" if said["enabled"] else "désactivé"
        if "mfa" in said and said["mfa"] != before.mfa:
            yield f"second facteur : {MFA_WORDS[before.mfa].lower()} → {MFA_WORDS[said['mfa']].lower()}"
        if self._whole and not before.kind_by_hand and said["kind"] != before.kind:
            yield f"devient : {KINDS[said['kind']].lower()}"
        for field in ("last_sign_in", "created_at"):
            if said.get(field) and datetime.fromisoformat(said[field]) != getattr(before, field):
                yield _TOLD[field]
        if says_admin and said["is_admin"] is not None and said["is_admin"] != before.is_admin:
            yield _TOLD["is_admin"]
        for field in ("name", "mail", "title", "licences", "mfa_methods"):
            if field in said and said[field] != getattr(before, field):
                yield _TOLD[field]

    def write(self, client_id: UUID, rows: Sequence[Row], *, import_id: UUID, now: datetime) -> Counts:
        """Write one part of the file."""
        target = self._target(client_id, rows, import_id)
        columns = reading.columns(self._kind, rows)
        new, changed = writing.put(target, columns)
        same = len(columns["key"]) - new - changed
        return Counts(new=new, changed=changed, same=same, ignored=len(rows) - len(columns["key"]))

    def finish(self, client_id: UUID, rows: Sequence[Row], *, import_id: UUID, now: datetime) -> Counts:
        """Mark gone what a whole list leaves out, date the directory, and find each account's person."""
        if not rows:
            return Counts()
        target = self._target(client_id, rows, import_id)
        gone = writing.take_out(target, reading.keys(self._kind, rows), now) if self._whole else 0
        self._stamp(target, rows, now)
        rematch(client_id)
        return Counts(gone=gone)

    def undo(self, client_id: UUID, *, import_id: UUID, now: datetime) -> Counts:
        """Put back what this import changed, where nothing has changed it since."""
        removed, restored = writing.put_back(client_id, import_id)
        directory = self._directory(client_id)
        if directory is not None and directory.import_id == import_id and directory.before is not None:
            for name, value in directory.before.items():
                setattr(directory, name, _stamp_of(name, value))
            directory.before = None
        db.session.flush()
        rematch(client_id)
        return Counts(changed=restored, gone=removed)

    def _target(self, client_id: UUID, rows: Sequence[Row], import_id: UUID) -> Target:
        says_admin = "admin" in reading.tells(self._kind, rows)
        directory_id = self._directory_id(client_id)
        return Target(client_id, directory_id, import_id, self._whole, says_admin)

    def _directory(self, client_id: UUID) -> Directory | None:
        statement = select(Directory).where(
            Directory.client_id == client_id, Directory.source == self._source
        )
        return db.session.scalars(statement).one_or_none()

    def _directory_id(self, client_id: UUID) -> UUID:
        """The directory, made if the client has none of that source; two imports at once make one."""
        found = self._directory(client_id)
        if found is not None:
            return found.id
        values = {"tenant_id": tenant_id(), "id": new_id(), "client_id": client_id, "source": self._source}
        db.session.execute(insert(Directory).values(values).on_conflict_do_nothing())
        made = self._directory(client_id)
        if made is None:
            raise LookupError("The directory that was just made cannot be seen.")
        return made.id

    def _stamp(self, target: Target, rows: Sequence[Row], now: datetime) -> None:
        directory = self._directory(target.client_id)
        if directory is None or directory.import_id == target.import_id:
            return
        directory.before = {name: _told(getattr(directory, name)) for name in STAMPS}
        tells = reading.tells(self._kind, rows)
        said = reading.measured_at(rows)
        at = min(datetime.fromisoformat(said), now) if said else now
        if self._whole:
            directory.imported_at, directory.list_id = now, target.import_id
        for field, stamp in (("mfa", "mfa_at"), ("admin", "admin_at"), ("last_sign_in", "sign_in_at")):
            if field in tells:
                setattr(directory, stamp, at)
        directory.import_id = target.import_id
        db.session.flush()


def _told(value: datetime | UUID | None) -> str | None:
    return value.isoformat() if isinstance(value, datetime) else str(value) if value else None


def _stamp_of(name: str, value: str | None) -> datetime | UUID | None:
    if value is None:
        return None
    return UUID(value) if name.endswith("_id") else datetime.fromisoformat(value)


FEEDS: Mapping[str, Feed] = {
    **{kind: AccountsFeed(kind) for kind in reading.SOURCE_OF},
    "staff_list": StaffFeed(),
}
"""Kind of file → its feed."""
