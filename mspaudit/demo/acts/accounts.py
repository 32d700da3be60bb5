"""The exports of directories: who has a second factor, who left and can still enter, whom nobody knows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from mspaudit.accounts.models import (
    Account,
    AccountException,
    AccountReview,
    Directory,
    StaffEntry,
)
from mspaudit.accounts.rules import keys_of
from mspaudit.clients.models import Person
from mspaudit.demo.acts.scene import Scene
from mspaudit.demo.names import FIRST_NAMES, LAST_NAMES
from mspaudit.demo.stage import Role
from mspaudit.demo.story import Said
from mspaudit.extensions import db
from mspaudit.kernel.clock import PARIS
from mspaudit.kernel.french import slug
from mspaudit.kernel.ids import new_id
from mspaudit.tenancy.context import tenant_id

MOST = 14
# What the answer to AUT-01 leads one to expect of second factors, and how often the export disproves a yes.
EXPECTED = {"yes": 1.0, "partly": 0.6, "no": 0.15, "unknown": 0.5}
DISPROVED = 0.35
METHODS = "microsoftAuthenticatorPush;softwareOneTimePasscode"
SHARED = {"commune": ("Accueil", "État civil", "Urbanisme"), "enterprise": ("Contact", "Comptabilité")}
Rows = dict[type[Any], list[dict[str, Any]]]


@dataclass(frozen=True)
class Holder:
    """Someone of the client as the staff list and the directory name them."""

    id: UUID | None
    name: str
    email: str
    left_on: date | None = None


def play(scene: Scene) -> None:
    """Nine clients in ten gave an export; two in three gave the staff list too."""
    known: dict[UUID, list[Holder]] = {}
    for row in db.session.execute(
        select(Person.client_id, Person.id, Person.name, Person.email, Person.left_on)
    ):
        known.setdefault(row.client_id, []).append(Holder(row.id, row.name, row.email or "", row.left_on))
    rows: Rows = {m: [] for m in (Person, StaffEntry, Directory, Account, AccountException, AccountReview)}
    for client_id, role in scene.roles:
        rng = Random(f"accounts:{role.place.name}")
        if role.place.name == "Valbrune" or rng.random() < 0.9:
            _Export(scene.today, client_id, role, rng, rows).tell(known.get(client_id, []))
    for model, found in rows.items():
        if found:
            db.session.execute(insert(model), found)


class _Export:
    """One client's directory, some days ago."""

    def __init__(self, today: date, client_id: UUID, role: Role, rng: Random, rows: Rows) -> None:
        self._today, self._role, self._rng, self._rows = today, role, rng, rows
        self._mine = {"tenant_id": tenant_id(), "client_id": client_id}
        self._domain = f"{slug(role.place.name)}.example"
        self._at = _at(today - timedelta(days=rng.choice((2, 4, 6, 9, 16, 30, 41, 118))))
        self._covered = self._expected()
        # The one that visitors open first shows one of each.
        self._shown = role.place.name == "Valbrune"

    def tell(self, people: list[Holder]) -> None:
        """Write the directory, its accounts and, often, the staff list they were compared with."""
        listed = self._rng.random() < 0.66 or self._shown
        everyone = [*people, *self._colleagues({p.name for p in people})]
        directory = self._directory()
        accounts = [*self._people(everyone), *self._nobodys(listed)]
        for name_key, account in zip(keys_of([a["name"] for a in accounts]), accounts, strict=True):
            self._rows[Account].append({**self._usual(directory), **account, "name_key": name_key})
        if listed:
            self._list(everyone)
            if self._rng.random() < 0.4:
                self._review(len(accounts))
        self._except(directory)

    def _expected(self) -> float:
        """The share of people with a second factor, near what was answered or, sometimes, not."""
        said = [e.choice for e in self._role.story.events if isinstance(e, Said) and e.code == "AUT-01"]
        choice = said[-1] if said else "unknown"
        share = EXPECTED.get(choice, 0.5)
        return 0.7 if choice == "yes" and self._rng.random() < DISPROVED else share

    def _colleagues(self, taken: set[str]) -> Iterator[Holder]:
        """The people whom the fiche does not name yet; the staff list brings them."""
        for _ in range(min(max(self._role.place.size // 150, 3), MOST - 5)):
            name = f"{self._rng.choice(FIRST_NAMES)} {self._rng.choice(LAST_NAMES)}"
            if name not in taken:
                taken.add(name)
                yield Holder(None, name, f"{slug(name).replace('-', '.')}@{self._domain}")

    def _directory(self) -> UUID:
        key, import_id = new_id(), new_id()
        source = "entra" if self._rng.random() < 0.75 or "M365" in self._role.place.tags else "google"
        told: dict[str, Any] = dict.fromkeys(("imported_at", "mfa_at", "admin_at", "sign_in_at"), self._at)
        told |= {"id": key, "source": source, "list_id": import_id, "import_id": import_id}
        self._rows[Directory].append(self._mine | told)
        return key

    def _usual(self, directory: UUID) -> dict[str, Any]:
        said = dict.fromkeys(("mail", "title", "licences", "mfa_methods"), "")
        states = {"kind": "person", "mfa": "unknown", "match": "none", "enabled": True, "is_admin": False}
        dates = {"last_sign_in": self._at, "created_at": None, "person_id": None, "kind_by_hand": False}
        return {**self._mine, "id": new_id(), "directory_id": directory, **said, **states, **dates}

    def _account(self, name: str, login: str, **more: Any) -> dict[str, Any]:
        created = self._at - timedelta(days=self._rng.randint(200, 2000))
        return {"name": name, "upn": login, "key": login, "mail": login, "created_at": created, **more}

    def _people(self, everyone: list[Holder]) -> Iterator[dict[str, Any]]:
        rng, forgotten = self._rng, 0
        for at, holder in enumerate(everyone):
            login = holder.email or f"{slug(holder.name).replace('-', '.')}@{self._domain}"
            covered = rng.random() < self._covered
            seen = self._at - timedelta(days=rng.choice((0, 1, 1, 2, 5, 12, 130)))
            person = holder.id or self._introduce(holder)
            gone = holder.left_on is not None and holder.left_on < self._today
            # Most departures were followed; some accounts were forgotten.
            enabled = not gone or (forgotten < 2 and (rng.random() < 0.5 or self._shown))
            forgotten += gone and enabled
            yield self._account(
                holder.name, login, person_id=person, match="exact", enabled=enabled,
                last_sign_in=seen, mfa="yes" if covered else "no", mfa_methods=METHODS if covered else "",
                is_admin=at == 1 and rng.random() < 0.4,
            )  # fmt: skip

    def _introduce(self, holder: Holder) -> UUID:
        key, commune = new_id(), self._role.kind == "commune"
        self._rows[Person].append(
            {
                **self._mine,
                "id": key,
                "name": holder.name,
                "name_key": keys_of([holder.name])[0],
                "email": holder.email,
                "status": "agent" if commune else "employee",
            }
        )
        self._rows[StaffEntry].append(self._entry(key))
        return key

    def _nobodys(self, listed: bool) -> Iterator[dict[str, Any]]:
        """Shared mailboxes, a service account, the provider's administrator, sometimes somebody unknown."""
        for name in self._rng.sample(SHARED[self._role.kind], 2):
            login = f"{slug(name)}@{self._domain}"
            yield self._account(name, login, kind="shared", mfa="no", last_sign_in=None)
        covered = self._rng.random() < 0.75
        yield self._account("svc-sauvegarde", f"svc-sauvegarde@{self._domain}", kind="service", mfa="no")
        yield self._account(
            "Administration infogérance", f"admin.msp@{self._domain}", kind="service", is_admin=True,
            mfa="yes" if covered else "no", mfa_methods="fido2" if covered else "",
        )  # fmt: skip
        if listed and (self._shown or self._rng.random() < 0.3):
            first, _, last = self._rows[Person][-1]["name"].partition(" ")
            login = f"{first[0].lower()}.{slug(last)}@{self._domain}"
            yield self._account(f"{first[0]}. {last}", login, mfa="yes", match="asked", is_admin=False)
        if self._rng.random() < 0.4:
            name = f"{self._rng.choice(FIRST_NAMES)} {self._rng.choice(LAST_NAMES)} (ancien)"
            asleep = self._at - timedelta(days=self._rng.randint(150, 700))
            login = f"{slug(name).replace('-', '.')}@{self._domain}"
            yield self._account(name, login, mfa="no", last_sign_in=asleep)

    def _list(self, everyone: list[Holder]) -> None:
        self._rows[StaffEntry] += [self._entry(h.id) for h in everyone if h.id is not None]

    def _entry(self, person: UUID) -> dict[str, Any]:
        return {**self._mine, "person_id": person, "number": "", "department": "", "listed_at": self._at}

    def _review(self, accounts: int) -> None:
        at = _at(self._today - timedelta(days=self._rng.randint(3, 80)))
        said = {"reviewed_at": at, "reviewed_by": self._role.technician, "accounts": accounts}
        self._rows[AccountReview].append(
            {**self._mine, "id": new_id(), **said, "left_open": self._rng.randint(0, 3)}
        )

    def _except(self, directory: UUID) -> None:
        """Every other client keeps an account of last resort, with a reason and an end."""
        if self._rng.random() < 0.5:
            return
        account = {
            **self._usual(directory),
            **self._account("Compte de secours", f"secours@{self._domain}", kind="break_glass"),
            "is_admin": True, "mfa": "no", "last_sign_in": None, "name_key": "compte de secours",
        }  # fmt: skip
        self._rows[Account].append(account)
        self._rows[AccountException].append(
            {
                **self._mine,
                "id": new_id(),
                "account_id": account["id"],
                "reason": "Compte de secours, mot de passe sous enveloppe au coffre",
                "owner": self._role.technician,
                "made_by": self._role.technician,
                "made_at": self._at,
                "until": self._today + timedelta(days=self._rng.choice((25, 60, 120, 300))),
            }
        )


def _at(on: date) -> datetime:
    return datetime.combine(on, time(7, 30), PARIS).astimezone(UTC)
