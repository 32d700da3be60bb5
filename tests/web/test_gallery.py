"""What every template owes its reader, checked on the gallery."""

import html5lib
import pytest
from flask.testing import FlaskClient

PAGES = ["/", "/formulaires", "/question", "/erreur", "/connexion", "/feuille"]
NS = "{http://www.w3.org/1999/xhtml}"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_valid_and_its_references_exist(reader: FlaskClient, path: str) -> None:
    answer = reader.get(f"/_galerie{path}")
    assert answer.status_code == 200
    tree = html5lib.HTMLParser(strict=True).parse(answer.data)
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in tree.iter():
        for attribute in (
            "for",
            "aria-labelledby",
            "aria-describedby",
            "data-dialog",
            "popovertarget",
            "form",
        ):
            for wanted in (element.get(attribute) or "").split():
                assert wanted in ids, f"{attribute}={wanted}"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_a_title_and_one_main_heading(reader: FlaskClient, path: str) -> None:
    tree = html5lib.HTMLParser().parse(reader.get(f"/_galerie{path}").data)
    assert tree.find(f"{NS}head/{NS}title").text.strip()
    assert len(list(tree.iter(f"{NS}h1"))) == 1
    assert len(list(tree.iter(f"{NS}main"))) == 1


def test_a_wrong_answer_is_tied_to_its_help_and_its_reason(reader: FlaskClient) -> None:
    text = reader.get("/_galerie/formulaires").text
    assert 'aria-describedby="f-end-help f-end-error" aria-invalid="true"' in text


def test_a_search_forgives_accents_and_says_when_nothing_matches(reader: FlaskClient) -> None:
    assert "Méravelle" in reader.get("/_galerie/recherche?q=MERA").text
    assert "Rien à ce nom" in reader.get("/_galerie/recherche?q=zzz").text
    assert reader.get("/_galerie/recherche?q=").text.strip() == ""
