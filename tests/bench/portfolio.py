"""A synthetic portfolio, written in bulk by the migrator: the same rows for the same size, every time.

Choices come from the hash of (client, control), so that no two sizes share a lucky draw.
"""

from uuid import UUID, uuid5

import psycopg

from mspaudit.content.packs import base_pack

NAMESPACE = UUID("6d737061-7564-4974-8000-000000000000")

TENANT = "INSERT INTO tenant (id, slug, name, brand) VALUES (%(tenant)s, %(slug)s, %(slug)s, '{}')"

PACK = """
INSERT INTO pack (tenant_id, id, name, version, digest, content)
VALUES (%(tenant)s, %(pack)s, %(name)s, %(version)s, %(digest)s, %(content)s)
"""

CONTROL = """
INSERT INTO pack_control
    (tenant_id, pack_id, code, position, weight, scale, hours, cost_eur, m1, m2, m3, m4, m5, m6)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""

# Identifiers grow with time, as UUID version 7 does.
CLIENTS = """
INSERT INTO client
    (tenant_id, id, kind, slug, name, name_key, population, headcount, notes, last_contact_at)
SELECT %(tenant)s, (%(prefix)s || lpad(to_hex(n), 12, '0'))::uuid,
    CASE WHEN n %% 3 = 0 THEN 'enterprise' ELSE 'commune' END,
    'client-' || n, 'Client ' || n, 'client ' || lpad(n::text, 6, '0'),
    CASE WHEN n %% 3 <> 0 THEN 100 + abs(hashint4(n)) %% 9000 END,
    CASE WHEN n %% 3 = 0 THEN 2 + abs(hashint4(n)) %% 120 END,
    '', %(now)s - abs(hashint4(n + 7)) %% 90 * interval '1 day'
FROM generate_series(1, %(clients)s) n
"""

TAGS = """
INSERT INTO client_tag (tenant_id, client_id, tag)
SELECT tenant_id, id, (ARRAY['M365', 'CCAS', 'assuré', 'crèche'])[1 + abs(hashtext(slug)) %% 4]
FROM client WHERE tenant_id = %(tenant)s AND abs(hashtext(slug)) %% 3 > 0
"""

IMPACTS = """
INSERT INTO impact (tenant_id, client_id, i1, i2, i3, i4, i5, i6)
SELECT tenant_id, id, 2, 3, 2 + abs(hashtext(slug)) %% 2, 2, 1 + abs(hashtext(slug)) %% 3, 3
FROM client WHERE tenant_id = %(tenant)s
"""

ASSESSMENTS = """
INSERT INTO assessment (tenant_id, id, client_id, pack_id, scope, title, current, started_by, started_at)
SELECT tenant_id, id, id, %(pack)s, 'full', 'Audit', true, 'banc', %(now)s
FROM client WHERE tenant_id = %(tenant)s
"""

ANSWERS = """
INSERT INTO answer
    (tenant_id, id, client_id, assessment_id, pack_id, code, asked, carried, choice, points, done_on,
     percent, na_reason, note, state, proof_until, by_kind, by_name, answered_at, version)
SELECT tenant_id, (%(prefix)s || lpad(to_hex(k), 12, '0'))::uuid, client_id, client_id, %(pack)s,
    code, true, false, choice,
    CASE choice WHEN 'yes' THEN 2 WHEN 'partly' THEN 1 ELSE 0 END,
    CASE WHEN scale = 'DT' AND choice = 'yes' THEN %(today)s::date - h / 64 %% 900 END,
    NULL, CASE WHEN choice = 'na' THEN 'sans objet' END, '',
    CASE WHEN choice = 'unknown' THEN 'unknown'
        ELSE (ARRAY['declared', 'declared', 'declared', 'evidenced', 'verified'])[1 + h / 512 %% 5] END,
    %(today)s::date + h / 4096 %% 700 - 100, 'client', 'Martine Delorme', %(now)s, 1
