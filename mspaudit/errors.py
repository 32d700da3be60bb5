"""Every error as a page that says what happened, what was kept and what to do."""

from dataclasses import dataclass

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from mspaudit.adapters.uploads import MIB, too_heavy
from mspaudit.extensions import db
from mspaudit.runtime import runtime
from mspaudit.telemetry import report

log = structlog.get_logger(__name__)


class DomainError(Exception):
    """A refused action; the message is French and fit for the person who tried it. Nothing was written."""


@dataclass(frozen=True)
class Told:
    """An error as its reader sees it."""

    title: str
    happened: str
    kept: str
    todo: str


HOME = ("Revenir à l’accueil", "/")
NOT_FOUND = Told(
    "Page introuvable",
    "Cette adresse ne mène à rien que vous puissiez ouvrir.",
    "Rien n’a été modifié.",
    "Vérifiez l’adresse, ou revenez à l’accueil.",
)
PAGES = {
    400: Told(
        "Demande incomplète",
        "Le formulaire reçu n’est pas complet, ou la page était ouverte depuis trop longtemps.",
        "Rien n’a été modifié.",
        "Revenez en arrière, rechargez la page, puis recommencez.",
    ),
    403: Told(
        "Votre rôle ne permet pas cette action",
        "Votre compte peut consulter cette page ou une partie d’elle, mais pas faire ce changement.",
        "Rien n’a été modifié.",
        "Demandez à un administrateur de votre équipe.",
    ),
    404: NOT_FOUND,
    405: NOT_FOUND,
    409: Told(
        "Quelqu’un d’autre vient de modifier cette page",
        "Ce que vous voyez n’était plus à jour.",
        "La modification de l’autre personne est gardée ; la vôtre n’est pas enregistrée.",
        "Rechargez la page, puis choisissez.",
    ),
    413: Told(
        "Fichier trop lourd",
        "Le fichier dépasse la limite.",
        "Rien n’a été enregistré ; vos autres réponses sont gardées.",
        "Envoyez une photo ou un PDF plus léger.",
    ),
    429: Told(
        "Trop d’essais",
        "Trop de demandes sont arrivées en peu de temps.",
        "Rien n’a été modifié.",
        "Attendez une minute, puis recommencez.",
    ),
    500: Told(
        "Une erreur nous a échappé",
        "Le serveur n’a pas pu terminer cette demande ; nous en sommes prévenus.",
        "Rien n’a été enregistré à moitié.",
        "Recommencez. Si cela se répète, prévenez votre prestataire.",
    ),
    503: Told(
        "Le service reprend dans un instant",
        "La base de données ne répond pas pour le moment.",
        "Rien n’a été enregistré à moitié ; ce que vous aviez saisi est gardé par votre navigateur.",
        "Attendez quelques secondes, puis recommencez.",
    ),
}


def register(app: Flask) -> None:
    """Tell every error in French, as a page or as JSON when a script asked."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, lambda _error: tell(400))
    app.register_error_handler(DomainError, lambda error: tell(422, happened=str(error)))
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _unexpected)


def tell(status: int, *, happened: str | None = None) -> Response:
    """The answer for ``status``; nothing of this transaction is kept."""
    db.session.rollback()
    told = PAGES.get(status, PAGES[400])
    message = happened or told.happened
    if request.accept_mimetypes.best == "application/json":
        answer = jsonify(error=message, kept=told.kept, todo=told.todo)
    else:
        page = render_template(
            "error.html", title=told.title, happened=message, kept=told.kept, todo=told.todo, actions=[HOME]
        )
        answer = make_response(page)
    answer.status_code = status
    if status == 503:
        answer.headers["Retry-After"] = "5"
    return answer


def _http(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    if error.code == 413 and request.content_length:
        limit = runtime().settings.upload_limit_mib * MIB
        return tell(413, happened=too_heavy(request.content_length, limit))
    return tell(404 if error.code == 405 else error.code)


def _database(error: DBAPIError) -> Response:
    if isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated:
        log.warning("database_unavailable", error=type(error.orig).__name__)
        return tell(503)
    return _unexpected(error)


def _unexpected(error: Exception) -> Response:
    # Flask itself tells Sentry only of the errors that no handler takes.
    places = report(error)
    log.error("unexpected_error", route=str(request.url_rule), error=type(error).__name__, places=places)
    return tell(500)
