"""One incident, from a strange mail on a Friday evening to its lessons; and who may sign, here and there."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from mspaudit.clients.mandate_actions import Upload
from mspaudit.clients.models import Client
from mspaudit.clients.queries import by_id
from mspaudit.crisis.incidents import actions, queries, signing_actions
from mspaudit.crisis.incidents.models import Incident
from mspaudit.crisis.incidents.rules import Told
from mspaudit.crisis.incidents.signing_actions import Right
from mspaudit.demo.acts.scene import Scene
from mspaudit.demo.paper import certificate
from mspaudit.demo.stage import Role
from mspaudit.kernel.clock import PARIS
from mspaudit.tenancy.context import current, using

STRUCK = "Valbrune"
SIGNERS = 6
"""Clients whose people to sign are written down; the second of them without a proof yet."""
AGO = timedelta(days=63)
# Hours after someone knew, what the line is, and what it says.
LOG = (
    (0.4, "action", "Mot de passe de la boîte changé depuis un autre poste, sessions fermées."),
    (0.9, "fact", "Une règle de transfert vers une adresse inconnue existait depuis six jours."),
    (1.2, "decision", "Le maire décide de porter plainte et de prévenir l’assureur lundi matin."),
    (3.0, "action", "Règle supprimée, second facteur activé sur les quatre boîtes de la mairie."),
    (40.0, "fact", "Le journal montre que 312 courriels ont été lus, dont 14 dossiers d’aide sociale."),
)
LESSONS = (
    "Second facteur sur toutes les boîtes de la mairie et du CCAS",
    "Alerte quand une règle de transfert vers l’extérieur est créée",
    "Afficher la fiche de la première heure à l’accueil",
)


def play(scene: Scene) -> None:
    """Write who may sign at some clients, and the one incident at the commune that it struck."""
    for rank, (client_id, role) in enumerate(scene.roles):
        client = by_id(client_id) if rank < SIGNERS or role.place.name == STRUCK else None
        if client is None:
            continue
        with using(replace(current(), actor=role.people[1].name)):
            _signer(scene, client, role, proved=rank != 1)
            if role.place.name == STRUCK:
                _struck(scene, client)


def _signer(scene: Scene, client: Client, role: Role, *, proved: bool) -> None:
    on = scene.today - timedelta(days=150)
    who = role.people[0]
    title = "Maire" if role.kind == "commune" else "Dirigeant"
    document = Upload("habilitation.pdf", certificate("habilitation", on)) if proved else None
    right = Right(who.name, title, complaint=True, cnil=True, insurer=True, granted_on=on if proved else None)
    at = datetime.combine(on, time(11), PARIS).astimezone(UTC)
    signing_actions.grant(client, right, document=document, today=scene.today, now=at)


def _struck(scene: Scene, client: Client) -> None:
    aware = datetime.combine(scene.today - AGO, time(17, 40), PARIS).astimezone(UTC)
    incident = actions.open_incident(
        client, kind="account", what="La boîte de l’accueil envoie des messages que personne n’a écrits.",
        awareness_at=aware, now=aware + timedelta(minutes=8),
    )  # fmt: skip
    for hours, kind, text in LOG:
        at = aware + timedelta(hours=hours)
        actions.write(incident, kind=kind, text=text, happened_at=at, corrects=None, now=at)
    known = Told(personal="yes", risk="likely", insured="yes")
    after = aware + timedelta(hours=41)
    actions.say(client, incident, known, insurer="Assurances du Val, contrat cyber", csirt="", now=after)
    actions.describe_breach(
        incident, data="Courriels de l’accueil, dont des demandes d’aide sociale", people=14,
        effects="Usurpation d’identité, chantage", measures="Accès coupé, personnes appelées une à une",
        now=after,
    )  # fmt: skip
    _settled(incident, aware)


def _settled(incident: Incident, aware: datetime) -> None:
    for clock in queries.clocks(incident.id):
        if clock.holds:
            at = aware + timedelta(hours={"complaint": 62, "cnil": 66}.get(clock.duty, 64))
            actions.met(incident, clock, at=at, now=at)
    end = aware + timedelta(days=6)
    summary = (
        "Mot de passe deviné, boîte reprise en une heure. Quatorze personnes prévenues. Plainte déposée."
    )
    actions.close(incident, summary=summary, now=end)
    actions.learn(incident, LESSONS, now=end + timedelta(days=9))
