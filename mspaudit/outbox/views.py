"""The mails of a demonstration, readable in the browser since no server carries them."""

import re

from flask import abort, render_template, request
from markupsafe import Markup, escape

from mspaudit.adapters.mailer import FolderMailer
from mspaudit.kernel.addresses import is_loopback
from mspaudit.runtime import runtime
from mspaudit.tenancy.blueprints import public_blueprint

blueprint = public_blueprint("mails", __name__)


@blueprint.get("/_courriels")
def index() -> str:
    """Every mail written to the folder, the latest first."""
    return render_template("outbox/mails.html", mails=_folder().list()[:200])


@blueprint.get("/_courriels/<name>")
def one(name: str) -> str:
    """One mail as text; its links to this very site can be followed."""
    try:
        mail = _folder().read(name)
    except KeyError:
        abort(404)
    return render_template("outbox/mail.html", mail=mail, text=_with_links(mail.text))


def _folder() -> FolderMailer:
    settings = runtime().settings
    wanted = settings.debug or settings.demo_token is not None
    if not wanted or settings.smtp_url or not is_loopback(request.remote_addr):
        abort(404)
    return FolderMailer(settings.mail_folder, sender=settings.mail_from)


def _with_links(text: str) -> Markup:
    ours = re.compile(rf"({re.escape(runtime().settings.public_url)}/[A-Za-z0-9/_.~?=&%-]*)")
    parts = ours.split(text)
    pieces = (Markup('<a href="{0}">{0}</a>').format(p) if i % 2 else escape(p) for i, p in enumerate(parts))
    return Markup("").join(pieces).replace("\n", Markup("<br>\n"))
