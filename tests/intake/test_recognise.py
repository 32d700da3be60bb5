"""A file in any encoding and delimiter, ragged, doubled, empty, binary or full of formulas."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mspaudit.adapters import sheets
from mspaudit.adapters.tables import TableRefused
from mspaudit.intake.recognise import Recognised, recognise
from tests.intake.test_kinds import SAMPLES

HEADERS = ["Matricule", "Nom", "Prénom", "Service", "Date d’entrée"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1252"]
CELL = st.text(st.sampled_from("abcdéèçÉ'’ -_/.42œ€"), min_size=1, max_size=12).map(
    lambda text: "A" + text.strip()
)


def read(text: str, encoding: str = "utf-8", name: str = "personnel.csv") -> Recognised:
    return recognise(text.encode(encoding), name)


def refused(found: Recognised) -> dict[int, str]:
    return {refusal.line: refusal.why.replace("\u00a0", " ") for refusal in found.content.refused}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6),
    st.sampled_from(ENCODINGS),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_every_encoding_and_delimiter_says_the_same(
    people: list[tuple[str, str, str]], encoding: str, delimiter: str, end: str
) -> None:
    rows = [[str(n), *person, "01/02/2024"] for n, person in enumerate(people)]
    text = "".join(delimiter.join(row) + end for row in [HEADERS, *rows])
    found = read(text, encoding)
    assert (found.kind, found.table.encoding, found.table.delimiter) == ("staff_list", encoding, delimiter)
    assert [
        (r.cells["surname"], r.cells["given_name"], r.cells["department"]) for r in found.content.rows
    ] == [(surname, given_name, department) for surname, given_name, department in people]
    assert {r.cells["arrived_on"] for r in found.content.rows} == {"2024-02-01"}


def test_a_workbook_says_the_same() -> None:
    book = sheets.to_xlsx(HEADERS, [[12, "Perrin", "Nathalie", "Mairie", "01/09/2014"]])
    found = recognise(book, "personnel.xlsx")
    assert (found.kind, found.table.encoding) == ("staff_list", "xlsx")
    assert found.as_dict()["delimiter"] is None
    assert found.content.rows[0].cells["arrived_on"] == "2014-09-01"


def test_it_passes_over_what_is_written_for_other_software() -> None:
    powershell = (SAMPLES / "active_directory_users.csv").read_bytes()
    assert recognise(powershell, "ad.csv").content.rows[0].line == 3
    excel = read("sep=;\nMatricule;Nom;Prénom\n1;Perrin;Nathalie\n")
    assert (excel.kind, excel.content.rows[0].line) == ("staff_list", 3)


def test_a_ragged_line_says_so_and_a_line_whose_cells_slipped_is_left_out() -> None:
    found = read("Nom;Prénom;Service\nPerrin;Nathalie\nTissot;Jean;Marc;Élus\nBenali;Fatima;CCAS\n")
    assert [row.line for row in found.content.rows] == [2, 4]
    assert set(refused(found)) == {2, 3}
    assert not found.content.complete


def test_a_repeated_line_is_left_out() -> None:
    found = read("Nom;Prénom;E-mail;Service\nPerrin;N;p@a.example;A\nPerrin;Nath;P@A.example;B\n")
    assert refused(found) == {3: "Répète la ligne 2."}
    assert found.content.complete


def test_the_same_number_in_two_organisations_is_two_people() -> None:
    found = read("Matricule;Nom;Prénom;Collectivité\n12;Perrin;Nathalie;Valbrune\n12;Roux;Anne;Beaucorne\n")
    assert len(found.content.rows) == 2


def test_a_line_about_nothing_is_left_out() -> None:
    found = read("Nom;Prénom;Service\n;;Total\nPerrin;Nathalie;Mairie\n")
    assert refused(found) == {2: "Rien ne dit de qui ou de quoi il s’agit : « Nom de famille » est vide."}


def test_a_formula_is_kept_as_text_in_a_name_and_refused_in_an_identifier() -> None:
    found = read(
        "Matricule;Nom;Prénom;Service\n1;=1+3 Test;Al;@SUM(A1)\n\"=cmd|' /C calc'!A0\";Roux;Anne;A\n"
    )
    assert [row.cells for row in found.content.rows] == [
        {"number": "1", "surname": "1+3 Test", "given_name": "Al", "department": "SUM(A1)"}
    ]
    assert set(refused(found)) == {2, 3}
    assert "formule" in refused(found)[3]


@pytest.mark.parametrize("text", ["+33 4 76 00 00 00", "-12,5", "- "])
def test_a_sign_before_a_number_is_no_formula(text: str) -> None:
    found = read(f"Nom;Prénom;Fonction\nPerrin;Nathalie;{text}\n")
    assert not found.content.refused


def test_a_cell_that_cannot_be_read_is_emptied_and_said() -> None:
    found = read("Nom;Prénom;Date d’entrée;Date de sortie\nPerrin;Nathalie;31/02/2024;demain\n")
    assert found.content.rows[0].cells["arrived_on"] == ""
    assert [r.why.replace("\u00a0", " ") for r in found.content.refused] == [
        "Arrivée le : Cette date n’existe pas : « 31/02/2024 ». Laissé vide.",
        "Départ le : Cette date ne se lit pas : « demain ». Laissé vide.",
    ]


def test_the_whole_column_tells_the_order_of_its_days() -> None:
    rows = "upn{0}@a.example,Nom,True,{1}\n"
    head = "userPrincipalName,displayName,accountEnabled,createdDateTime\n"
    american = read(head + rows.format(1, "3/4/2026 9:00:00 AM") + rows.format(2, "3/14/2026 9:00:00 AM"))
    french = read(head + rows.format(1, "03/04/2026 09:00:00") + rows.format(2, "14/03/2026 09:00:00"))
    assert american.content.rows[0].cells["created_at"] == "2026-03-04T09:00:00+00:00"
    assert french.content.rows[0].cells["created_at"] == "2026-04-03T09:00:00+00:00"


def test_an_american_portal_reads_as_american_when_nothing_tells() -> None:
    text = "userPrincipalName,displayName,accountEnabled,createdDateTime\na@a.example,A,True,3/4/2026 09:00\n"
    assert read(text).content.rows[0].cells["created_at"] == "2026-03-04T09:00:00+00:00"


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"", "vide.csv", "vide"),
        (b"\xef\xbb\xbf\r\n\r\n", "vide.csv", "vide"),
        (b"\x7fELF\x02\x01\x01" + bytes(600), "prog.csv", "tableau|texte"),
        (b"%PDF-1.7\n\x00\x01\x02", "doc.csv", "tableau"),
        (b"PK\x03\x04 not a zip", "classeur.xlsx", "abîmé"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ancien.xls", "tableau|XLS"),
        (b"a;b\n1;2\n", "photo.png", "tableau"),
    ],
)
def test_what_is_no_table_is_one_sentence(data: bytes, name: str, why: str) -> None:
    with pytest.raises(TableRefused, match=why):
        recognise(data, name)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_it(data: bytes) -> None:
    try:
        found = recognise(data, "x.csv")
    except TableRefused:
        return
    assert found.as_dict()["rows"] == len(found.table.rows)
