"""The pages of a client, for those who work for its MSP and for nobody else."""

import pytest

from tests.cast import Cast


def test_the_sheet_tells_who_the_client_is(cast: Cast) -> None:
    page = cast.signed_in("reader").get(f"/{cast.tilleul.slug}/clients/valbrune/fiche")
    assert page.status_code == 200
    assert "Valbrune" in page.text
    assert "1\u202f842 habitants" in page.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    "page",
    [
        "valbrune/fiche",
        "archives",
        "nouveau",
        "valbrune/fiche/modifier",
        "valbrune/personnes/nouvelle",
        "valbrune/services/nouveau",
        "valbrune/referents/nouveau",
    ],
)
def test_every_page_opens_for_a_technician_and_for_no_stranger(cast: Cast, page: str) -> None:
    address = f"/{cast.tilleul.slug}/clients/{page}"
    assert cast.signed_in("technician").get(address).status_code == 200
    assert cast.signed_in("technician", cast.saule).get(address).status_code == 404
