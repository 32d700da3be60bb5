"""The pages of machines, contracts and costs."""

from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from mspaudit.extensions import db
from mspaudit.inventory.models import Agreement, Asset, InsurancePolicy
from tests.cast import Cast
from tests.inventory.helpers import machine, term

PDF = b"%PDF-1.4\n%avis\n%%EOF\n"


def base(cast: Cast) -> str:
    return f"/{cast.tilleul.slug}/clients/valbrune"


def furnish(cast: Cast) -> dict[str, UUID]:
    """A few machines and contracts; their identifiers by name."""
    with cast.inside() as house:
        client = house.clients["valbrune"]
        rows: list[Any] = [
            machine(client, "PC-ACCUEIL", "Microsoft Windows 10 Professionnel", "22H2"),
            machine(client, "PC-MAIRE", "Microsoft Windows 11 Professionnel", "25H2", kind="laptop"),
            machine(client, "PC-VIEUX"),
            term(
                client,
                "Copieurs",
                supplier="Loueur",
                ends_on=date(2030, 5, 31),
                notice_months=3,
                tacit=True,
                yearly_cents=396000,
            ),
            term(client, "Assurance cyber", "insurance", ends_on=date(2030, 3, 31), yearly_cents=115050),
        ]
        db.session.flush()
        return {getattr(row, "name", None) or row.label: row.id for row in rows}


def post(browser: FlaskClient, url: str, **data: Any) -> TestResponse:
    return browser.post(url, data=data, content_type="multipart/form-data")


def one(cast: Cast, model: Any, **where: Any) -> Any:
    with cast.inside():
        return db.session.scalars(select(model).filter_by(**where)).one()


def test_machines_without_fixes_come_first(cast: Cast) -> None:
    furnish(cast)
    page = cast.signed_in("reader").get(f"{base(cast)}/inventaire").text
    assert page.index("PC-ACCUEIL") < page.index("PC-VIEUX") < page.index("PC-MAIRE")
    assert "1\u00a0machine sans correctifs" in page
    assert "Sans correctifs" in page
    assert "14\u00a0oct. 2025" in page


def test_machines_are_filtered(cast: Cast) -> None:
    furnish(cast)
    browser = cast.signed_in("technician")
    page = browser.get(f"{base(cast)}/inventaire?etat=ended").text
    assert "PC-ACCUEIL" in page
    assert "PC-MAIRE" not in page
    assert "PC-MAIRE" in browser.get(f"{base(cast)}/inventaire?q=maire&genre=laptop").text
    assert "Aucune machine avec ces filtres" in browser.get(f"{base(cast)}/inventaire?q=rien").text


def test_an_empty_inventory_says_what_to_do(cast: Cast) -> None:
    browser = cast.signed_in("technician")
    assert "Importez l’export" in browser.get(f"{base(cast)}/inventaire").text
    assert "Importez votre tableau" in browser.get(f"{base(cast)}/contrats").text
    assert "aucun coût connu" in browser.get(f"{base(cast)}/couts").text


def test_a_machine_is_added_changed_removed_and_put_back(cast: Cast) -> None:
    browser, url = cast.signed_in("technician"), f"{base(cast)}/inventaire"
    sent = post(browser, f"{url}/nouveau", name="PC-1", kind="laptop", os="Windows 10 Pro", os_version="22H2")
    assert sent.status_code == 303
    row = one(cast, Asset, name="PC-1")
    assert (row.product, row.source) == ("windows-10", "manual")
    changed = post(
        browser,
        f"{url}/{row.id}",
        name="PC-1",
        os="Windows 10 Pro",
        os_version="22H2",
        extended_until="2027-10-12",
    )
    assert changed.status_code == 303
    assert "ESU acheté" in browser.get(url).text
    post(browser, f"{url}/{row.id}/retrait")
    assert "Retirées de la liste" in browser.get(url).text
    assert one(cast, Asset, name="PC-1").gone_at is not None
    post(browser, f"{url}/{row.id}/retour")
    assert one(cast, Asset, name="PC-1").gone_at is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Ce champ est nécessaire."),
        ({"name": "PC", "bought_on": "31/02/2026"}, "n’est pas une date"),
        ({"name": "PC", "os": "Debian 12", "extended_until": "2027-01-01"}, "Aucun correctif payant"),
        ({"name": "PC-ACCUEIL"}, "La liste a déjà"),
    ],
)
def test_a_machine_badly_typed_keeps_what_was_typed(cast: Cast, typed: dict[str, str], said: str) -> None:
    furnish(cast)
    page = post(cast.signed_in("technician"), f"{base(cast)}/inventaire/nouveau", place="Grenier", **typed)
    assert page.status_code == 422
    assert said in page.text
    assert "Grenier" in page.text


