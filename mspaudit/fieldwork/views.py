"""A client's campaigns, to look at."""

from uuid import UUID

from mspaudit.clients.queries import client_or_404
from mspaudit.fieldwork import pages, queries
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint("fieldwork", __name__, audience="reader", prefix="/clients/<client>/terrain")


@blueprint.get("")
def index(client: str) -> str:
    """Every campaign of a client."""
    return pages.index(client_or_404(client))


@blueprint.get("/<uuid:campaign>")
def show(client: str, campaign: UUID) -> str:
    """One campaign."""
    found = client_or_404(client)
    return pages.campaign(found, queries.campaign_or_404(found.id, campaign))
