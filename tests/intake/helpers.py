"""Steps that the desk's tests share."""

import io
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from mspaudit.clients.models import Person
from mspaudit.extensions import db
from mspaudit.intake import queries
from mspaudit.intake.jobs import work
from mspaudit.intake.models import Import
from tests.cast import Cast

STAFF = "Nom;Prénom;E-mail;Service\n"


def staff(*people: str) -> bytes:
    """A staff list: « Perrin Nathalie p@valbrune.example » a line."""
    return (STAFF + "".join(";".join(p.split()) + ";Mairie\n" for p in people)).encode()


PEOPLE = staff("Perrin Nathalie n.perrin@valbrune.example", "Tissot Jean j.tissot@valbrune.example")


def send(
    cast: Cast,
    browser: FlaskClient,
    data: bytes,
    *,
    client: str | None = "valbrune",
    name: str = "personnel.csv",
) -> str:
    """Leave a file; the address of its import."""
    place = f"/clients/{client}/importer" if client else "/importer"
    answer = browser.post(
        f"/{cast.tilleul.slug}{place}",
        data={"file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def import_of(address: str) -> UUID:
    """The import at that address."""
    return UUID(address.rsplit("/", 1)[-1])


def run(cast: Cast, address: str) -> Import:
    """Let a worker do it."""
    with cast.app.app_context():
        work(tenant_id=str(cast.tilleul.id), import_id=str(import_of(address)))
    return found(cast, address)


def found(cast: Cast, address: str) -> Import:
    """The import as it stands."""
    with cast.inside():
        return queries.import_or_404(import_of(address))


def apply(cast: Cast, browser: FlaskClient, data: bytes, client: str | None = "valbrune") -> Import:
    """Leave a file, agree, and let a worker do it."""
    address = send(cast, browser, data, client=client)
    assert browser.post(f"{address}/lancement").status_code == 303
    return run(cast, address)


def people(cast: Cast, client: str = "valbrune") -> dict[str, tuple[str | None, bool]]:
    """Name → (e-mail, whether they left)."""
    with cast.inside():
        statement = select(Person).where(Person.client_id == cast.tilleul.clients[client])
        return {p.name: (p.email, p.left_on is not None) for p in db.session.scalars(statement)}