def test_contracts_show_their_last_useful_day(cast: Cast) -> None:
    rows = furnish(cast)
    browser = cast.signed_in("reader")
    page = browser.get(f"{base(cast)}/contrats").text
    assert page.index("Copieurs") < page.index("Assurance cyber")
    assert "28\u00a0févr. 2030" in page
    contract = browser.get(f"{base(cast)}/contrats/{rows['Copieurs']}").text
    assert "repart pour 12" in contract
    assert "Noter le préavis" not in contract, "a reader reads"


def test_a_contract_is_added_and_changed(cast: Cast) -> None:
    browser, url = cast.signed_in("technician"), f"{base(cast)}/contrats"
    sent = post(
        browser,
        f"{url}/nouveau",
        label="Hébergement",
        kind="contract",
        ends_on="2027-12-31",
        notice_months="3",
        tacit="1",
        yearly="1 240,50",
        renewal_months="12",
        budget="operating",
    )
    assert sent.status_code == 303
    row = one(cast, Agreement, label="Hébergement")
    assert (row.yearly_cents, row.notice_months, row.tacit, row.budget) == (124050, 3, True, "operating")
    form = browser.get(f"{url}/{row.id}/modifier").text
    assert "1240,50" in form
    post(browser, f"{url}/{row.id}/modifier", label="Hébergement", ends_on="2027-12-31", yearly="")
    again = one(cast, Agreement, label="Hébergement")
    assert (again.yearly_cents, again.notice_months, again.tacit) == (None, None, False)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"starts_on": "2027-01-01", "ends_on": "2026-01-01"}, "L’échéance précède le début."),
        ({"tacit": "1"}, "c’est d’elle que se comptent les reconductions"),
        ({"yearly": "cher"}, "Ce montant ne se lit pas"),
        ({"notice_months": "-1"}, "ne peut pas être négatif"),
        ({"yearly": "-4"}, "négatif ou trop grand"),
    ],
)
def test_a_contract_badly_typed_says_why(cast: Cast, typed: dict[str, str], said: str) -> None:
    page = post(cast.signed_in("technician"), f"{base(cast)}/contrats/nouveau", label="Contrat", **typed)
    assert page.status_code == 422
    assert said in page.text


def test_notice_is_noted_with_its_proof_and_can_be_forgotten(cast: Cast) -> None:
    rows = furnish(cast)
    browser, url = cast.signed_in("technician"), f"{base(cast)}/contrats/{rows['Copieurs']}"
    proof = (BytesIO(PDF), "avis.pdf")
    assert post(browser, f"{url}/preavis", noticed_on="2026-09-12", proof=proof).status_code == 303
    page = browser.get(url).text
    assert "Préavis donné le samedi 12\u00a0septembre 2026" in page
    assert browser.get(f"{url}/preuve").data == PDF
    post(browser, f"{url}/preavis/annulation")
    assert browser.get(f"{url}/preuve").status_code == 404
    assert post(browser, f"{url}/preavis", noticed_on="2099-01-01").status_code == 422
    assert post(browser, f"{url}/preavis", noticed_on="").status_code == 422


def test_a_contract_keeps_its_document(cast: Cast) -> None:
    rows = furnish(cast)
    browser, url = cast.signed_in("technician"), f"{base(cast)}/contrats/{rows['Copieurs']}"
    assert browser.get(f"{url}/document").status_code == 404
    assert post(browser, f"{url}/pieces", document=(BytesIO(PDF), "contrat.pdf")).status_code == 303
    assert browser.get(f"{url}/document").data == PDF
    assert post(browser, f"{url}/pieces", document=(BytesIO(b"MZ\x00"), "virus.exe")).status_code == 422


def test_the_letter_is_a_tagged_pdf(cast: Cast) -> None:
    rows = furnish(cast)
    letter = cast.signed_in("reader").get(f"{base(cast)}/contrats/{rows['Copieurs']}/lettre")
    assert letter.mimetype == "application/pdf"
    assert letter.data.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in letter.data or b"/ObjStm" in letter.data


