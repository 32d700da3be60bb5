"""Giving a proof's file back to someone who may see it."""

from io import BytesIO

from flask import Response, abort, request, send_file

from mspaudit.adapters.storage import NotStoredError
from mspaudit.checklists.models import Evidence
from mspaudit.journal.actions import record
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import tenant_id

# What a browser shows without running anything of ours; every other kind is only ever downloaded.
SHOWN = {"image/png", "image/jpeg", "image/webp", "application/pdf"}


def send_proof(evidence: Evidence) -> Response:
    """The file, to download or, with ``?voir=1`` and a kind that is safe to show, to look at. Journaled."""
    try:
        data = runtime().storage.get(evidence.storage_key, tenant_id=tenant_id())
    except NotStoredError:
        abort(404)
    record("proof.opened", evidence.filename, subject_id=evidence.id, client_id=evidence.client_id)
    shown = evidence.mime in SHOWN and request.args.get("voir") == "1"
    return send_file(
        BytesIO(data), mimetype=evidence.mime, as_attachment=not shown, download_name=evidence.filename
    )