FROM (
    SELECT c.tenant_id, c.id AS client_id, p.code, p.scale, r.h, row_number() OVER () AS k,
        CASE WHEN r.h %% 100 < 34 THEN 'yes'
            WHEN r.h %% 100 < 56 THEN CASE WHEN p.scale IN ('S3', 'PC') THEN 'partly' ELSE 'no' END
            WHEN r.h %% 100 < 78 THEN 'no' WHEN r.h %% 100 < 95 THEN 'unknown' ELSE 'na' END AS choice
    FROM client c
    JOIN pack_control p ON p.tenant_id = c.tenant_id AND p.pack_id = %(pack)s
    CROSS JOIN LATERAL (SELECT abs(hashtext(c.slug || p.code) / 2) AS h) r
    WHERE c.tenant_id = %(tenant)s
    ORDER BY c.id, p.position
) AS drawn
"""


def pack_rows(tenant: UUID, pack: UUID) -> list[tuple[object, ...]]:
    """The controls of the shipped pack, as `pack_control` holds them."""
    return [
        (tenant, pack, c.code, position, c.weight, c.scale, c.hours, c.cost_eur, *c.scenarios.values())
        for position, c in enumerate(base_pack().controls)
    ]


def build(migrator_dsn: str, slug: str, clients: int, now: object, today: object) -> UUID:
    """Write an MSP called `slug` with `clients` clients × every control of the shipped pack."""
    tenant, pack = uuid5(NAMESPACE, slug), uuid5(NAMESPACE, f"{slug}/pack")
    socle = base_pack()
    values = {
        "tenant": tenant, "pack": pack, "slug": slug, "clients": clients, "now": now, "today": today,
        "prefix": str(tenant)[:24], "name": socle.name, "version": socle.version, "digest": socle.digest,
        "content": socle.canonical_json(),
    }  # fmt: skip
    with psycopg.connect(migrator_dsn) as connection, connection.cursor() as cursor:
        cursor.execute(TENANT, values)
        cursor.execute(PACK, values)
        cursor.executemany(CONTROL, pack_rows(tenant, pack))
        for statement in (CLIENTS, TAGS, IMPACTS, ASSESSMENTS, ANSWERS):
            cursor.execute(statement, values)
    with psycopg.connect(migrator_dsn, autocommit=True) as connection:
        for table in ("client", "client_tag", "impact", "assessment", "answer", "pack_control"):
            connection.execute(psycopg.sql.SQL("VACUUM ANALYZE {}").format(psycopg.sql.Identifier(table)))
    return tenant


MORE_SNAPSHOTS = """
INSERT INTO snapshot
    (tenant_id, client_id, day, risk, missing, unproven, posture, certainty, x1, x2, x3, x4, x5, x6)
SELECT tenant_id, id, '2000-01-01'::date + n, n %% 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
FROM client CROSS JOIN generate_series(1, %(days)s) n WHERE tenant_id = %(tenant)s
"""


def more_snapshots(migrator_dsn: str, tenant: UUID, rows: int) -> int:
    """Old snapshots of every client of `tenant`, until the table holds about `rows` of them; how many."""
    with psycopg.connect(migrator_dsn) as connection:
        values = {"tenant": tenant}
        clients, held = connection.execute(
            "SELECT (SELECT count(*) FROM client WHERE tenant_id = %(tenant)s),"
            " (SELECT count(*) FROM snapshot WHERE tenant_id = %(tenant)s)",
            values,
        ).fetchone() or (0, 0)
        connection.execute(MORE_SNAPSHOTS, values | {"days": max((rows - held) // clients, 1)})
    with psycopg.connect(migrator_dsn, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE snapshot")
        found = connection.execute("SELECT count(*) FROM snapshot WHERE tenant_id = %s", [tenant]).fetchone()
    return int(found[0]) if found else 0


MORE_DEADLINES = """
INSERT INTO deadline
    (tenant_id, id, client_id, kind, subject_id, subject, due_on, act_by, amount, detail)
SELECT c.tenant_id, gen_random_uuid(), c.id,
    (ARRAY['contract', 'licence', 'domain', 'certificate', 'restore_test', 'warranty'])[1 + r.h %% 6],
    gen_random_uuid(), 'Contrat ' || n, %(today)s::date + r.h %% 365 + 60, %(today)s::date + r.h %% 365 - 10,
    r.h %% 400000, 'préavis de 2 mois'
FROM client c CROSS JOIN generate_series(1, %(each)s) n
CROSS JOIN LATERAL (SELECT abs(hashtext(c.slug || n) / 2) AS h) r
WHERE c.tenant_id = %(tenant)s
"""
SAID = """
INSERT INTO deadline_state (tenant_id, id, client_id, state, reason, by, at, change_id)
SELECT tenant_id, id, client_id, (ARRAY['acknowledged', 'done'])[1 + abs(hashtext(id::text)) %% 2], '',
    'banc', now(), gen_random_uuid()
FROM deadline WHERE tenant_id = %(tenant)s AND abs(hashtext(id::text)) %% 10 = 0 ON CONFLICT DO NOTHING
"""


def more_deadlines(migrator_dsn: str, tenant: UUID, today: object, each: int) -> None:
    """So many deadlines more at each client of `tenant`, over a year, a tenth of them seen or done."""
    values = {"tenant": tenant, "today": today, "each": each}
    with psycopg.connect(migrator_dsn) as connection:
        connection.execute(MORE_DEADLINES, values)
        connection.execute(SAID, values)
    with psycopg.connect(migrator_dsn, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE deadline, deadline_state")
