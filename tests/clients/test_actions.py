"""What may be done with a client, and what each verb leaves behind it."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from mspaudit.clients import actions, mandate_actions, people_actions, queries
from mspaudit.clients.mandate_actions import Upload
from mspaudit.clients.models import Client, Dirty, Person
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.models import Entry
from mspaudit.tenancy.context import Context
from tests.cast import Cast

NOW = datetime(2026, 11, 20, 13, 32, tzinfo=UTC)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def valbrune(cast: Cast) -> Client:
    """Inside a unit of work only."""
    return queries.client_or_404("valbrune")


def someone(client: Client, name: str = "Paul Vigneron", email: str | None = None) -> Person:
    return people_actions.add_person(client, name=name, status="agent", email=email, now=NOW)


def verbs(client_id: UUID) -> list[str]:
    return list(db.session.scalars(select(Entry.verb).where(Entry.client_id == client_id)))


def test_a_commune_fills_itself_in(cast: Cast) -> None:
    with cast.inside():
        client = actions.create_commune("26362", now=NOW)
        assert (client.name, client.siren, client.department) == ("Valence", "212603625", "26")
        assert client.population
        units = queries.org_units(client.id)
        assert [unit.name for unit in units][:2] == ["Mairie", "CCAS"]
        assert [unit.legal_entity for unit in units][:2] == [False, True]
        assert verbs(client.id) == ["client.created"]
        assert db.session.scalars(select(Dirty.profile).where(Dirty.client_id == client.id)).one()


def test_la_poste_is_a_company_like_another(cast: Cast) -> None:
    with cast.inside():
        client = actions.create_company(siren="356 000 000", name="La Poste", headcount=5, now=NOW)
        assert client.siren == "356000000"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"siren": "123456789", "name": "Faux"}, "chiffre de contrôle"),
        ({"name": "a" * 300}, "trop long"),
        ({"name": "Garage", "headcount": -3}, "négatif"),
        ({"name": " "}, "Indiquez un nom"),
    ],
)
def test_a_company_that_cannot_be_is_refused_before_anything_is_written(
    cast: Cast, given: dict[str, object], said: str
) -> None:
    with cast.inside():
        before = len(db.session.scalars(select(Client)).all())
        with pytest.raises(DomainError, match=said):
            actions.create_company(now=NOW, **given)
        assert len(db.session.scalars(select(Client)).all()) == before


def test_the_same_commune_is_not_added_twice_even_from_the_archives(cast: Cast) -> None:
    with cast.inside():
        client = actions.create_commune("26362", now=NOW)
        with pytest.raises(DomainError, match="dans le portefeuille"):
            actions.create_commune("26362", now=NOW)
        actions.archive(client, now=NOW)
        with pytest.raises(DomainError, match="parmi les archives"):
            actions.create_commune("26362", now=NOW)


def test_another_msp_may_have_the_same_client(cast: Cast) -> None:
    for house in (cast.tilleul, cast.saule):
        with cast.inside(house):
            assert actions.create_commune("26362", now=NOW).slug == "valence"


def test_two_clients_of_one_name_have_two_addresses(cast: Cast) -> None:
    with cast.inside():
        assert actions.create_company(name="Valbrune", now=NOW).slug == "valbrune-2"
        assert actions.create_company(name="🦊", now=NOW).slug == "client"
        assert actions.create_company(name="بلدية", now=NOW).slug == "client-2"


def test_only_a_change_of_size_changes_the_profile(cast: Cast) -> None:
    with cast.inside():
        client = valbrune(cast)
        assert actions.update_client(client, phone="04 75 00 00 00", now=NOW)
        assert not db.session.scalars(select(Dirty.profile).where(Dirty.client_id == client.id)).one()
        assert actions.update_client(client, population=1900, now=NOW)
        assert db.session.scalars(select(Dirty.profile).where(Dirty.client_id == client.id)).one()
        assert not actions.update_client(client, population=1900, now=NOW)


def test_labels_replace_the_ones_before(cast: Cast) -> None:
    with cast.inside():
        client = valbrune(cast)
        actions.set_tags(client, ["crèche", "M365"], now=NOW)
        actions.set_tags(client, ["M365", "assuré"], now=NOW)
        assert queries.tags_of(client.id) == ["assuré", "M365"]


def test_a_reader_or_a_colleague_elsewhere_cannot_look_after_a_client(cast: Cast) -> None:
    with cast.inside():
        client = valbrune(cast)
        for member in (cast.tilleul.people["reader"].id, cast.saule.people["technician"].id):
            with pytest.raises(DomainError):
                actions.assign(client, [member], now=NOW)


def test_a_limited_technician_neither_adds_archives_nor_assigns(cast: Cast) -> None:
    house = cast.tilleul
    me = house.people["limited"].id
    with cast.inside(context=Context("limited", tenant_id=house.id, member_id=me)):
        client = valbrune(cast)
        for act in (
            lambda: actions.create_commune("26362", now=NOW),
            lambda: actions.assign(client, [], now=NOW),
            lambda: actions.archive(client, now=NOW),
        ):
            with pytest.raises(DomainError, match="administrateur"):
                act()


def test_a_ccas_has_its_own_siret_checked(cast: Cast) -> None:
    with cast.inside():
        client = valbrune(cast)
        unit = people_actions.add_unit(
            client, name="CCAS", siret="356 000 000 00048", legal_entity=True, now=NOW
        )
        assert unit.siret == "35600000000048"
        with pytest.raises(DomainError, match="SIRET"):
            people_actions.update_unit(
                client, unit, name="CCAS", siret="356000000", legal_entity=True, now=NOW
            )
        with pytest.raises(DomainError, match="déjà"):
            people_actions.add_unit(client, name="ccas", now=NOW)


def test_a_unit_that_confines_someone_stays(cast: Cast) -> None:
    with cast.inside():
        client = valbrune(cast)
        unit = people_actions.add_unit(client, name="École", now=NOW)
        person = someone(client, email="ecole@valbrune.example")
        person.org_unit_id = unit.id
        access = people_actions.give_access(client, person, role="respondent", unit_id=unit.id, now=NOW)
        with pytest.raises(DomainError, match="n’accèdent qu’à"):
            people_actions.remove_unit(client, unit, now=NOW)
        access.org_unit_id = None
        people_actions.remove_unit(client, unit, now=NOW)
    with cast.inside():
        assert queries.person_or_404(client.id, person.id).org_unit_id is None


def test_a_new_pilot_ends_the_one_before(cast: Cast) -> None:
    with cast.inside():
        client = valbrune(cast)
        for name, since in (("Paul", date(2026, 1, 1)), ("Zoé", date(2026, 6, 1))):
            mandate_actions.name_referent(
                client, role="pilot", person=someone(client, name), since=since, now=NOW
            )
        now = queries.referents(client.id, today=date(2026, 7, 1))
        assert [m.person.name for m in now] == ["Zoé"]
        assert [m.referent.until for m in queries.referents(client.id)] == [None, date(2026, 6, 1)]


def test_a_mandate_is_kept_and_only_as_a_document(cast: Cast) -> None:
    with cast.inside():
        client = valbrune(cast)
        person = someone(client)
        signed = {"role": "pilot", "person": person, "since": date(2026, 1, 1), "now": NOW}
        with pytest.raises(DomainError, match="pas accepté"):
            mandate_actions.name_referent(client, mandate=Upload("mandat.pdf", b"MZ\x90"), **signed)
        referent = mandate_actions.name_referent(client, mandate=Upload("mandat.pdf", PDF), **signed)
        assert mandate_actions.mandate_file(referent) == PDF


def test_a_mandate_that_ends_was_signed_before(cast: Cast) -> None:
    with cast.inside():
        client = valbrune(cast)
        for signed in (None, date(2027, 1, 1)):
            with pytest.raises(DomainError, match="signature"):
                mandate_actions.name_referent(
                    client,
                    role="dpo",
                    person=someone(client),
                    since=date(2026, 1, 1),
                    mandate_signed_on=signed,
                    mandate_until=date(2026, 12, 31),
                    now=NOW,
                )


def test_who_leaves_loses_roles_and_access(cast: Cast) -> None:
    with cast.inside():
        client = valbrune(cast)
        person = someone(client, email="p.vigneron@valbrune.example")
        mandate_actions.name_referent(client, role="pilot", person=person, since=date(2026, 1, 1), now=NOW)
        access = people_actions.give_access(client, person, role="decider", unit_id=None, now=NOW)
        people_actions.mark_left(client, person, on=date(2026, 11, 1), now=NOW)
        assert access.disabled_at == NOW
        assert queries.referents(client.id, today=date(2026, 11, 20)) == []
        with pytest.raises(DomainError, match="déjà noté"):
            people_actions.mark_left(client, person, on=date(2026, 11, 1), now=NOW)
        with pytest.raises(DomainError, match="parti"):
            people_actions.give_access(client, person, role="decider", unit_id=None, now=NOW)


def test_access_given_again_changes_the_role_and_opens_it(cast: Cast) -> None:
    with cast.inside():
        client = valbrune(cast)
        person = someone(client, email="p.vigneron@valbrune.example")
        first = people_actions.give_access(client, person, role="respondent", unit_id=None, now=NOW)
        people_actions.withdraw_access(client, first, now=NOW)
        again = people_actions.give_access(client, person, role="decider", unit_id=None, now=NOW)
        assert (again.id, again.role, again.disabled_at) == (first.id, "decider", None)


def test_a_person_of_another_client_is_not_found_here(cast: Cast) -> None:
    with cast.inside():
        person = someone(queries.client_or_404("fontaine"))
        with pytest.raises(NotFound):
            queries.person_or_404(valbrune(cast).id, person.id)
