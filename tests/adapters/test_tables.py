import io
import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mspaudit.adapters.sheets import to_csv, to_xlsx
from mspaudit.adapters.table_text import MAX_PROBLEMS, Grid, Unreadable, fill, read_text
from mspaudit.adapters.tables import MIB, TableRefused, read_table

ROWS = "nom;prénom;courriel\nDelorme;Zoé;zoe@valbrune.example\nMœbius;Éric;\n"
READ = [["Delorme", "Zoé", "zoe@valbrune.example"], ["Mœbius", "Éric", ""]]


def grid(text: str | bytes, max_rows: int = 1000) -> Grid:
    return read_text(text.encode() if isinstance(text, str) else text, max_rows=max_rows)[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_it_reads_what_office_software_writes(encoding: str, delimiter: str, newline: str) -> None:
    text = ROWS.replace(";", delimiter).replace("\n", newline)
    found, read_encoding, read_delimiter = read_text(text.encode(encoding), max_rows=10)
    assert found.headers == ["nom", "prénom", "courriel"]
    assert found.rows == READ
    assert (read_encoding, read_delimiter) == (encoding, delimiter)
    assert found.problems == []


def test_it_tells_the_whole_story_through_its_own_process() -> None:
    table = read_table(ROWS.encode("cp1252"), "Comptes.CSV")
    assert (table.headers, table.rows, table.lines) == (["nom", "prénom", "courriel"], READ, [2, 3])
    assert (table.encoding, table.delimiter, table.problems) == ("cp1252", ";", [])


@pytest.mark.parametrize(
    "first", ["#TYPE Selected.Microsoft.ActiveDirectory\r\n", "sep=,\r\n", "#TYPE a\nsep=,\n"]
)
def test_a_first_line_for_other_software_is_passed_over(first: str) -> None:
    found = grid(first + "nom,prénom\nDelorme,Zoé\n")
    assert (found.headers, found.rows) == (["nom", "prénom"], [["Delorme", "Zoé"]])
    assert found.lines == [first.count("\n") + 2]


def test_quotes_hold_delimiters_and_line_ends() -> None:
    found = grid('nom;note\n"Delorme; Zoé";"deux\nlignes"\nAstruc;"dit ""non"""\n')
    assert found.rows == [["Delorme; Zoé", "deux\nlignes"], ["Astruc", 'dit "non"']]
    assert found.lines == [2, 4]


def test_a_comma_in_a_cell_is_not_a_delimiter() -> None:
    assert grid("nom;fonction\nZoé;maire, élue\nÉric;agent, CCAS, école\n").headers == ["nom", "fonction"]


def test_one_column_needs_no_delimiter() -> None:
    assert grid("courriel\na@b.example\n").rows == [["a@b.example"]]


def test_ragged_lines_are_kept_and_told() -> None:
    found = grid("a;b;c\n1;2\n1;2;3;4\n1;2;3;;;\n\n;;\n1;2;3\n")
    assert found.rows == [["1", "2", ""], ["1", "2", "3"], ["1", "2", "3"], ["1", "2", "3"]]
    assert found.lines == [2, 3, 4, 7]
    assert found.problems == [
        (2, "2\u00a0colonnes au lieu de 3 : les dernières sont laissées vides."),
        (3, "4\u00a0colonnes au lieu de 3 : ce qui dépasse est ignoré."),
    ]


def test_a_misplaced_quote_costs_its_line_only() -> None:
    found = grid('a;b\n1;2\n"x"y;2\n3;4\n')
    assert found.rows == [["1", "2"], ["3", "4"]]
    assert found.problems == [(3, "Un guillemet est mal placé : cette ligne est ignorée.")]


def test_a_quote_left_open_is_told_where_it_opens() -> None:
    found = grid('a;b\n1;2\n3;"4\n5;6\n')
    assert found.rows == [["1", "2"]]
    assert found.problems[0][0] == 3
    assert "ne se ferme jamais" in found.problems[0][1]


def test_a_giant_cell_costs_its_line_only() -> None:
    found = grid(f"a;b\n{'x' * 200_000};2\n3;4\n")
    assert found.rows == [["3", "4"]]
    assert "131 072" in found.problems[0][1]


def test_problems_are_printed_in_french_typography() -> None:
    [(line, message)] = read_table(b"a;b\n1\n", "a.csv").problems
    assert (line, message) == (2, "1\u00a0colonne au lieu de 2\u00a0: les dernières sont laissées vides.")


def test_problems_do_not_pile_up() -> None:
    assert len(grid("a;b\n" + "1\n" * 5000, 10_000).problems) == MAX_PROBLEMS


def test_every_column_has_a_name_of_its_own() -> None:
    assert grid("nom;;nom;nom (2);;\n1;2;3;4\n").headers == ["nom", "Colonne 2", "nom (2)", "nom (2) (2)"]


def test_controls_that_a_database_refuses_are_dropped() -> None:
    found = fill(Grid(), iter([(1, ["a\0b", "c"]), (2, ["\x01x\x7f", "\u00a0y "])]), max_rows=5)
    assert (found.headers, found.rows) == (["ab", "c"], [["x", "y"]])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "est vide"),
        (b"\n;;\n\n", "est vide"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "n’est pas un tableau"),
        (b"a;b\n1;2\n1;2\n1;2\n1;2\n", "plus de 3 lignes"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "ancien format XLS"),
        (b"PK\x03\x04" + bytes(100), "abîmé"),
        (to_xlsx([], []), "est vide"),
        (b"\xff\xfea\x00b", "ne se lit pas"),
        (b";".join([b"a"] * 1500), "plus de 1\u202f000 colonnes"),
    ],
)
def test_what_is_not_a_table_gets_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(TableRefused, match=sentence):
        read_table(data, "comptes.csv", max_rows=3)


