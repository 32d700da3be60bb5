"""Adding a client: type a commune or a SIREN, the rest fills itself in."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from mspaudit.clients import actions, forms, links, queries, rules
from mspaudit.clients.forms import Form
from mspaudit.clients.models import Client
from mspaudit.clients.views import words
from mspaudit.content import communes
from mspaudit.content.communes import Commune
from mspaudit.content.schema import Kind
from mspaudit.content.units import ProposedUnit, proposed_units
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import tenant_blueprint
from mspaudit.tenancy.context import current

blueprint = tenant_blueprint("client_new", __name__, audience="technician", prefix="/clients/nouveau")

Answer = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen: a commune of the national lists, or a company or place to describe."""

    kind: Kind
    commune: Commune | None = None
    siren: str | None = None
    name: str = ""

    @property
    def units(self) -> tuple[ProposedUnit, ...]:
        """Every unit that a large client of that kind has."""
        return proposed_units(self.kind, population=1_000_000, headcount=10_000)


@blueprint.before_request
def _whole_portfolio() -> None:
    # Someone confined to their own clients would not see the one they add.
    if current().kind == "limited":
        abort(403)


@blueprint.get("")
def start() -> str:
    """The field, what it suggests, then the form that the choice fills in."""
    choice = _choice()
    if choice is None:
        return _page(None, Form(request.args), text=request.args.get("q", ""))
    return _page(choice, Form(_as_typed(choice)))


@blueprint.get("/suggestions")
def suggest() -> str:
    """What the text typed so far may mean."""
    text = request.args.get("q", "")
    return render_template("clients/_suggestions.html", **_suggestions(text), **words())


@blueprint.post("")
def create() -> Answer:
    """Add the client that was described."""
    form = Form(request.form)
    choice = _choice() or Choice("enterprise")
    client = _created(choice, form)
    if client is None:
        return _page(choice, form), 422
    flash(f"{client.name} est dans le portefeuille.", "done")
    return redirect(links.overview(client.slug), 303)


def _created(choice: Choice, form: Form) -> Client | None:
    given, tags, members = forms.identity(form, choice.kind), forms.tags(form), form.ids("member")
    units = [unit for unit in choice.units if unit.code in form.sent.getlist("unit")]
    now = clock.now()
    if not form.ok:
        return None
    with form.trying():
        if choice.kind == "enterprise":
            return actions.create_company(units=units, tags=tags, member_ids=members, now=now, **given)
        code = choice.commune.insee_code if choice.commune else None
        return actions.create_commune(code, units=units, tags=tags, member_ids=members, now=now, **given)
    return None


def _choice() -> Choice | None:
    """What the address says was chosen, for the page as for the form it holds."""
    commune = communes.by_insee(request.args.get("insee", ""))
    if commune is not None:
        return Choice("commune", commune)
    siren, name = request.args.get("siren", ""), request.args.get("nom", "")
    if siren or name:
        kind: Kind = "commune" if request.args.get("type") == "commune" else "enterprise"
        return Choice(kind, None, siren or None, rules.line(name)[: rules.NAME_LIMIT])
    return None


def _as_typed(choice: Choice) -> dict[str, str]:
    commune = choice.commune
    if commune is None:
        return {"name": choice.name, "siren": choice.siren or ""}
    return {
        "name": commune.name,
        "siren": commune.siren or "",
        "population": "" if commune.population is None else str(commune.population),
    }


def _suggestions(text: str) -> dict[str, object]:
    """Communes of that name or number, or the company of that SIREN, and which are clients already."""
    found, siren, refused = communes.search(text), None, ""
    if sum(c.isdigit() for c in text) >= 6 and not found:
        try:
            siren = rules.siren(text)
        except rules.Refused as wrong:
            refused = str(wrong)
        commune = communes.by_siren(siren or "")
        found = [commune] if commune else []
    twins = queries.already(siren, [commune.insee_code for commune in found])
    return {"q": rules.line(text), "communes": found, "siren": siren, "refused": refused, "twins": twins}


def _page(choice: Choice | None, form: Form, text: str = "") -> str:
    twins: dict[str, Client] = {}
    usual: set[str] = set()
    if choice is not None:
        insee = [choice.commune.insee_code] if choice.commune else []
        twins = queries.already(choice.siren, insee)
        usual = {unit.code for unit in _usual(choice, form)}
    return render_template(
        "clients/new.html",
        choice=choice,
        form=form,
        ticked=set(form.sent.getlist("unit")) if request.method == "POST" else usual,
        twin=next(iter(twins.values()), None),
        technicians=queries.technicians(),
        known_tags=queries.tags(),
        **{**_suggestions(text), "twins": twins},
        **words(),
    )


def _usual(choice: Choice, form: Form) -> tuple[ProposedUnit, ...]:
    population = form.optional("population", rules.population)
    return proposed_units(choice.kind, population=population, headcount=None)
