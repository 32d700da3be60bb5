"""Two hundred phones at once before a real gunicorn: every report is acknowledged, and written once."""

from tests.cast import Cast
from tests.fieldwork.campaigns import opened, stored
from tests.fieldwork.phones import send_all
from tests.resilience import test_heavy_upload as gunicorn

PHONES, SECONDS = 200, 60
web = gunicorn.web


def test_two_hundred_phones_lose_nothing(cast: Cast, web: gunicorn.Web) -> None:
    _, tokens = opened(cast)
    assert send_all(web.port, tokens["Accueil"], PHONES, at_once=PHONES) < SECONDS
    assert len(stored(cast)) == PHONES
