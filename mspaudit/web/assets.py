"""Serving `static/`: addresses that change with the content, so that browsers may keep them a year."""

import gzip
import hashlib
from functools import cache, lru_cache
from pathlib import Path

from flask import Response, abort, current_app, request, send_file
from markupsafe import escape
from werkzeug.security import safe_join

from mspaudit.web.svg import Svg

STATIC = Path(__file__).parent / "static"
ICONS = frozenset((Path(__file__).parent / "icons.txt").read_text().split())

COMPRESSIBLE = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
A_YEAR = "public, max-age=31536000, immutable"


class AssetMissing(LookupError):
    """The asset does not exist; vendor files appear after `python -m mspaudit.web.build_assets`."""


@lru_cache(maxsize=256)
def _version(path: str, _modified: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


@lru_cache(maxsize=64)
def _compressed(path: str, _modified: int) -> bytes:
    return gzip.compress(Path(path).read_bytes(), 9, mtime=0)


def _address(name: str) -> str:
    path = STATIC / name
    if not path.is_file():
        raise AssetMissing(f"{name} is not in static/: run `python -m mspaudit.web.build_assets`")
    return f"/static/{name}?v={_version(str(path), path.stat().st_mtime_ns)}"


_published = cache(_address)


def asset_url(name: str) -> str:
    """The address of a file of `static/`, with its content's hash. Raises AssetMissing."""
    return _address(name) if current_app.debug else _published(name)


def serve(filename: str) -> Response:
    """A file of `static/`: kept a year when asked for by its current hash, else revalidated each time."""
    found = safe_join(str(STATIC), filename)
    if found is None or not Path(found).is_file():
        abort(404)
    modified = Path(found).stat().st_mtime_ns
    version = _version(found, modified)
    kind = COMPRESSIBLE.get(Path(found).suffix)
    if kind and "gzip" in request.accept_encodings:
        response = Response(_compressed(found, modified), content_type=kind)
        response.headers["Content-Encoding"] = "gzip"
        response.set_etag(f"{version}-gzip")
        response.make_conditional(request)
    else:
        response = send_file(found, mimetype=kind, etag=version, max_age=0)
    if kind:
        response.headers["Vary"] = "Accept-Encoding"
    fresh = request.args.get("v") == version
    response.headers["Cache-Control"] = A_YEAR if fresh else "public, no-cache"
    return response


@lru_cache(maxsize=1024)
def _icon(name: str, small: bool, label: str | None, sprite: str) -> Svg:
    if name not in ICONS:
        raise AssetMissing(f"no icon is called {name!r}: add it to web/icons.txt and build the assets")
    size = "icon icon-sm" if small else "icon"
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Svg(f'<svg class="{size}" {spoken}><use href="{sprite}#i-{name}"/></svg>')


def icon(name: str, *, small: bool = False, label: str | None = None) -> Svg:
    """One icon of the sprite, decorative unless it has a label. Raises AssetMissing on an unknown name."""
    return _icon(name, small, label, asset_url("vendor/sprite.svg"))
