"""Inventories and lists of contracts: written once, told exactly, undone."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, select

from mspaudit.clients.models import OrgUnit
from mspaudit.extensions import db
from mspaudit.intake import reading as desk
from mspaudit.intake.feeds import Counts, Row, feeds
from mspaudit.intake.recognise import open_table, recognise
from mspaudit.inventory.models import Agreement, Asset
from mspaudit.inventory.reading import agreement_kind, asset_kind
from tests.cast import Cast
from tests.inventory.helpers import NOW, TODAY, machine, term

FILES = Path(__file__).parent / "files"


def lines(name: str) -> tuple[str, list[Row]]:
    """The kind of a sample and its rows, as the import desk hands them over."""
    data = (FILES / name).read_bytes()
    found = recognise(data, name)
    assert found.kind is not None
    return found.kind, desk.read(found.kind, found.columns, open_table(data, name)).rows


def take(cast: Cast, kind: str, rows: list[Row], client: str = "valbrune") -> tuple[UUID, Counts]:
    """Import these rows; the identifier of the import, and what it counted."""
    import_id, feed = uuid4(), feeds()[kind]
    with cast.inside() as house:
        client_id = house.clients[client]
        counts = feed.write(client_id, rows, import_id=import_id, now=NOW)
        counts += feed.finish(client_id, rows, import_id=import_id, now=NOW)
    return import_id, counts


def machines(cast: Cast) -> dict[str, Asset]:
    with cast.inside():
        return {row.name: row for row in db.session.scalars(select(Asset))}


def test_a_glpi_inventory_becomes_machines(cast: Cast) -> None:
    kind, rows = lines("parc.csv")
    with cast.inside() as house:
        db.session.add(OrgUnit(client_id=house.clients["valbrune"], code="ccas", name="CCAS"))
    _import_id, counts = take(cast, kind, rows)
    assert counts == Counts(new=len(rows))
    found = machines(cast)
    pc, server, ccas = found["PC-ETATCIVIL"], found["SRV-FICHIERS"], found["PC-CCAS"]
    assert (pc.kind, pc.product, pc.serial, pc.user_name) == ("desktop", "windows-10", "5XK1", "e.carrier")
    assert (pc.bought_on, pc.warranty_until) == (date(2018, 9, 10), date(2021, 9, 10))
    assert (server.kind, server.product) == ("server", "windows-server-2016")
    assert (ccas.kind, ccas.product) == ("laptop", "windows-11-24h2")
    assert ccas.org_unit_id is not None
    assert pc.org_unit_id is None
    assert pc.last_seen_on == date(2026, 11, 18)


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    for name in ("parc.csv", "contrats.csv"):
        kind, rows = lines(name)
        take(cast, kind, rows)
        _again, counts = take(cast, kind, rows)
        assert counts == Counts(same=len(rows))
        with cast.inside() as house:
            plan = list(feeds()[kind].plan(house.clients["valbrune"], rows, today=TODAY))
        assert {change.verb for change in plan} == {"same"}


def test_a_part_written_twice_counts_nothing_new(cast: Cast) -> None:
    kind, rows = lines("parc.csv")
    import_id = uuid4()
    for expected in (Counts(new=len(rows)), Counts(same=len(rows))):
        with cast.inside() as house:
            counts = feeds()[kind].write(house.clients["valbrune"], rows, import_id=import_id, now=NOW)
        assert counts == expected


def test_the_plan_tells_what_writing_does(cast: Cast) -> None:
    kind, rows = lines("parc.csv")
    take(cast, kind, rows)
    changed = replace(rows[0], cells={**rows[0].cells, "os": "Windows 11 Pro", "os_version": "25H2"})
    new = Row(90, {"name": "PC-NEUF", "serial": "N1", "type": "Portable"})
    again = Row(91, {"name": "PC-NEUF", "serial": "N1", "type": "Portable"})
    file = [changed, *rows[2:], new, again]
    with cast.inside() as house:
        plan = list(feeds()[kind].plan(house.clients["valbrune"], file, today=TODAY))
    told = {change.subject: change for change in plan if change.line != 91}
    assert told["PC-ETATCIVIL"].verb == "changed"
    assert told["PC-ETATCIVIL"].why == "Système, Version du système, Version suivie"
    assert told["PC-NEUF"].verb == "new"
    assert (told["PC-CCAS"].verb, told["PC-CCAS"].line) == ("gone", None)
    assert next(change for change in plan if change.line == 91).verb == "ignored"
    _id, counts = take(cast, kind, file)
    assert counts == Counts(new=1, changed=1, gone=1, same=len(rows) - 2, ignored=1)


def test_what_the_file_does_not_speak_of_is_left_alone(cast: Cast) -> None:
    with cast.inside() as house:
        client = house.clients["valbrune"]
        machine(client, "COPIEUR", kind="printer", source="glpi_assets")
        machine(client, "MANUEL")
        machine(client, "PC", key="serial:x1", serial="X1", place="Grenier", source="glpi_assets")
    take(cast, "glpi_assets", [Row(2, {"name": "PC", "serial": "X1", "type": "Fixe"})])
    found = machines(cast)
    assert found["PC"].place == "Grenier"
    assert found["COPIEUR"].gone_at is None, "a file of computers says nothing of copiers"
    assert found["MANUEL"].gone_at is None, "somebody typed it: no file answers for it"


def test_undoing_puts_everything_back_except_what_was_touched_since(cast: Cast) -> None:
    kind, rows = lines("parc.csv")
    take(cast, kind, rows)
    before = {name: (row.os, row.gone_at, row.place) for name, row in machines(cast).items()}
    changed = [replace(row, cells={**row.cells, "place": "Ailleurs"}) for row in rows[:2]]
    new = Row(90, {"name": "PC-NEUF", "serial": "N1", "type": "Portable"})
    import_id, _counts = take(cast, kind, [*changed, new])
    with cast.inside() as house:
        touched = db.session.scalars(select(Asset).where(Asset.name == "PC-CCAS")).one()
        touched.place, touched.touched_at = "Bureau du maire", NOW + timedelta(hours=1)
        db.session.flush()
        counts = feeds()[kind].undo(house.clients["valbrune"], import_id=import_id, now=NOW)
        assert counts == Counts(new=2, changed=1, gone=1, ignored=1)
    after = {name: (row.os, row.gone_at, row.place) for name, row in machines(cast).items()}
    assert after == {**before, "PC-CCAS": (before["PC-CCAS"][0], None, "Bureau du maire")}
    with cast.inside() as house:
        again = feeds()[kind].undo(house.clients["valbrune"], import_id=import_id, now=NOW)
        assert again == Counts()


def test_a_list_of_contracts_becomes_terms(cast: Cast) -> None:
    kind, rows = lines("contrats.csv")
    _id, counts = take(cast, kind, rows)
    assert counts == Counts(new=5)
    with cast.inside():
        found = {row.label: row for row in db.session.scalars(select(Agreement))}
    civil = found["Maintenance logiciel métier état civil"]
    assert (civil.kind, civil.ends_on, civil.notice_months, civil.tacit) == (
        "contract",
        date(2026, 12, 31),
        3,
        True,
    )
    assert (civil.yearly_cents, civil.reference) == (248000, "BE-2024-118")
    domain = found["Nom de domaine mairie-valbrune.example"]
    assert (domain.kind, domain.tacit, domain.notice_months) == ("domain", False, None)
    assert found["Antivirus 14 postes"].kind == "licence"
    assert (found["Assurance cyber"].kind, found["Assurance cyber"].yearly_cents) == ("insurance", 115050)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"starts_on": "2027-01-01", "ends_on": "2026-01-01"}, "L’échéance précède le début."),
        ({"yearly_amount": "-12.00"}, "Ce montant annuel est négatif ou trop grand."),
        ({"ends_on": "9999-12-31"}, "Cette date n’existe pas : « 9999-12-31 »."),
    ],
)
def test_a_line_that_cannot_be_kept_says_why(cast: Cast, cells: dict[str, str], why: str) -> None:
    rows = [Row(2, {"label": "Contrat", **cells})]
    with cast.inside() as house:
        (change,) = feeds()["contracts"].plan(house.clients["valbrune"], rows, today=TODAY)
    assert (change.verb, change.why) == ("ignored", why)
    _id, counts = take(cast, "contracts", rows)
    assert counts == Counts(ignored=1)


def test_two_clients_of_one_file_keep_their_own(cast: Cast) -> None:
    row = Row(2, {"name": "PC", "serial": "S1", "type": "Fixe"})
    take(cast, "glpi_assets", [row], "valbrune")
    _id, counts = take(cast, "glpi_assets", [row], "fontaine")
    assert counts == Counts(new=1)


def test_statements_do_not_grow_with_the_rows(cast: Cast) -> None:
    told: list[int] = []
    for count in (3, 60):
        rows = [Row(n, {"name": f"PC{n}", "serial": f"{count}-{n}", "type": "Fixe"}) for n in range(count)]
        statements: list[str] = []
        with cast.inside() as house:
            connection = db.session.connection().engine

            def seen(*args: object, statements: list[str] = statements) -> None:
                statements.append(str(args[2]))

            event.listen(connection, "before_cursor_execute", seen)
            try:
                feeds()["glpi_assets"].write(house.clients["valbrune"], rows, import_id=uuid4(), now=NOW)
            finally:
                event.remove(connection, "before_cursor_execute", seen)
        told.append(len(statements))
    assert told[0] == told[1]


def test_another_import_finds_a_contract_that_was_removed(cast: Cast) -> None:
    with cast.inside() as house:
        term(house.clients["valbrune"], "Location", gone_at=NOW)
    _id, counts = take(cast, "contracts", [Row(2, {"label": "Location"})])
    assert counts == Counts(changed=1)


@pytest.mark.parametrize(
    ("said", "model", "system", "kind"),
    [
        ("Serveur", "", "", "server"),
        ("Portable", "ProBook 450 G9", "Windows 11", "laptop"),
        ("", "Latitude 5540", "Windows 11", "laptop"),
        ("", "OptiPlex 3060", "Microsoft Windows 10", "desktop"),
        ("Pare-feu", "FortiGate 60F", "", "network"),
        ("Smartphones", "", "", "mobile"),
        ("Tour", "", "", "desktop"),
        ("Vidéoprojecteur", "", "", "other"),
    ],
)
def test_a_machine_is_of_the_kind_its_words_say(said: str, model: str, system: str, kind: str) -> None:
    assert asset_kind(said, model, system) == kind


@pytest.mark.parametrize(
    ("said", "label", "kind"),
    [
        ("contrat", "Assurance des bâtiments", "contract"),
        ("", "Assurance cyber", "insurance"),
        ("Abonnement", "Microsoft 365", "licence"),
        ("Contrat", "Plateforme agréée de facturation", "platform"),
        ("", "Copieur", "contract"),
    ],
)
def test_a_contract_is_of_the_kind_its_type_says(said: str, label: str, kind: str) -> None:
    assert agreement_kind(said, label) == kind
