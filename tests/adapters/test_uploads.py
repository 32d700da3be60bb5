import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.adapters.sheets import to_csv, to_xlsx
from mspaudit.adapters.uploads import MIB, Sniffed, UploadRefused, sniff

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"


def zipped(**entries: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in entries.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def docx(**more: str) -> bytes:
    return zipped(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}, **more)


FILES = {
    "pdf": (b"%PDF-1.7\n...", "application/pdf"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(20), "image/png"),
    "jpg": (b"\xff\xd8\xff\xe0" + bytes(20), "image/jpeg"),
    "webp": (b"RIFF\x24\0\0\0WEBPVP8 " + bytes(20), "image/webp"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(20), "image/heic"),
    "csv": ("nom;prénom\nDelorme;Zoé\n".encode(), "text/csv"),
    "txt": ("Relevé\tdu lundi\r\n".encode("cp1252"), "text/plain"),
    "xlsx": (to_xlsx(["nom"], [["Delorme"]]), XLSX),
    "docx": (docx(), DOCX),
    "odt": (zipped(**{"mimetype": ODT, "content.xml": "<c/>"}), ODT),
}


@pytest.mark.parametrize("extension", FILES)
def test_it_recognises_what_is_accepted(extension: str) -> None:
    data, mime = FILES[extension]
    assert sniff(data, f"pièce n° 1.{extension.upper()}") == Sniffed(mime, extension)


@pytest.mark.parametrize(("name", "extension"), [("a.jpeg", "jpg"), ("a.HEIF", "heic"), ("photo", "png")])
def test_a_name_may_be_another_of_the_same_kind_or_say_nothing(name: str, extension: str) -> None:
    assert sniff(FILES[extension][0], name).extension == extension


@pytest.mark.parametrize("extension", FILES)
def test_a_name_that_says_something_else_is_refused(extension: str) -> None:
    wrong = "pdf" if extension != "pdf" else "png"
    with pytest.raises(UploadRefused, match=r"n’est pas accepté|mais contient"):
        sniff(FILES[extension][0], f"fichier.{wrong}")


def test_it_says_what_the_file_really_is() -> None:
    with pytest.raises(UploadRefused) as refused:
        sniff(FILES["png"][0], "facture.pdf")
    assert str(refused.value) == (
        "Ce fichier se nomme «\u00a0.pdf\u00a0» mais contient une image PNG. "
        "Enregistrez-le à nouveau dans le bon format."
    )


@pytest.mark.parametrize(
    ("size", "weight"),
    [(48 * MIB, "48"), (20 * MIB + 1, "20,1"), (21 * MIB, "21"), (20 * MIB + 600_000, "20,6")],
)
def test_a_heavy_file_is_refused_with_its_weight_and_the_limit(size: int, weight: str) -> None:
    with pytest.raises(UploadRefused) as refused:
        sniff(bytes(size), "photo.png")
    assert str(refused.value) == (
        f"Ce fichier pèse {weight}\u00a0Mo, la limite est 20\u00a0Mo. Une photo suffit."
    )


def test_the_limit_itself_is_accepted() -> None:
    data = FILES["png"][0]
    assert sniff(data, "a.png", max_bytes=len(data)).extension == "png"


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(UploadRefused, match="vide"):
        sniff(b"", "a.pdf")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<html><script>alert(1)</script>", "page.html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "logo.svg"),
        (b"<svg/>", "logo.png"),
        (b"MZ\x90\0", "rapport.pdf"),
        (b"#!/bin/sh\n", "install.sh"),
        (b"nom;valeur\0\n", "comptes.csv"),
        (b"\x7fELF" + bytes(100), "notes.txt"),
        (b"\xff\xfeab\x00", "impair.txt"),
        (b"GIF89a" + bytes(20), "image.gif"),
        (
            zipped(**{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""}),
            "a.ods",
        ),
        (zipped(notes="x"), "archive.zip"),
        (zipped(notes="x"), "rapport.docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "ancien.xls"),
    ],
)
def test_anything_else_is_refused_and_the_kinds_are_listed(data: bytes, name: str) -> None:
    with pytest.raises(UploadRefused, match="PDF, PNG, JPEG, WEBP, HEIC, CSV, TXT, XLSX, DOCX ou ODT"):
        sniff(data, name)


def test_macros_are_refused() -> None:
    with pytest.raises(UploadRefused, match="macros"):
        sniff(docx(**{"word/vbaProject.bin": "x"}), "contrat.docx")


def test_a_damaged_document_is_refused() -> None:
    with pytest.raises(UploadRefused, match="abîmé"):
        sniff(docx()[:-30], "contrat.docx")


def test_a_directory_made_to_exhaust_memory_is_not_read() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(3_000):
            archive.writestr(str(number), "")
    with pytest.raises(UploadRefused, match="abîmé"):
        sniff(buffer.getvalue(), "contrat.docx")


@given(data=st.binary(max_size=300), name=st.text(max_size=20))
def test_any_bytes_get_a_type_or_a_sentence(data: bytes, name: str) -> None:
    try:
        found = sniff(data, name)
    except UploadRefused:
        return
    assert found.extension in FILES


@given(
    start=st.sampled_from([data for data, _ in FILES.values()]),
    cut=st.integers(0, 400),
    tail=st.binary(max_size=60),
)
def test_a_damaged_file_gets_a_type_or_a_sentence(start: bytes, cut: int, tail: bytes) -> None:
    for name in ("a", "a.csv", "a.xlsx"):
        with suppress(UploadRefused):
            assert sniff(start[:cut] + tail, name).extension in FILES


def test_our_own_exports_can_come_back() -> None:
    assert sniff(to_csv(["nom"], [["Zoé"]]), "export.csv").mime == "text/csv"
    assert sniff(to_xlsx(["nom"], [["Zoé"]]), "export.xlsx").mime == XLSX