def test_an_insurance_says_what_it_asks(cast: Cast) -> None:
    rows = furnish(cast)
    browser, url = cast.signed_in("technician"), f"{base(cast)}/contrats/{rows['Assurance cyber']}"
    assert "Ni conditions ni exclusions" in browser.get(url).text
    sent = browser.post(
        f"{url}/assurance",
        data={
            "asked": ["AUT-01", "BCK-03"],
            "met": ["BCK-03"],
            "own": "Audit annuel",
            "exclusions": "Guerre",
            "notify_hours": "72",
            "claim_phone": "01 02 03 04 05",
        },
    )
    assert sent.status_code == 303
    policy = one(cast, InsurancePolicy)
    assert [(each["code"], each["met"]) for each in policy.prerequisites] == [
        ("AUT-01", False),
        ("BCK-03", True),
        ("", False),
    ]
    page = browser.get(url).text
    assert "Audit annuel" in page
    assert "sous 72\u00a0heures" in page
    assert 'value="AUT-01" checked' in browser.get(f"{url}/assurance").text
    assert post(browser, f"{base(cast)}/contrats/{rows['Copieurs']}/assurance").status_code == 422


def test_costs_are_told_by_kind_and_by_seat(cast: Cast) -> None:
    furnish(cast)
    browser = cast.signed_in("reader")
    page = browser.get(f"{base(cast)}/couts").text
    assert "5\u202f110,50\u00a0€" in page
    assert "3 postes en service".replace(" ", "\u00a0", 1) in page
    file = browser.get(f"{base(cast)}/couts.csv")
    assert file.mimetype == "text/csv"
    assert "Copieurs;Contrat;Loueur;;2030-05-31;2030-02-28;3960,0;;" in file.text


def test_a_formula_in_a_label_is_harmless_in_the_export(cast: Cast) -> None:
    with cast.inside() as house:
        term(house.clients["valbrune"], "=1+1", ends_on=date(2030, 1, 1))
    assert "'=1+1" in cast.signed_in("reader").get(f"{base(cast)}/couts.csv").text


@pytest.mark.parametrize(
    "path",
    [
        "inventaire",
        "inventaire/nouveau",
        "inventaire/{PC-MAIRE}",
        "contrats",
        "contrats/nouveau",
        "contrats/{Copieurs}",
        "contrats/{Copieurs}/modifier",
        "contrats/{Copieurs}/lettre",
        "contrats/{Assurance cyber}/assurance",
        "couts",
        "couts.csv",
    ],
)
def test_a_stranger_finds_nothing(cast: Cast, path: str) -> None:
    rows = furnish(cast)
    url = f"{base(cast)}/{path.format(**{name: str(value) for name, value in rows.items()})}"
    assert cast.signed_in("technician").get(url).status_code == 200
    assert cast.signed_in("technician", cast.saule).get(url).status_code == 404
    other = url.replace(cast.tilleul.slug, cast.saule.slug)
    wanted = 200 if "{" not in path else 404
    assert cast.signed_in("technician", cast.saule).get(other).status_code == wanted


def test_a_reader_changes_nothing(cast: Cast) -> None:
    rows = furnish(cast)
    browser = cast.signed_in("reader")
    assert browser.get(f"{base(cast)}/inventaire/nouveau").status_code == 403
    assert post(browser, f"{base(cast)}/contrats/{rows['Copieurs']}/retrait").status_code == 403


@pytest.mark.parametrize("path", ["inventaire", "contrats", "couts"])
def test_statements_do_not_grow_with_the_rows(cast: Cast, path: str) -> None:
    furnish(cast)
    browser, url = cast.signed_in("technician"), f"{base(cast)}/{path}"
    browser.get(url)

    def count() -> int:
        seen: list[str] = []
        with cast.app.app_context():
            engine = db.engine

        def listen(*args: Any) -> None:
            seen.append(args[2])

        event.listen(engine, "before_cursor_execute", listen)
        try:
            assert browser.get(url).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", listen)
        return len(seen)

    before = count()
    with cast.inside() as house:
        for number in range(40):
            machine(house.clients["valbrune"], f"POSTE-{number}", "Windows 10")
            term(house.clients["valbrune"], f"Contrat {number}", ends_on=date(2028, 1, 1))
    assert count() == before
