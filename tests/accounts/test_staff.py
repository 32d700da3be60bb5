"""The staff list: it adds, it completes, it tells who left, and it deletes nobody."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from mspaudit.accounts.feeds import FEEDS
from mspaudit.accounts.models import Account, StaffChange, StaffEntry
from mspaudit.accounts.staff_rules import status
from mspaudit.clients import mandate_actions, people_actions
from mspaudit.clients.models import Person
from mspaudit.clients.queries import client_or_404
from mspaudit.extensions import db
from mspaudit.intake.feeds import Counts
from tests.accounts.files import NOW, TODAY, agent, bring, counted, planned, rows, user
from tests.cast import Cast

GONE = (TODAY - timedelta(days=20)).isoformat()
LIST = rows(
    agent("Nathalie Perrin", number="A1", email="Nathalie.Perrin@valbrune.example", status="titulaire"),
    agent("Jean-Marc TISSOT", number="A2", status="élu"),
    agent("Paul Morel", number="A3", left_on=GONE),
)


def people(client: UUID) -> dict[str, Person]:
    found = db.session.scalars(
        select(Person).where(Person.client_id == client).execution_options(populate_existing=True)
    )
    return {person.name: person for person in found}


def test_a_first_list_brings_its_people(cast: Cast) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        _, counts = bring("staff_list", client, LIST)
        found = people(client)
        assert counts == Counts(new=3)
        assert found["Jean-Marc Tissot"].status == "elected"
        assert found["Nathalie Perrin"].email == "nathalie.perrin@valbrune.example"
        assert found["Paul Morel"].left_on is not None


def test_a_second_import_of_the_same_list_changes_nothing(cast: Cast) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        bring("staff_list", client, LIST)
        assert counted(planned("staff_list", client, LIST)) == Counts(same=3)
        assert bring("staff_list", client, LIST)[1] == Counts(same=3)
        assert len(people(client)) == 3


def test_someone_already_known_is_completed_and_not_doubled(cast: Cast) -> None:
    with cast.inside():
        client = client_or_404("valbrune")
        people_actions.add_person(client, name="Nathalie Perrin", status="agent", phone="04 00", now=NOW)
        assert bring("staff_list", client.id, LIST)[1] == Counts(new=2, changed=1)
        found = people(client.id)["Nathalie Perrin"]
        assert (found.phone, found.email) == ("04 00", "nathalie.perrin@valbrune.example")


def test_a_homonym_with_another_number_is_somebody_else(cast: Cast) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        bring("staff_list", client, LIST)
        both = rows(agent("Paul Morel", number="A3", left_on=GONE), agent("Paul Morel", number="B9"))
        assert bring("staff_list", client, both)[1] == Counts(new=1, same=1, gone=2)


def test_who_is_listed_no_more_stays_and_is_told(cast: Cast) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        bring("staff_list", client, LIST)
        told = [c for c in planned("staff_list", client, LIST[:1]) if c.verb == "gone"]
        assert {c.subject for c in told} == {"Jean-Marc Tissot", "Paul Morel"}
        assert bring("staff_list", client, LIST[:1])[1] == Counts(same=1, gone=2)
        assert people(client)["Jean-Marc Tissot"].left_on is None
        assert len(people(client)) == 3


def test_a_departure_ahead_is_kept_for_its_day(cast: Cast) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        ahead = TODAY + timedelta(days=40)
        bring("staff_list", client, rows(agent("Paul Morel", left_on=ahead.isoformat())))
        assert people(client)["Paul Morel"].left_on is None
        assert db.session.scalars(select(StaffEntry.leaves_on)).one() == ahead


def test_a_list_gives_each_account_its_person(cast: Cast) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        bring("entra_users", client, rows(user("Nathalie Perrin"), user("Paul Morel"), user("Inconnu Ici")))
        bring("staff_list", client, LIST)
        matches = dict(db.session.execute(select(Account.name, Account.match)).all())
        assert matches == {"Nathalie Perrin": "exact", "Paul Morel": "name", "Inconnu Ici": "none"}


def test_an_undone_list_leaves_everyone_as_they_were(cast: Cast) -> None:
    with cast.inside():
        client = client_or_404("valbrune")
        people_actions.add_person(client, name="Nathalie Perrin", status="agent", now=NOW)
        import_id, _ = bring("staff_list", client.id, LIST)
        FEEDS["staff_list"].undo(client.id, import_id=import_id, now=NOW)
        found = people(client.id)
        assert set(found) == {"Nathalie Perrin"}
        assert found["Nathalie Perrin"].email is None
        assert db.session.scalars(select(StaffEntry)).all() == []
        assert db.session.scalars(select(StaffChange)).all() == []


def test_an_undo_spares_whom_something_else_needs_or_somebody_changed(cast: Cast) -> None:
    with cast.inside():
        client = client_or_404("valbrune")
        import_id, _ = bring("staff_list", client.id, LIST)
        found = people(client.id)
        mandate_actions.name_referent(
            client, role="pilot", person=found["Nathalie Perrin"], since=TODAY, now=NOW
        )
        found["Jean-Marc Tissot"].title = "Maire"
        db.session.flush()
        FEEDS["staff_list"].undo(client.id, import_id=import_id, now=NOW)
        assert set(people(client.id)) == {"Nathalie Perrin", "Jean-Marc Tissot"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Élue", "elected"),
        ("Agent titulaire", "agent"),
        ("CDI", "employee"),
        ("Prestataire extérieur", "contractor"),
        ("", ""),
        ("autre chose", ""),
    ],
)
def test_a_payrolls_words_are_understood(text: str, code: str) -> None:
    assert status(text) == code
