import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell import Cell as ReadCell

from mspaudit.adapters.sheets import FORMULA_STARTS, to_csv, to_xlsx

HOSTILE = [
    "=1+1",
    "+33612345678",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "=cmd|' /C calc'!A0",
    "{=1}",
]
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]))
LINE = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


def cells(data: bytes) -> list[list[ReadCell]]:
    return [list(row) for row in load_workbook(io.BytesIO(data)).active.iter_rows()]


def lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("text", [*HOSTILE, "http://exemple.fr", "0123", "1e5"])
def test_a_workbook_keeps_text_as_text(text: str) -> None:
    for row in cells(to_xlsx([text], [[text]])):
        assert row[0].data_type == "s"
        assert row[0].hyperlink is None


@given(text=TEXT)
def test_no_text_becomes_a_formula_in_a_workbook(text: str) -> None:
    data = to_xlsx(["titre"], [["a", text]])
    assert load_workbook(io.BytesIO(data)).active.cell(2, 2).data_type in ("s", "n")
    assert b"<f>" not in data


@pytest.mark.parametrize("text", HOSTILE[:-1])
def test_a_csv_cell_never_starts_a_formula(text: str) -> None:
    assert lines(to_csv([text], [["a", text]])) == [["'" + text], ["a", "'" + text]]


@given(rows=st.lists(st.lists(LINE, min_size=1, max_size=4), max_size=5))
def test_a_csv_gives_back_its_text_and_no_formula(rows: list[list[str]]) -> None:
    for written, read in zip([["h"], *rows], lines(to_csv(["h"], rows)), strict=True):
        for ours, theirs in zip(written, read, strict=True):
            assert theirs in (ours, "'" + ours)
            assert not theirs.startswith(FORMULA_STARTS)


def test_numbers_and_dates_are_real_ones_in_a_workbook() -> None:
    moment = datetime(2026, 11, 20, 14, 32, tzinfo=UTC)
    [_, row] = cells(to_xlsx(["h"], [[3, -2.5, Decimal("1240.50"), date(2026, 11, 20), moment, True, None]]))
    values = [cell.value for cell in row]
    assert values[:3] == [3, -2.5, 1240.5]
    assert [value.isoformat() for value in values[3:5]] == ["2026-11-20T00:00:00", "2026-11-20T14:32:00"]
    assert values[5] is True
    assert values[6:] in ([], [None])
    assert row[3].number_format == "dd/mm/yyyy"


def test_what_a_double_would_spoil_stays_text() -> None:
    [_, row] = cells(to_xlsx(["h"], [[2**60 + 1, date(1789, 7, 14), float("inf"), float("nan"), "x"]]))
    assert [cell.value for cell in row] == [str(2**60 + 1), "1789-07-14", None, None, "x"]


def test_a_csv_is_what_a_french_spreadsheet_opens() -> None:
    data = to_csv(["Montant", "Le"], [[Decimal("-1240.5"), date(2026, 11, 20)], [0.1, None], [True, "a;b"]])
    assert data == (b'\xef\xbb\xbfMontant;Le\r\n-1240,5;2026-11-20\r\n0,1;\r\noui;"a;b"\r\n')


def test_a_table_may_be_empty() -> None:
    assert cells(to_xlsx(["Nom"], []))[0][0].value == "Nom"
    assert lines(to_csv(["Nom"], [])) == [["Nom"]]
