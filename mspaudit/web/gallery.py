"""Every component on a few pages, over invented data: for debug and for the tests of this room."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.kernel import french
from mspaudit.web import charts

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 13, 32, tzinfo=UTC)

CLIENTS: tuple[dict[str, Any], ...] = (
    {"name": "Beaucorne", "size": "640 hab.", "tags": ("sans pilote",), "missing": 69.5, "unproven": 8.5,
     "change": 3, "certainty": 65, "contradicted": 1, "scenario": "Arrêt d’activité", "exposure": 81,
     "act_by": date(2026, 11, 30), "subject": "Mission SIG, accès", "contact": date(2026, 10, 6)},
    {"name": "Assurances Velorme", "size": "11 pers.", "tags": ("M365",), "missing": 60, "unproven": 17,
     "change": -2, "certainty": 50, "contradicted": 0, "scenario": "Arrêt d’activité", "exposure": 82,
     "act_by": date(2026, 11, 30), "subject": "Assurance cyber, préavis", "contact": date(2026, 11, 3)},
    {"name": "Méravelle", "size": "2 460 hab.", "tags": ("CCAS", "crèche"), "missing": 41, "unproven": 20,
     "change": -9, "certainty": 56, "contradicted": 1, "scenario": "Accès oublié", "exposure": 65,
     "act_by": date(2027, 1, 15), "subject": "Plan de crise à relire", "contact": date(2026, 11, 17)},
    {"name": "Valbrune", "size": "1 842 hab.", "tags": ("CCAS",), "missing": 31, "unproven": 11,
     "change": 0, "certainty": 59, "contradicted": 2, "scenario": "Fraude au virement", "exposure": 75,
     "act_by": date(2026, 11, 13), "subject": "Test de restauration", "contact": date(2026, 11, 18)},
    {"name": "Corvane", "size": "28 pers.", "tags": ("assuré",), "missing": 14, "unproven": 7,
     "change": -4, "certainty": 82, "contradicted": 0, "scenario": "Rançongiciel", "exposure": 33,
     "act_by": date(2026, 12, 9), "subject": "Nom de domaine", "contact": date(2026, 11, 12)},
)  # fmt: skip

NAV = (
    ("Suivre", (
        ("Portefeuille", "list-details", 0, ""), ("Échéances", "calendar-due", 7, "à traiter sous 15 jours"),
        ("À éclaircir", "equal-not", 7, "réponses contredites par une mesure"), ("Comptes", "users", 0, ""),
        ("Sauvegardes", "database", 5, "sans preuve récente"), ("Équipements", "device-desktop", 0, ""),
    )),
    ("Agir", (
        ("Plan d’action", "checklist", 0, ""), ("Décisions", "writing-sign", 0, ""),
        ("Écoute terrain", "messages", 0, ""), ("Crise", "lifebuoy", 0, ""),
    )),
    ("Rendre compte", (("Rapports", "file-text", 12, "à relire"), ("Offres", "receipt-euro", 0, ""))),
)  # fmt: skip

ANSWERS = (
    ("3", "Oui", "À chaque départ, sous deux jours"),
    ("2", "En partie", "Parfois, ou pas tous"),
    ("0", "Non", ""),
    ("unknown", "Je ne sais pas", "Réponse utile : Inès vérifiera avec vous"),
    ("na", "Pas concerné", "Vous direz pourquoi en une phrase"),
)


def _wave(start: float, end: float, count: int = 13) -> list[float]:
    return [start + (end - start) * i / (count - 1) + (0.8 if i % 3 else -0.6) for i in range(count)]


def _points() -> list[tuple[float, str]]:
    return [(20 + (i * 37 % 61), "commune" if i % 5 < 3 else "enterprise") for i in range(60)]


def shell_context() -> dict[str, Any]:
    """What `shell.html` needs, as an application would give it."""
    here = url_for("gallery.index")
    nav = [
        (title, [
            {"label": label, "icon": glyph, "count": count, "count_label": say, "url": here,
             "current": label == "Portefeuille"}
            for label, glyph, count, say in items
        ])
        for title, items in NAV
    ]  # fmt: skip
    return {
        "msp_name": "Tilleul Infogérance", "home_url": here, "nav": nav, "reader_key": "galerie",
        "nav_foot": [{"label": "Réglages", "icon": "settings", "url": here}],
        "user_name": "Inès Carvalho", "user_initials": "IC", "sign_out_url": here,
        "user_links": [{"label": "Mon compte", "icon": "user", "url": here}],
        "search_url": url_for("gallery.search"),
        "beat": {"label": "Alertes en service, " + french.hour(NOW), "url": here},
    }  # fmt: skip


def index() -> ResponseReturnValue:
    """The technician's components."""
    return render_template(
        "gallery/index.html", clients=CLIENTS, today=TODAY, now=NOW, wave=_wave, points=_points(),
        axis=charts.Axis(TODAY), order=request.args.get("tri", "-risk"),
        sorted_url=lambda order: url_for("gallery.index", tri=order), **shell_context(),
    )  # fmt: skip


def forms() -> ResponseReturnValue:
    """Fields, messages and dialogs."""
    return render_template("gallery/forms.html", today=TODAY, **shell_context())


def search() -> ResponseReturnValue:
    """What the palette shows: links whose names contain the words."""
    wanted = french.fold(request.args.get("q", ""))
    found = [client for client in CLIENTS if wanted and wanted in french.fold(client["name"])]
    return render_template("gallery/_results.html", found=found, wanted=wanted)


def question() -> ResponseReturnValue:
    """One question a screen; saving answers in JSON when asked for it."""
    if request.method == "GET":
        return render_template(
            "gallery/question.html", options=ANSWERS, reader_key="galerie", help_url="tel:+33261910412",
            back_label="Commune de Valbrune", back_url=url_for("gallery.index"),
        )  # fmt: skip
    if request.headers.get("X-Autosave"):
        return jsonify(saved=f"Enregistré à {french.hour(NOW)}")
    return redirect(url_for("gallery.question"), 303)


def error() -> ResponseReturnValue:
    """A failure, told."""
    return render_template(
        "error.html", title="Connexion perdue", happened="Le serveur n’a pas répondu à temps.",
        kept="Vos 12 réponses sont enregistrées. La dernière est gardée sur ce téléphone.",
        todo="Réessayez dans une minute. Si cela dure, appelez Inès Carvalho au 02 61 91 04 12.",
        actions=[("Réessayer", url_for("gallery.error")), ("Revenir à l’accueil", url_for("gallery.index"))],
    )  # fmt: skip


def plain() -> ResponseReturnValue:
    """Signing in."""
    return render_template("gallery/plain.html")


def sheet() -> ResponseReturnValue:
    """An A4 page."""
    return render_template("gallery/sheet.html", wave=_wave)


PAGES: tuple[tuple[str, Callable[[], ResponseReturnValue]], ...] = (
    ("/", index), ("/formulaires", forms), ("/recherche", search), ("/question", question),
    ("/erreur", error), ("/connexion", plain), ("/feuille", sheet),
)  # fmt: skip


def add_pages(blueprint: Blueprint) -> Blueprint:
    """Add the gallery to a blueprint called `gallery`, whose audience is the caller's choice."""
    for path, view in PAGES:
        methods = ["GET", "POST"] if view is question else ["GET"]
        blueprint.add_url_rule(path, view.__name__, view, methods=methods)
    return blueprint
