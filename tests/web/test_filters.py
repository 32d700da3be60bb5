from datetime import UTC, date, datetime

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from markupsafe import Markup

from mspaudit.web import filters


def test_typography_leaves_tags_and_entities_alone() -> None:
    text = Markup('<a href="/?a=b ?">Pourquoi ?</a> R&amp;D ; l&#39;an')
    assert filters.typo(text) == Markup(
        '<a href="/?a=b ?">Pourquoi\u202f?</a> R&amp;D\u202f; l’an'
    )  # fmt: skip


def test_typography_does_not_make_text_safe(gallery_app: Flask) -> None:
    with gallery_app.test_request_context():
        assert render_template_string("{{ text|typo }}", text="<b> oui ?") == "&lt;b&gt; oui\u202f?"


def test_dates_count_from_now_unless_told() -> None:
    today = date(2026, 11, 20)
    assert filters.in_days(today, today) == "aujourd’hui"
    assert filters.days_left(today, today) == "0\u00a0j"
    assert (
        filters.ago(datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)) == "à l’instant"
    )
    assert filters.ago(datetime(2000, 1, 1, tzinfo=UTC)).startswith("il y a")


def test_preferences_come_from_cookies_and_nothing_else_gets_in(reader: FlaskClient) -> None:
    reader.set_cookie("ma_theme", "dark")
    reader.set_cookie("ma_density", '"><script>')
    assert '<html lang="fr" data-bs-theme="dark">' in reader.get("/_galerie/erreur").text


def test_an_error_page_is_the_same_bytes_for_everyone(gallery_app: Flask) -> None:
    answers = {gallery_app.test_client().get("/_galerie/erreur").data for _ in range(2)}
    assert len(answers) == 1
