import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mspaudit.web import assets, build_assets


@pytest.fixture(autouse=True)
def in_the_application(gallery_app: Flask):
    with gallery_app.app_context():
        yield


def test_an_asset_asked_for_by_its_content_is_kept_a_year(reader: FlaskClient) -> None:
    answer = reader.get(assets.asset_url("mspaudit.css"))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_an_asset_asked_for_by_an_old_address_is_revalidated(reader: FlaskClient) -> None:
    answer = reader.get("/static/mspaudit.css?v=old")
    assert answer.headers["Cache-Control"] == "public, no-cache"
    again = reader.get("/static/mspaudit.css?v=old", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_text_travels_compressed_and_reads_the_same(reader: FlaskClient) -> None:
    url = assets.asset_url("vendor/tabler.css")
    small = reader.get(url, headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert len(small.data) < len(reader.get(url).data) / 4


@pytest.mark.parametrize("path", ["nothing.css", "../__init__.py", "%2e%2e/__init__.py", "js", "vendor"])
def test_nothing_outside_the_folder_is_served(reader: FlaskClient, path: str) -> None:
    assert reader.get(f"/static/{path}").status_code == 404


def test_every_listed_icon_is_in_the_sprite(reader: FlaskClient) -> None:
    sprite = reader.get(assets.asset_url("vendor/sprite.svg")).text
    assert set(re.findall(r'id="i-([a-z0-9-]+)"', sprite)) == assets.ICONS


def test_an_unknown_icon_or_asset_is_refused_with_its_remedy() -> None:
    with pytest.raises(assets.AssetMissing, match=r"icons\.txt"):
        assets.icon("unicorn")
    with pytest.raises(assets.AssetMissing, match="build_assets"):
        assets.asset_url("nothing.css")


def test_an_icon_is_silent_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in assets.icon("x")
    assert 'aria-label="&lt;b&gt;"' in assets.icon("x", label="<b>")


def test_the_stylesheet_asks_for_fonts_by_their_content(reader: FlaskClient) -> None:
    fonts = re.findall(r"url\((fonts/[^)]+)\)", reader.get(assets.asset_url("vendor/fonts.css")).text)
    answers = [reader.get(f"/static/vendor/{font}") for font in fonts]
    assert len(answers) == 2
    assert all("immutable" in answer.headers["Cache-Control"] for answer in answers)


def test_building_again_has_nothing_to_do() -> None:
    assert build_assets.build() is False


def test_the_sprite_names_the_icon_it_cannot_find() -> None:
    with pytest.raises(build_assets.BuildError, match="unicorn"):
        build_assets.sprite(["unicorn"])


def test_npm_runs_from_a_bare_environment() -> None:
    environment = build_assets.npm_environment({}, "scratch")
    assert environment["HOME"] == environment["npm_config_cache"] == "scratch"
    assert environment["PATH"]


def test_the_lock_names_no_machine() -> None:
    assert "resolved" not in (build_assets.FRONTEND / "package-lock.json").read_text()
