"""The text of a mail, from ``templates/mail/<name>/subject.txt``, ``body.txt`` and, if any, ``body.html``."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template
from jinja2 import TemplateNotFound

from mspaudit.kernel.french import typo
from mspaudit.runtime import runtime


@dataclass(frozen=True)
class Letter:
    """What a mail says, ready to queue."""

    subject: str
    body: str
    html: str | None = None


def letter(name: str, **values: Any) -> Letter:
    """Write the mail ``name``. A room keeps its own under its ``templates/mail``.

    Raises:
        TemplateNotFound: there is no such mail.
    """
    subject = " ".join(render_template(f"mail/{name}/subject.txt", **values).split())
    body = render_template(f"mail/{name}/body.txt", **values).strip() + "\n"
    try:
        html: str | None = render_template(f"mail/{name}/body.html", **values)
    except TemplateNotFound as missing:
        if missing.name != f"mail/{name}/body.html":
            raise
        html = None
    return Letter(typo(subject), typo(body), html)


def address(endpoint: str, **values: Any) -> str:
    """The full public address of a page, for a mail written outside any request.

    Args:
        values: every part of the URL, ``msp`` and ``client`` included.
    """
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{runtime().settings.public_url}{path}"
