"""A decider's contracts: what binds the organisation, until when, and for how much."""

from flask import g, render_template

from mspaudit.clients.queries import by_id
from mspaudit.inventory import queries, rules
from mspaudit.kernel import clock
from mspaudit.portal.queries import helper
from mspaudit.tenancy.blueprints import portal_blueprint

blueprint = portal_blueprint("portal_contracts", __name__, audience="decider")


@blueprint.get("/contrats")
def contracts() -> str:
    """Every contract by its last useful day, and what a year costs."""
    today = clock.today(clock.now())
    client = by_id(g.visitor.client_id)
    listed = queries.agreements(g.visitor.client_id, today=today)
    return render_template(
        "portal/contracts.html",
        client=client,
        listed=[one for one in listed if one.period is None or one.period.end >= today],
        year=queries.costs(listed, None, today=today),
        kinds=rules.KINDS,
        helper=helper(g.visitor.client_id),
        today=today,
    )
