"""People from outside: their contract, the gate, their accesses, the end."""

from collections.abc import Callable
from uuid import UUID

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.adapters.uploads import UploadRefused
from mspaudit.clients import queries as clients
from mspaudit.clients import rules as client_rules
from mspaudit.clients.models import Client, Person
from mspaudit.clients.queries import client_or_404
from mspaudit.content import departures as content
from mspaudit.departures import actions, documents, forms, pages, queries, rules
from mspaudit.departures.forms import LeavingForm
from mspaudit.departures.models import Mission
from mspaudit.errors import DomainError
from mspaudit.journal.actions import record
from mspaudit.kernel import clock
from mspaudit.kernel.french import slug
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint("missions", __name__, audience="reader", prefix="/clients/<client>/intervenants")


@blueprint.get("")
def index(client: str) -> str:
    """The missions of a client."""
    return _index(client_or_404(client), LeavingForm({"starts_on": pages.today().isoformat()}))


@blueprint.post("")
def add(client: str) -> ResponseReturnValue:
    """Someone from outside will come."""
    found, form = client_or_404(client), LeavingForm(request.form)
    start, end, name = form.day("starts_on"), form.day("ends_on"), form.text("name")
    email = form.optional("email", client_rules.email)
    sponsor = form.person("sponsor_id", _people(found))
    mission: Mission | None = None
    if form.ok:
        with form.trying():
            mission = actions.add_mission(
                found,
                name=name,
                company=form.values.get("company", ""),
                email=email,
                purpose=form.values.get("purpose", ""),
                starts_on=start,
                ends_on=end,
                sponsor=sponsor,
                now=clock.now(),
            )
    if mission is None:
        return _index(found, form), 422
    return redirect(url_for("missions.show", client=client, mission=mission.id), 303)


@blueprint.get("/<uuid:mission>")
def show(client: str, mission: UUID) -> str:
    """One mission."""
    found = client_or_404(client)
    return _page(found, queries.mission_or_404(found.id, mission))


@blueprint.post("/<uuid:mission>")
def brief(client: str, mission: UUID) -> ResponseReturnValue:
    """What was signed, told and declared; the contract, when one is sent."""

    def write(found: Client, row: Mission) -> str:
        form, now = LeavingForm(request.form), clock.now()
        given = forms.brief(form)
        if not form.ok:
            raise DomainError(" ".join(text for _field, text in form.summary))
        sponsor = form.person("sponsor_id", _people(found))
        actions.brief(row, given, sponsor=sponsor, today=clock.today(now), now=now)
        file = request.files.get("contract")
        if file is not None and file.filename:
            actions.attach_contract(row, file.read(), file.filename, now=now)
        return "Enregistré."

    return _do(client, mission, write)


@blueprint.post("/<uuid:mission>/acces")
def open_access(client: str, mission: UUID) -> ResponseReturnValue:
    """An account was opened, once the gate is passed."""

    def write(found: Client, row: Mission) -> str:
        now, sent = clock.now(), request.form
        access = actions.open_access(
            found,
            row,
            account=sent.get("account", ""),
            device=sent.get("device", ""),
            mfa="mfa" in sent,
            today=clock.today(now),
            now=now,
        )
        return f"Accès « {access.account} » noté."

    return _do(client, mission, write)


@blueprint.post("/<uuid:mission>/acces/<uuid:access>/coupure")
def revoke(client: str, mission: UUID, access: UUID) -> ResponseReturnValue:
    """An account was cut."""

    def write(_found: Client, row: Mission) -> str:
        now, cut = clock.now(), queries.access_or_404(row.id, access)
        actions.revoke_access(row, cut, today=clock.today(now), now=now)
        return f"Accès « {cut.account} » coupé."

    return _do(client, mission, write)


