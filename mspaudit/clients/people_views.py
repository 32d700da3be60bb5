"""Changing what a client is made of: units, people, referents, and who may sign in."""

from uuid import UUID

from flask import flash, g, render_template, request

from mspaudit.clients import forms, mandate_actions, people_actions, queries, rules
from mspaudit.clients.edit_views import Answer, to_sheet
from mspaudit.clients.forms import Form
from mspaudit.clients.models import Client, OrgUnit, Person
from mspaudit.clients.views import words
from mspaudit.errors import DomainError
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint("client_people", __name__, audience="technician", prefix="/clients/<client>")


@blueprint.route("/services/nouveau", methods=["GET", "POST"])
def new_unit(client: str) -> Answer:
    """Add a unit."""
    return _edit_unit(queries.client_or_404(client), None)


@blueprint.route("/services/<uuid:unit>", methods=["GET", "POST"])
def edit_unit(client: str, unit: UUID) -> Answer:
    """Change a unit."""
    found = queries.client_or_404(client)
    return _edit_unit(found, queries.unit_or_404(found.id, unit))


def _edit_unit(client: Client, unit: OrgUnit | None) -> Answer:
    form = Form(request.form if request.method == "POST" else _unit_as_typed(unit))
    if request.method == "GET":
        return _page("unit_form", client, form, unit=unit)
    name, siret = form.text("name"), form.optional("siret", rules.siret)
    own = form.ticked("legal_entity")
    if form.ok:
        with form.trying():
            if unit is None:
                people_actions.add_unit(client, name=name, siret=siret, legal_entity=own, now=clock.now())
            else:
                people_actions.update_unit(
                    client, unit, name=name, siret=siret, legal_entity=own, now=clock.now()
                )
    if not form.ok:
        return _page("unit_form", client, form, unit=unit), 422
    flash(f"Service « {name} » enregistré.", "done")
    return to_sheet(client, "services")


@blueprint.post("/services/<uuid:unit>/retrait")
def remove_unit(client: str, unit: UUID) -> Answer:
    """Remove a unit."""
    found = queries.client_or_404(client)
    row = queries.unit_or_404(found.id, unit)
    people_actions.remove_unit(found, row, now=clock.now())
    flash(f"Service « {row.name} » retiré.", "done")
    return to_sheet(found, "services")


@blueprint.route("/personnes/nouvelle", methods=["GET", "POST"])
def new_person(client: str) -> Answer:
    """Add someone."""
    return _edit_person(queries.client_or_404(client), None)


@blueprint.route("/personnes/<uuid:person>", methods=["GET", "POST"])
def edit_person(client: str, person: UUID) -> Answer:
    """Change what is known of someone."""
    found = queries.client_or_404(client)
    return _edit_person(found, queries.person_or_404(found.id, person))


def _edit_person(client: Client, person: Person | None) -> Answer:
    form = Form(request.form if request.method == "POST" else _person_as_typed(client, person))
    if request.method == "GET":
        return _page("person_form", client, form, person=person)
    card = forms.card(form)
    if form.ok:
        with form.trying():
            if person is None:
                people_actions.add_person(client, now=clock.now(), **card)
            else:
                people_actions.update_person(client, person, now=clock.now(), **card)
    if not form.ok:
        return _page("person_form", client, form, person=person), 422
    flash(f"{card['name']} : fiche enregistrée.", "done")
    return to_sheet(client, "personnes")


@blueprint.post("/personnes/<uuid:person>/depart")
def left(client: str, person: UUID) -> Answer:
    """Note that someone left."""
    found = queries.client_or_404(client)
    row = queries.person_or_404(found.id, person)
    form = Form(request.form)
    on = form.needed("left_on", rules.day)
    if on is None:
        raise DomainError(form.errors["left_on"])
    people_actions.mark_left(found, row, on=on, now=clock.now())
    flash(f"Départ de {row.name} noté : ses rôles et son accès à l’espace sont clos.", "done")
    return to_sheet(found, "personnes")


