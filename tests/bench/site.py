"""The application as the web server runs it, and one page more: an empty one, as a floor."""

from flask import Flask, render_template_string

from mspaudit.app import create_app
from mspaudit.tenancy import blueprints

EMPTY = '{% extends "shell.html" %}{% block title %}Vide{% endblock %}{% block content %}{% endblock %}'


def create() -> Flask:
    """The application of the environment, with `/<msp>/vide` for whoever is signed in."""
    app = create_app()
    floor = blueprints.tenant_blueprint("floor", __name__, audience="reader")
    floor.add_url_rule("/vide", "page", lambda: render_template_string(EMPTY))
    app.register_blueprint(floor)
    blueprints.check(app)
    return app
