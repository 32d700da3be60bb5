"""The application as the web server runs it, and two more views, as floors: an empty page, a bare answer."""

from flask import Flask, Response, render_template_string

from mspaudit.app import create_app
from mspaudit.tenancy import blueprints

EMPTY = '{% extends "shell.html" %}{% block title %}Vide{% endblock %}{% block content %}{% endblock %}'


def create() -> Flask:
    """The application, with `/<msp>/vide` for whoever is signed in and `/banc/rien` for all."""
    app = create_app()
    floor = blueprints.tenant_blueprint("floor", __name__, audience="reader")
    floor.add_url_rule("/vide", "page", lambda: render_template_string(EMPTY))
    app.register_blueprint(floor)
    bare = blueprints.public_blueprint("bare", __name__)
    bare.add_url_rule(
        "/banc/rien", "answer", lambda: Response("OK", content_type="text/plain; charset=utf-8")
    )
    app.register_blueprint(bare)
    blueprints.check(app)
    return app