def test_another_kind_of_file_is_refused_by_its_name() -> None:
    with pytest.raises(TableRefused, match="CSV ou en XLSX"):
        read_table(ROWS.encode(), "comptes.pdf")


def test_it_reads_a_workbook() -> None:
    rows = [["Zoé", 3, 2.5, date(2026, 11, 20), True, None], ["0123", "", "=1+1", None, False, "fin"]]
    table = read_table(to_xlsx(["nom", "n", "x", "le", "actif", "note"], rows), "comptes.xlsx")
    assert table.headers == ["nom", "n", "x", "le", "actif", "note"]
    assert table.rows == [
        ["Zoé", "3", "2.5", "2026-11-20", "VRAI", ""],
        ["0123", "", "=1+1", "", "FAUX", "fin"],
    ]
    assert (table.lines, table.encoding, table.delimiter) == ([2, 3], "xlsx", "")


def test_twenty_thousand_accounts_pass_within_the_limits() -> None:
    headers = [f"colonne {number}" for number in range(30)]
    rows = [[f"valeur {number} {column}" for column in range(30)] for number in range(20_000)]
    assert read_table(to_csv(headers, rows), "comptes.csv").rows == rows


# Hostile files --------------------------------------------------------------------------------


def workbook(sheet: bytes, shared: bytes = b"<sst/>", *, lie: int | None = None) -> bytes:
    """A minimal workbook around a sheet's XML; `lie` is the unzipped size its directory declares."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" '
        f'Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="s"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="s" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="t" Type="{links}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": shared,
        "xl/worksheets/sheet1.xml": sheet,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    data = buffer.getvalue()
    if lie is None:
        return data
    return data.replace(struct.pack("<L", len(sheet)), struct.pack("<L", lie))


def sheet(*rows: bytes) -> bytes:
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return start + b"".join(rows) + b"</sheetData></worksheet>"


def cell(place: bytes, value: bytes = b"1", kind: bytes = b"n") -> bytes:
    return b'<row><c r="%s" t="%s"><v>%s</v></c></row>' % (place, kind, value)


def bomb(size: int, lie: int | None = None) -> bytes:
    return workbook(sheet(cell(b"A1"), b" " * size), lie=lie)


ENTRY = b"PK\1\2\x14\3\x14\0\0\0"
HOSTILE = {
    "a bomb that says so": bomb(100 * MIB),
    "a bomb that lies": bomb(100 * MIB, lie=1000),
    "two far corners": workbook(sheet(cell(b"A1"), cell(b"XFD1048576"))),
    "one string a million times": workbook(
        sheet(*(b'<row><c r="A%d" t="s"><v>0</v></c></row>' % n for n in range(1, 50_000))),
        b"<sst><si><t>" + b"x" * 32_000 + b"</t></si></sst>",
    ),
    "a million empty rows": workbook(sheet(*(cell(b"A%d" % n) for n in range(1, 900_000)))),
    "entities within entities": workbook(
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        + sheet(cell(b"A1", b"&b;", b"str"))
    ),
    "an encrypted entry": workbook(sheet(cell(b"A1"))).replace(ENTRY, ENTRY[:-2] + b"\1\0"),
    "quotes only": b"a;b\n" + b'"' * (10 * MIB),
    "one endless line": b"a" * (19 * MIB),
    "nothing but delimiters": b";" * (19 * MIB),
    "nothing but short lines": b"a\n" * (9 * MIB),
    "wide and long": b";".join([b"a"] * 1000) + b"\n" + (b";".join([b"1"] * 1000) + b"\n") * 9000,
    "astral text": b"nom\n" + "😀😀😀😀\n".encode() * (1 * MIB),
}


MEASURE = """
import json, resource, sys, time
from pathlib import Path
from mspaudit.adapters.tables import TableRefused, read_table

