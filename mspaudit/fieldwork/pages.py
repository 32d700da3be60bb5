"""What every page of this room shows around its own matter."""

from uuid import UUID

from flask import g, render_template

from mspaudit.clients import links
from mspaudit.clients.models import Client
from mspaudit.content import fieldwork as content
from mspaudit.fieldwork import queries, rules, tokens
from mspaudit.fieldwork.forms import FieldForm
from mspaudit.fieldwork.models import FieldCampaign
from mspaudit.identity.queries import technicians_of
from mspaudit.kernel import clock
from mspaudit.tenancy.context import current


def render(template: str, client: Client, **more: object) -> str:
    """A page about one client, for the MSP."""
    return render_template(
        f"fieldwork/{template}.html",
        client=client,
        today=clock.today(clock.now()),
        can_edit=g.visitor.role != "reader",
        overview=links.overview(client.slug),
        portfolio_url=links.portfolio(),
        content=content,
        rules=rules,
        **more,
    )


def index(client: Client, form: FieldForm | None = None) -> str:
    """A client's campaigns, and the form of the next when none is open."""
    found = queries.campaigns(client.id)
    return render(
        "index",
        client,
        campaigns=found,
        may_prepare=all(each.closed_at is not None for each in found),
        staff=[(str(each.id), each.name) for each in technicians_of(client.id)],
        form=form or FieldForm(),
    )


def campaign(client: Client, found: FieldCampaign, form: FieldForm | None = None) -> str:
    """One campaign: its groups, their links, and what was told, sorted."""
    lines = queries.board(found)
    return render(
        "campaign",
        client,
        campaign=found,
        groups=queries.groups(found.id),
        total=queries.count(found.id),
        lines=lines,
        waiting={line.report.id for line in queries.urgent(lines)[rules.MOST_IMMEDIATE :]},
        must_rank=rules.must_rank([line.urgent for line in queries.urgent(lines)]),
        qr_code=tokens.qr_code,
        facilitates=facilitates(found),
        form=form or FieldForm(),
    )


def facilitates(found: FieldCampaign) -> bool:
    """Whether whoever looks is the campaign's facilitator."""
    me: UUID | None = current().member_id
    return me is not None and me == found.facilitator_id
