"""Directory exports become accounts: written once, planned as written, undone as they were."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from mspaudit.accounts.feeds import FEEDS
from mspaudit.accounts.models import Account, AccountChange, Directory
from mspaudit.extensions import db
from mspaudit.intake.feeds import Counts, Row
from tests.accounts.files import NOW, bring, counted, planned, rows, user
from tests.cast import Cast

TEAM = rows(
    user("Nathalie Perrin", title="Secrétaire générale"),
    user("Jean-Marc Tissot"),
    user("Accueil", enabled="non"),
    user("Paul Morel", last_sign_in="2026-11-18T07:01:22+00:00"),
)
REPORT = rows(
    {"upn": "nathalie.perrin@valbrune.example", "name": "Nathalie Perrin", "mfa": "oui", "admin": "oui"},
    {"upn": "jean-marc.tissot@valbrune.example", "name": "Jean-Marc Tissot", "mfa": "non", "admin": "non"},
    {"upn": "invite#ext#@valbrune.example", "name": "Invité Un", "mfa": "", "admin": "non"},
)


def accounts(client_id: UUID) -> dict[str, Account]:
    found = db.session.scalars(
        select(Account).where(Account.client_id == client_id).execution_options(populate_existing=True)
    )
    return {account.key.partition("@")[0]: account for account in found}


def picture(client_id: UUID) -> dict[str, tuple[object, ...]]:
    """Every column of every account, but those that say which import wrote it."""
    names = [c.key for c in Account.__table__.columns if c.key not in ("import_id", "id")]
    return {key: tuple(getattr(a, n) for n in names) for key, a in accounts(client_id).items()}


def test_a_first_file_makes_the_accounts(cast: Cast) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        _, counts = bring("entra_users", client, TEAM)
        found = accounts(client)
        assert counts == Counts(new=4)
        assert {key: a.kind for key, a in found.items()} == {
            "nathalie.perrin": "person",
            "jean-marc.tissot": "person",
            "accueil": "shared",
            "paul.morel": "person",
        }
        assert {a.mfa for a in found.values()} == {"unknown"}
        assert found["nathalie.perrin"].title == "Secrétaire générale"
        assert (found["accueil"].enabled, found["paul.morel"].enabled) == (False, True)


def test_a_second_import_of_the_same_file_changes_nothing(cast: Cast) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        bring("entra_users", client, TEAM)
        before = picture(client)
        _, counts = bring("entra_users", client, TEAM, now=NOW + timedelta(days=1))
        assert counts == Counts(same=4)
        assert picture(client) == before
        assert db.session.scalars(select(AccountChange)).all() == []


def test_a_part_written_twice_is_written_once(cast: Cast) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        import_id, _ = bring("entra_users", client, TEAM)
        before = picture(client)
        again = FEEDS["entra_users"].write(client, TEAM, import_id=import_id, now=NOW)
        assert (again.new, again.changed, picture(client)) == (0, 0, before)


def test_the_registration_report_tells_only_of_second_factors(cast: Cast) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        bring("entra_users", client, TEAM)
        _, counts = bring("entra_mfa", client, REPORT)
        found = accounts(client)
        assert counts == Counts(new=1, changed=2)
        assert found["nathalie.perrin"].mfa == "yes"
        assert found["nathalie.perrin"].is_admin
        assert found["jean-marc.tissot"].mfa == "no"
        assert found["paul.morel"].mfa == "unknown"
        assert found["paul.morel"].gone_at is None
        assert found["accueil"].enabled is False
        assert found["accueil"].kind == "shared"
        assert found["invite#ext#"].kind == "guest"
        assert len(db.session.scalars(select(Directory)).all()) == 1


def test_an_export_without_the_column_leaves_the_second_factor_alone(cast: Cast) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        bring("entra_mfa", client, REPORT)
        bring("entra_users", client, TEAM, now=NOW + timedelta(days=2))
        found = accounts(client)
        assert (found["nathalie.perrin"].mfa, found["nathalie.perrin"].is_admin) == ("yes", True)
        directory = db.session.scalars(select(Directory)).one()
        assert (directory.mfa_at, directory.imported_at) == (NOW, NOW + timedelta(days=2))


def test_whom_a_whole_list_leaves_out_is_gone_and_comes_back(cast: Cast) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        bring("entra_users", client, TEAM)
        _, counts = bring("entra_users", client, TEAM[:3])
        assert counts == Counts(same=3, gone=1)
        assert accounts(client)["paul.morel"].gone_at == NOW
        _, counts = bring("entra_users", client, TEAM)
        assert counts == Counts(same=3, changed=1)
        assert accounts(client)["paul.morel"].gone_at is None


def test_a_kind_corrected_by_hand_stays(cast: Cast) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        bring("entra_users", client, TEAM)
        account = accounts(client)["paul.morel"]
        account.kind, account.kind_by_hand = "break_glass", True
        db.session.flush()
        bring("entra_users", client, TEAM)
        assert accounts(client)["paul.morel"].kind == "break_glass"


CHANGED = rows(
    user("Nathalie Perrin", title="Directrice"),
    user("Jean-Marc Tissot", enabled="non"),
    user("Karim Haddad"),
    user("Accueil", enabled="non"),
)


@pytest.mark.parametrize(
    ("kind", "file"), [("entra_users", CHANGED), ("entra_users", TEAM), ("entra_mfa", REPORT)]
)
def test_what_the_preview_tells_is_what_is_written(cast: Cast, kind: str, file: list[Row]) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        bring("entra_users", client, TEAM)
        told = planned(kind, client, file)
        before = picture(client)
        assert picture(client) == before
        assert counted(told) == bring(kind, client, file)[1]


def test_the_preview_says_in_french_what_changes(cast: Cast) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        bring("entra_users", client, TEAM)
        told = {change.subject: (change.verb, change.why) for change in planned("entra_mfa", client, REPORT)}
        assert told["Jean-Marc Tissot"] == ("changed", "second facteur : inconnu → non")
        gone = [c for c in planned("entra_users", client, CHANGED) if c.verb == "gone"]
        assert [(c.line, c.subject) for c in gone] == [(None, "Paul Morel")]


@pytest.mark.parametrize(
    ("kind", "file"), [("entra_users", CHANGED), ("entra_mfa", REPORT), ("m365_users", TEAM[:2])]
)
def test_an_undone_import_leaves_everything_as_it_was(cast: Cast, kind: str, file: list[Row]) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        bring("entra_users", client, TEAM)
        before = picture(client)
        stamps = db.session.scalars(select(Directory)).one()
        dated = (stamps.imported_at, stamps.mfa_at, stamps.list_id)
        import_id, _ = bring(kind, client, file, now=NOW + timedelta(days=3))
        FEEDS[kind].undo(client, import_id=import_id, now=NOW + timedelta(days=4))
        assert picture(client) == before
        assert (stamps.imported_at, stamps.mfa_at, stamps.list_id) == dated
        assert db.session.scalars(select(AccountChange)).all() == []


def test_a_first_import_undone_leaves_no_account(cast: Cast) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        import_id, _ = bring("entra_users", client, TEAM)
        counts = FEEDS["entra_users"].undo(client, import_id=import_id, now=NOW)
        assert (counts.gone, accounts(client)) == (4, {})


def test_what_was_changed_since_is_left_alone(cast: Cast) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        first, _ = bring("entra_users", client, TEAM)
        bring("entra_mfa", client, REPORT)
        FEEDS["entra_users"].undo(client, import_id=first, now=NOW)
        assert set(accounts(client)) == {"nathalie.perrin", "jean-marc.tissot", "invite#ext#"}


def test_another_clients_accounts_are_not_touched(cast: Cast) -> None:
    with cast.inside():
        valbrune, fontaine = (cast.tilleul.clients[slug] for slug in ("valbrune", "fontaine"))
        bring("entra_users", valbrune, TEAM)
        before = picture(valbrune)
        other, _ = bring("entra_users", fontaine, TEAM[:1])
        FEEDS["entra_users"].undo(fontaine, import_id=other, now=NOW)
        assert picture(valbrune) == before
