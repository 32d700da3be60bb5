"""Every export we know, by its headers alone; and never another file for one of them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.clients.imports.columns import FIELDS as PORTFOLIO
from mspaudit.clients.imports.columns import guess as portfolio_columns
from mspaudit.intake.kinds import KINDS, columns, guess
from mspaudit.intake.recognise import recognise
from mspaudit.intake.wording import FIELDS, FORMS

SAMPLES = Path(__file__).parent / "samples"
EXPORTS = {
    "entra_users.csv": ("entra_users", "upn name mail external_id enabled created_at user_type"),
    "entra_users_2024.csv": ("entra_users", "upn name external_id enabled"),
    "entra_mfa_registration.csv": ("entra_mfa", "upn mfa admin mfa_methods measured_at"),
    "m365_users_en.csv": ("m365_users", "upn name blocked licences password_last_set created_at"),
    "m365_users_fr.csv": ("m365_users", "upn name surname given_name blocked licences title"),
    "mggraph_users.csv": ("mggraph_users", "upn name mail enabled user_type created_at"),
    "active_directory_users.csv": ("ad_users", "upn login enabled last_sign_in dn object_class"),
    "google_workspace_users.csv": ("google_users", "upn surname suspended last_sign_in mfa"),
    "okta_users.csv": ("okta_users", "upn mail enabled last_sign_in external_id created_at"),
    "personnel.csv": ("staff_list", "surname given_name email department arrived_on left_on"),
    "personnel_paie.csv": ("staff_list", "number surname given_name arrived_on left_on title"),
    "glpi_computers.csv": ("glpi_assets", "name entity serial os os_version warranty_until"),
    "snipeit_assets.csv": ("snipeit_assets", "asset_tag name serial entity user warranty_until"),
    "snipeit_assets_fr.csv": ("snipeit_assets", "asset_tag name serial model bought_on"),
    "contrats.csv": ("contracts", "label supplier ends_on notice_months tacit yearly_amount"),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_it_recognises_every_export(name: str) -> None:
    kind, fields = EXPORTS[name]
    found = recognise((SAMPLES / name).read_bytes(), name)
    assert found.kind == kind
    assert set(fields.split()) <= set(found.columns)
    assert found.content.rows


@pytest.mark.parametrize("name", EXPORTS)
def test_neither_case_nor_accents_nor_order_matter(name: str) -> None:
    table = recognise((SAMPLES / name).read_bytes(), name).table
    # Get-MgUser and the portal write the same words: only their capitals, or #TYPE, tell them apart.
    if EXPORTS[name][0] not in ("entra_users", "mggraph_users"):
        assert guess([h.upper() for h in table.headers]).kind == EXPORTS[name][0]
    assert guess([f" \ufeff{h} " for h in reversed(table.headers)]).kind == EXPORTS[name][0]


def test_get_mguser_and_the_portal_write_the_same_words() -> None:
    portal = ["userPrincipalName", "displayName", "accountEnabled", "id"]
    assert guess(portal).kind == "entra_users"
    assert guess([h[0].upper() + h[1:] for h in portal]).kind == "mggraph_users"
    assert guess([h.lower() for h in portal]).kind is None
    announced = "Microsoft.Graph.PowerShell.Models.MicrosoftGraphUser"
    assert guess([h.lower() for h in portal], type_line=announced).kind == "mggraph_users"


def test_what_fits_two_kinds_is_asked() -> None:
    found = guess(["userprincipalname", "displayname"])
    assert found.kind is None
    assert set(found.likely) == {"entra_users", "mggraph_users"}


@pytest.mark.parametrize(
    "headers",
    [
        list(PORTFOLIO.values()),
        ["Nom", "Type", "Habitants", "Effectif", "Étiquettes", "Technicien", "Pilote", "Mandat signé le"],
        ["Raison sociale", "SIREN", "Effectif"],
        ["Commune", "Code INSEE", "Population"],
        ["Nom", "Prénom", "SIREN", "E-mail", "Téléphone"],
    ],
)
def test_a_portfolio_is_no_export(headers: list[str]) -> None:
    assert guess(headers).kind is None
    assert any(portfolio_columns(headers).values())


@pytest.mark.parametrize(
    "headers", [["Nom"], ["Date", "Libellé", "Débit", "Crédit"], ["Nom", "E-mail"], ["a", "b"], ["Colonne 1"]]
)
def test_an_unknown_file_is_asked(headers: list[str]) -> None:
    assert guess(headers).kind is None


@given(st.lists(st.text(min_size=1, max_size=30), max_size=12))
def test_no_header_breaks_it(headers: list[str]) -> None:
    found = guess(headers)
    assert found.kind is None or set(found.columns.values()) <= set(headers)


def test_a_column_gives_one_field_only() -> None:
    for kind in KINDS.values():
        words = [word for known in kind.headers.values() for word in known]
        found = columns(kind.name, words)
        assert len(set(found.values())) == len(found)


def test_every_field_has_a_name_that_people_read() -> None:
    for kind in KINDS.values():
        assert set(kind.headers) <= set(FIELDS)
        assert {name for names in kind.identity for name in names} <= set(FIELDS)
    assert set(FORMS) <= set(FIELDS)
