"""The legal calendar as rows: only for the clients that each date concerns."""

import pytest
from sqlalchemy import select

from mspaudit.clients.models import Client, Tag
from mspaudit.content.calendar import obligations
from mspaudit.extensions import db
from mspaudit.kernel.french import fold
from mspaudit.notices.deadlines import DEADLINES, subject_id
from tests.cast import Cast

SIZES = (None, 1, 9, 249, 250, 1999, 2000, 3499, 3500, 40_000)
TAGS = ("Éditeur", "fabricant", "M365", "")


@pytest.mark.parametrize("kind", ["commune", "enterprise"])
def test_the_statement_says_what_the_content_says(cast: Cast, kind: str) -> None:
    with cast.inside() as home:
        clients = []
        for size in SIZES:
            for tag in TAGS:
                name = f"{kind}-{size}-{fold(tag)}".replace(" ", "-")
                client = Client(
                    kind=kind,
                    slug=name,
                    name=name,
                    name_key=name,
                    population=size if kind == "commune" else None,
                    headcount=size if kind == "enterprise" else None,
                )
                db.session.add(client)
                db.session.flush()
                if tag:
                    db.session.add(Tag(client_id=client.id, tag=tag))
                clients.append((client, tag))
        db.session.flush()
        columns = DEADLINES.selected_columns
        mine = DEADLINES.where(columns.tenant_id == home.id, columns.kind == "calendar")
        rows = db.session.connection().execute(mine).all()
        found = {(row.client_id, row.subject_id) for row in rows}
        ours = {client.id for client, _ in clients}
        expected = {
            (client.id, subject_id(one.code))
            for client, tag in clients
            for one in obligations()
            if one.concerns(
                kind, population=client.population, headcount=client.headcount, tags=[tag] if tag else []
            )
        }
        assert {pair for pair in found if pair[0] in ours} == expected
        assert expected


def test_e_invoicing_is_for_companies(cast: Cast) -> None:
    with cast.inside() as home:
        columns = DEADLINES.selected_columns
        rows = db.session.connection().execute(DEADLINES.where(columns.tenant_id == home.id)).all()
        einvoice = subject_id("einvoice-issue")
        assert {row.client_id for row in rows if row.subject_id == einvoice} == {home.clients["fontaine"]}
        assert (
            db.session.scalar(select(Client.kind).where(Client.id == home.clients["fontaine"]))
            == "enterprise"
        )