@blueprint.route("/personnes/<uuid:person>/acces", methods=["GET", "POST"])
def access(client: str, person: UUID) -> Answer:
    """Let someone sign in to the client's space."""
    found = queries.client_or_404(client)
    row = queries.person_or_404(found.id, person)
    form = Form(request.form)
    if request.method == "GET":
        return _page("access_form", found, form, person=row)
    unit_id = forms.identifier(form.values.get("unit_id", ""))
    with form.trying():
        role = form.values.get("role", "")
        people_actions.invite_to_space(
            found, row, role=role, unit_id=unit_id, msp_name=g.visitor.tenant_name, now=clock.now()
        )
    if not form.ok:
        return _page("access_form", found, form, person=row), 422
    flash(f"{row.name} peut se connecter à l’espace avec {row.email} : un courriel le lui explique.", "done")
    return to_sheet(found, "acces")


@blueprint.post("/acces/<uuid:member>/fermeture")
def withdraw(client: str, member: UUID) -> Answer:
    """Close the client's space to someone."""
    found = queries.client_or_404(client)
    row = queries.member_or_404(found.id, member)
    people_actions.withdraw_access(found, row, now=clock.now())
    flash(f"{row.name} n’a plus accès à l’espace.", "done")
    return to_sheet(found, "acces")


@blueprint.post("/acces/<uuid:member>/code")
def reset_pin(client: str, member: UUID) -> Answer:
    """Let someone who forgot their personal code choose another."""
    found = queries.client_or_404(client)
    row = queries.member_or_404(found.id, member)
    people_actions.reset_pin(found, row, now=clock.now())
    flash(
        f"C’est demandé. Un courriel dit à {row.name} quand choisir un autre code : "
        "tout de suite, ou au bout de 24 heures.",
        "done",
    )
    return to_sheet(found, "acces")


@blueprint.route("/referents/nouveau", methods=["GET", "POST"])
def new_referent(client: str) -> Answer:
    """Name a referent."""
    found = queries.client_or_404(client)
    form = Form(request.form if request.method == "POST" else request.args)
    if request.method == "GET":
        return _page("referent_form", found, form)
    with form.trying():
        _name_referent(found, form)
    if not form.ok:
        return _page("referent_form", found, form), 422
    flash("Référent enregistré.", "done")
    return to_sheet(found, "referents")


def _name_referent(client: Client, form: Form) -> None:
    now = clock.now()
    since, terms = form.optional("since", rules.day) or clock.today(now), forms.terms(form)
    here = {str(person.id): person for person in queries.people(client.id)}
    person = here.get(form.values.get("person_id", ""))
    if person is None:
        form.errors["person_id"] = "Choisissez une personne."
    if person is None or not form.ok:
        return
    mandate_actions.name_referent(
        client,
        role=form.values.get("role", ""),
        person=person,
        deputy=here.get(form.values.get("deputy_id", "")),
        mandate=forms.upload(request.files.get("mandate")),
        since=since,
        now=now,
        **terms,
    )


@blueprint.post("/referents/<uuid:referent>/fin")
def end_referent(client: str, referent: UUID) -> Answer:
    """End a referent's role today."""
    found = queries.client_or_404(client)
    row = queries.referent_or_404(found.id, referent)
    now = clock.now()
    mandate_actions.end_referent(found, row, on=max(clock.today(now), row.since), now=now)
    flash(f"{rules.ROLES[row.role]} : rôle terminé.", "done")
    return to_sheet(found, "referents")


def _page(name: str, client: Client, form: Form, **more: object) -> str:
    return render_template(
        f"clients/{name}.html",
        client=client,
        form=form,
        units=queries.org_units(client.id),
        people=[person for person in queries.people(client.id) if person.left_on is None],
        today=clock.today(clock.now()),
        **more,
        **words(),
    )


def _unit_as_typed(unit: OrgUnit | None) -> dict[str, str]:
    if unit is None:
        return {}
    typed = {"name": unit.name, "siret": unit.siret or ""}
    return {**typed, "legal_entity": "1"} if unit.legal_entity else typed


def _person_as_typed(client: Client, person: Person | None) -> dict[str, str]:
    if person is None:
        return {"status": "agent" if client.is_commune else "employee"}
    names = ("name", "status", "email", "phone", "title")
    return {
        **{name: getattr(person, name) or "" for name in names},
        "unit_id": str(person.org_unit_id or ""),
    }
