"""Look and feel: base templates, components, charts, assets and security headers; knows no feature room."""

from flask import Blueprint, Flask

from mspaudit.web import assets, filters, headers


def register(app: Flask) -> None:
    """Give the application its templates, filters, `/static/` and security headers.

    Raises RuntimeError when the application serves a static folder of its own.
    """
    if app.has_static_folder:
        raise RuntimeError("create the application with static_folder=None: mspaudit.web serves /static/")
    app.register_blueprint(Blueprint("web", __name__, template_folder="templates"))
    app.add_url_rule("/static/<path:filename>", "static", assets.serve)
    filters.register(app)
    headers.register(app)