data, started = Path(sys.argv[1]).read_bytes(), time.monotonic()
try:
    table = read_table(data, "comptes.xlsx")
    said = f"{len(table.rows)} x {len(table.headers)}"
except TableRefused as refused:
    said = str(refused)
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
reader = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([said, time.monotonic() - started, max(reader, int(peak)) // 1024]))
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_little_and_gets_an_answer(name: str, tmp_path: Path) -> None:
    """Measured in a fresh process: a child's peak memory starts from its parent's."""
    (tmp_path / "file").write_bytes(HOSTILE[name])
    command = [sys.executable, "-c", MEASURE, tmp_path / "file"]
    said, seconds, mebibytes = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert said
    assert seconds < 11
    assert mebibytes <= 256


@pytest.mark.parametrize("name", ["a bomb that says so", "a bomb that lies"])
def test_a_bomb_is_refused_before_it_is_read(name: str) -> None:
    with pytest.raises(TableRefused, match="trop lourd une fois ouvert"):
        read_table(HOSTILE[name], "comptes.xlsx")


def test_time_and_memory_are_bounded_from_outside() -> None:
    for limits in ({"max_memory": 40 * MIB}, {"seconds": 1}):
        with pytest.raises(TableRefused, match="trop de temps ou de mémoire"):
            read_table(HOSTILE["one string a million times"], "a.xlsx", max_rows=1_000_000, **limits)


def test_the_reader_sees_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere")
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    assert read_table(b"a;b\n1;2\n", "a.csv").rows == [["1", "2"]]


VISIBLE = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"])
CELL = st.text(VISIBLE, min_size=1, max_size=8)


@given(
    st.integers(2, 5).flatmap(
        lambda n: st.lists(st.lists(CELL, min_size=n, max_size=n), min_size=1, max_size=8)
    )
)
def test_what_we_export_we_read_back(rows: Sequence[list[str]]) -> None:
    headers = [f"colonne {number}" for number in range(len(rows[0]))]
    found = read_text(to_csv(headers, rows), max_rows=100)[0]
    assert found.headers == headers
    for written, read in zip(rows, found.rows, strict=True):
        assert all(theirs in (ours, "'" + ours) for ours, theirs in zip(written, read, strict=True))


@given(st.binary(max_size=400))
def test_any_bytes_make_rows_of_one_width_or_a_sentence(data: bytes) -> None:
    try:
        found = grid(data)
    except Unreadable:
        return
    assert {len(row) for row in found.rows} <= {len(found.headers)}
    assert len(set(found.headers)) == len(found.headers)
    assert "\0" not in "".join(cell for row in [found.headers, *found.rows] for cell in row)


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.tuples(st.integers(0, 6000), st.binary(max_size=8)), min_size=1, max_size=6))
def test_a_damaged_workbook_gets_rows_or_a_sentence(cuts: list[tuple[int, bytes]]) -> None:
    data = to_xlsx(["a", "b"], [["x", 1]] * 20)
    for place, splice in cuts:
        at = place % len(data)
        data = data[:at] + splice + data[at + len(splice) :]
    try:
        table = read_table(data, "a.xlsx")
    except TableRefused:
        return
    assert {len(row) for row in table.rows} <= {len(table.headers)}