@blueprint.post("/<uuid:mission>/renouvellement")
def renew(client: str, mission: UUID) -> ResponseReturnValue:
    """The mission goes on."""

    def write(_found: Client, row: Mission) -> str:
        now = clock.now()
        actions.renew(row, forms.one_day(request.form, "until"), today=clock.today(now), now=now)
        return "Mission renouvelée."

    return _do(client, mission, write)


@blueprint.post("/<uuid:mission>/fin")
def end(client: str, mission: UUID) -> ResponseReturnValue:
    """The mission ends sooner."""

    def write(_found: Client, row: Mission) -> str:
        actions.end_mission(row, forms.one_day(request.form, "ends_on"), now=clock.now())
        return "Fin de mission notée."

    return _do(client, mission, write)


@blueprint.post("/<uuid:mission>/attestation")
def certify(client: str, mission: UUID) -> ResponseReturnValue:
    """The signed certificate of destruction came back."""

    def write(_found: Client, row: Mission) -> str:
        file, now = request.files.get("certificate"), clock.now()
        if file is None or not file.filename:
            raise UploadRefused("Choisissez d’abord le fichier signé.")
        actions.attach_certificate(row, file.read(), file.filename, today=clock.today(now), now=now)
        return "Attestation reçue."

    return _do(client, mission, write)


@blueprint.post("/<uuid:mission>/cloture")
def close(client: str, mission: UUID) -> ResponseReturnValue:
    """Someone else checked the end."""

    def write(_found: Client, row: Mission) -> str:
        actions.close_mission(row, now=clock.now())
        return "Mission close."

    return _do(client, mission, write)


@blueprint.get("/<uuid:mission>/contrat")
def contract(client: str, mission: UUID) -> Response:
    """The signed contract."""
    row = _seen(client, mission)
    return pages.stored_file(row.contract_key, row.contract_name)


@blueprint.get("/<uuid:mission>/attestation-signee")
def certificate(client: str, mission: UUID) -> Response:
    """The signed certificate of destruction."""
    row = _seen(client, mission)
    return pages.stored_file(row.certificate_key, row.certificate_name)


@blueprint.get("/<uuid:mission>/attestation.pdf")
def paper(client: str, mission: UUID) -> Response:
    """The certificate of destruction to sign."""
    found, row = client_or_404(client), _seen(client, mission)
    accesses = queries.accesses(row.id)
    data = documents.destruction_pdf(found, row, accesses, msp=g.visitor.tenant_name, at=clock.now())
    return pages.paper(data, f"attestation-{slug(row.name)}.pdf")


def _seen(client: str, mission: UUID) -> Mission:
    row = queries.mission_or_404(client_or_404(client).id, mission)
    record("mission.file_opened", row.name, subject_id=row.id, client_id=row.client_id)
    return row


def _do(client: str, mission: UUID, verb: Callable[[Client, Mission], str]) -> ResponseReturnValue:
    found = client_or_404(client)
    row = queries.mission_or_404(found.id, mission, lock=True)
    try:
        flash(verb(found, row), "done")
    except (DomainError, UploadRefused) as refusal:
        return _page(found, row, refused=str(refusal)), 422
    return redirect(url_for("missions.show", client=client, mission=row.id), 303)


def _people(client: Client) -> list[Person]:
    return [person for person in clients.people(client.id) if person.left_on is None]


def _index(client: Client, form: LeavingForm) -> str:
    today = pages.today()
    return pages.render(
        "missions",
        client,
        form=form,
        missions=queries.missions(client, today=today),
        people=_people(client),
        last_end=rules.last_end(today),
    )


def _page(client: Client, mission: Mission, refused: str = "") -> str:
    today = pages.today()
    return pages.render(
        "mission",
        client,
        found=queries.mission_view(client, mission, today=today),
        clauses=content.clauses(client.kind),
        exposed=content.exposed(),
        people=_people(client),
        last_end=rules.last_end(max(today, mission.starts_on)),
        term_days=rules.TERM_DAYS,
        refused=refused,
    )
