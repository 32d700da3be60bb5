"""Twenty thousand accounts at the import desk, beside a bare COPY of the same rows."""

import csv
import io
import time
from datetime import UTC, datetime, timedelta
from statistics import median
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import select

from mspaudit.clients.models import Client
from mspaudit.extensions import db
from mspaudit.intake import actions, jobs, queries
from mspaudit.intake.actions import Upload
from mspaudit.kernel import clock
from mspaudit.tenancy.context import job
from mspaudit.tenancy.lifecycle import unit_of_work
from tests.bench.measures import Figure
from tests.bench.stand import Stand

ACCOUNTS = 20_000
ROUNDS = 5
SIZE = 50
CREATED = datetime(2019, 3, 14, 9, 12, 44, tzinfo=UTC)
PORTAL = (
    "userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled,"
    "usageLocation,streetAddress,state,country,officeLocation,city,postalCode,telephoneNumber,mobilePhone,"
    "alternateEmailAddress,ageGroup,consentProvidedForMinor,legalAgeGroupClassification,companyName,"
    "creationType,directorySynced,invitationState,identityIssuer,createdDateTime"
)
HEADERS = next(csv.reader([PORTAL]))


def imports(stand: Stand) -> dict[str, Figure]:
    """Recognised, written and finished, each round for a client that has no account yet."""
    rows = accounts()
    data = as_csv(rows)
    clients = _clients(stand)
    spent: list[float] = []
    floor: list[float] = []
    with psycopg.connect(stand.servers.dsn("migrator")) as connection:
        _plain_table(connection)
        for client in clients[:ROUNDS]:
            floor.append(_copied(connection, rows))
            spent.append(_imported(stand, client, data))
        connection.execute("DROP TABLE plain_accounts")
    method = (
        f"p50 of {ROUNDS} rounds interleaved: {ACCOUNTS:,} Entra accounts of 29 columns for one client: file "
        "read and recognised, then written under row-level security and finished by a worker"
    )
    over = f"{method}; over psycopg's COPY of the same rows into a table with its primary key, committed"
    return {
        "import_20k_s": Figure(median(spent), "s", method),
        "import_20k_over_copy": Figure(median(spent) / median(floor), "ratio", over, median(floor)),
    }


def accounts() -> list[list[str]]:
    """The lines of a large directory, always the same."""
    return [_account(n) for n in range(ACCOUNTS)]


def as_csv(rows: list[list[str]]) -> bytes:
    """The file that the portal would give."""
    text = io.StringIO()
    csv.writer(text).writerows([HEADERS, *rows])
    return text.getvalue().encode()


def _account(n: int) -> list[str]:
    given, surname = f"Prénom{n % 400}", f"Nom{n}"
    login = f"prenom{n % 400}.nom{n}@banc.example"
    said = {
        "userPrincipalName": login,
        "displayName": f"{given} {surname}",
        "surname": surname,
        "mail": login,
        "givenName": given,
        "id": str(UUID(int=n)),
        "userType": "Guest" if n % 40 == 0 else "Member",
        "jobTitle": ("Agent", "Adjointe", "Technicien", "")[n % 4],
        "department": ("Mairie", "CCAS", "Écoles")[n % 3],
        "accountEnabled": str(n % 9 != 0),
        "usageLocation": "FR",
        "country": "France",
        "createdDateTime": _american(CREATED + timedelta(seconds=n * 3_607)),
    }
    return [said.get(header, "") for header in HEADERS]


def _american(at: datetime) -> str:
    return f"{at.month}/{at.day}/{at.year} {at:%I:%M:%S %p}"


def _clients(stand: Stand) -> list[UUID]:
    with stand.app.app_context(), unit_of_work(job(stand.tenants[SIZE])):
        return list(db.session.scalars(select(Client.id).order_by(Client.slug)))


def _plain_table(connection: psycopg.Connection) -> None:
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in HEADERS)
    connection.execute("DROP TABLE IF EXISTS plain_accounts")
    connection.execute(sql.SQL("CREATE TABLE plain_accounts ({}, PRIMARY KEY (id))").format(columns))
    connection.commit()


def _copied(connection: psycopg.Connection, rows: list[list[str]]) -> float:
    connection.execute("TRUNCATE plain_accounts")
    connection.commit()
    started = time.perf_counter()
    with connection.cursor().copy("COPY plain_accounts FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    connection.commit()
    return time.perf_counter() - started


def _imported(stand: Stand, client_id: UUID, data: bytes) -> float:
    tenant = stand.tenants[SIZE]
    started = time.perf_counter()
    with stand.app.app_context():
        with unit_of_work(job(tenant, actor="banc")):
            client = db.session.scalars(select(Client).where(Client.id == client_id)).one()
            found = actions.start(Upload("entra.csv", data), client, now=clock.now())
            actions.apply(found, now=clock.now())
        jobs.work(tenant_id=str(tenant), import_id=str(found.id))
        spent = time.perf_counter() - started
        with unit_of_work(job(tenant)):
            done = queries.import_or_404(found.id)
            if (done.state, done.added) != ("done", ACCOUNTS):
                raise RuntimeError(f"the import did not write every account: {done.state}, {done.counts}")
    return spent
