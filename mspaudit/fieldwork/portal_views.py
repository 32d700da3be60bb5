"""The direction's pages: its promise, without which nothing opens."""

from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mspaudit.fieldwork import actions, queries, rules
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import portal_blueprint

blueprint = portal_blueprint("client_fieldwork", __name__, audience="decider", prefix="/terrain")


@blueprint.get("")
def index() -> str:
    """The campaigns of the client, the latest first."""
    return render_template(
        "fieldwork/portal.html",
        campaigns=queries.campaigns(g.visitor.client_id),
        rules=rules,
        today=clock.today(clock.now()),
    )


@blueprint.post("/<uuid:campaign>/promesse")
def promise(campaign: UUID) -> ResponseReturnValue:
    """Promise that nobody will be blamed."""
    found = queries.campaign_or_404(g.visitor.client_id, campaign)
    actions.promise(found, now=clock.now())
    flash("C’est noté. La collecte peut commencer.")
    return redirect(url_for("client_fieldwork.index"), 303)
