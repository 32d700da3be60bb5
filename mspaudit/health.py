"""Whether this process can serve: for load balancers and for the start of the demonstration."""

from flask import Response, jsonify
from sqlalchemy import text

from mspaudit.extensions import db
from mspaudit.tenancy.blueprints import public_blueprint

blueprint = public_blueprint("health", __name__)


@blueprint.get("/sante")
def health() -> Response:
    """200 when the database answers; the error handler says 503 otherwise."""
    db.session.execute(text("SELECT 1"))
    return jsonify(ok=True)
