"""The backups of each client: most report every night, a few fail, fall silent, or never said a word."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text

from mspaudit.backups import rules
from mspaudit.backups.models import BackupCoverage, BackupJob, BackupMail, RestoreTest
from mspaudit.backups.rules import Schedule
from mspaudit.demo.acts.scene import Scene
from mspaudit.demo.stage import Role
from mspaudit.demo.story import Said
from mspaudit.extensions import Base, db
from mspaudit.kernel.french import slug
from mspaudit.kernel.ids import new_id
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import tenant_id

NIGHTS = 30
NEVER = 999
# One failure a month or so that somebody read the next morning, never on the last nights.
_EVENTS = text("""
INSERT INTO backup_event
    (tenant_id, id, client_id, job_id, at, kind, source, seconds, body, answer_by, seen_at, seen_by)
SELECT j.tenant_id, gen_random_uuid(), j.client_id, j.id, w.at, w.kind, 'ping', 240 + w.luck % 3000,
    CASE w.kind WHEN 'fail' THEN 'Destination injoignable' ELSE '' END,
    CASE w.kind WHEN 'fail' THEN w.at + interval '3 days' END,
    CASE WHEN w.old THEN w.at + interval '9 hours' END, CASE WHEN w.old THEN p.technician END
FROM unnest(CAST(:ids AS uuid[]), CAST(:silent AS int[]), CAST(:failing AS int[]), CAST(:minutes AS int[]),
    CAST(:technicians AS text[])) AS p (id, silent, failing, minute, technician)
JOIN backup_job j ON j.tenant_id = :tenant AND j.id = p.id
CROSS JOIN generate_series(1, :nights) AS n
CROSS JOIN LATERAL (
    SELECT (CAST(:today AS date) - n + make_interval(mins => p.minute)) AT TIME ZONE 'Europe/Paris' AS at,
        abs(hashtext(CAST(j.id AS text) || n) / 2) AS luck
) AS d
CROSS JOIN LATERAL (
    SELECT d.at, d.luck, n > p.silent + p.failing + 6 AND d.luck % 41 = 0 AS old,
        CASE WHEN n <= p.silent + p.failing OR (n > p.silent + p.failing + 6 AND d.luck % 41 = 0)
            THEN 'fail' ELSE 'success' END AS kind
) AS w
WHERE n > p.silent AND w.at > j.created_at
    AND NOT (j.working_days AND extract(isodow FROM CAST(:today AS date) - n) > 5)
""")
REPORT = """From: {sender}
To: sauvegardes@example.test
Subject: {subject}
Message-ID: <{name}@example.test>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{body}
"""
STRAYS = (
    ("Rapport Veeam : PAIE-02 en échec", "La tâche PAIE-02 a échoué : disque plein.", "fail"),
    ("Hyper Backup : tâche PHOTOS terminée", "La sauvegarde PHOTOS est terminée sans erreur.", "success"),
)


@dataclass(frozen=True)
class Played:
    """One job as it is written, and its last nights: silent, then failing before that."""

    row: dict[str, Any]
    silent: int
    failing: int
    minute: int
    technician: str


def play(scene: Scene) -> None:
    """Follow the backups of every client whose provider looks after them."""
    played: list[Played] = []
    coverage: list[dict[str, Any]] = []
    tests: list[dict[str, Any]] = []
    for client_id, role in scene.roles:
        rng = Random(f"backups:{role.place.name}")
        told = {event.code: event for event in role.story.events if isinstance(event, Said)}
        if _choice(told, "BCK-01") == "no" and rng.random() < 0.6:
            continue
        played += _jobs(client_id, role, told, rng, scene.today)
        if rng.random() < 0.6:
            coverage.append(_covered(client_id, role, rng, scene.today))
        tests += _tests(client_id, role, told, rng, scene.today)
    for model, rows in (
        (BackupJob, [each.row for each in played]),
        (BackupCoverage, coverage),
        (RestoreTest, tests),
        (BackupMail, list(_strays(scene.today))),
    ):
        if rows:
            db.session.execute(insert(Base.metadata.tables[model.__tablename__]), rows)
    _nights(played, scene.today)


def _choice(told: dict[str, Said], code: str) -> str:
    return told[code].choice if code in told else "unknown"


def _jobs(client_id: UUID, role: Role, told: dict[str, Said], rng: Random, today: date) -> Iterator[Played]:
    domain = f"{'mairie-' if role.kind == 'commune' else ''}{slug(role.place.name)}.example"
    away, sealed = _choice(told, "BCK-02") == "yes", _choice(told, "BCK-03") == "yes"
    first = "NAS-MAIRIE vers C2" if role.kind == "commune" else "NAS-BUREAU vers C2"
    lines: list[dict[str, Any]] = [
        {"name": first, "tool": "Hyper Backup", "destination": "C2 Synology", "covers": ["files"],
         "off_site": True if away else None, "immutable": sealed or None, "retention_days": 90,
         "mail_from": [f"nas@{domain}"], "mail_words": [first.split(maxsplit=1)[0]]},
    ]  # fmt: skip
    if role.place.size > 400 or role.kind == "enterprise":
        lines.append(
            {"name": "SRV-FICHIERS Daily", "tool": "Veeam", "destination": "NAS de la salle serveur",
             "covers": ["servers", "apps", "databases"], "off_site": False, "immutable": False,
             "retention_days": 14, "working_days": True, "mail_from": [f"veeam@{domain}"],
             "mail_words": ["SRV-FICHIERS Daily"]}
        )  # fmt: skip
    if rng.random() < 0.45:
        lines.append(
            {"name": "Messagerie Microsoft 365", "tool": "Altaro", "destination": "Centre de données",
             "covers": ["mail", "cloud"], "off_site": True, "immutable": None, "retention_days": 365}
        )  # fmt: skip
    for line in lines:
        yield _played(client_id, role, line, rng, today)


def _played(client_id: UUID, role: Role, line: dict[str, Any], rng: Random, today: date) -> Played:
    luck = rng.random()
    silent, failing = 0, 0
    if luck < 0.035:
        silent = NEVER
    elif luck < 0.075:
        silent = rng.randint(4, 11)
    elif luck < 0.13:
        failing = rng.randint(1, 4)
    minute = 60 * rng.randint(19, 23) + rng.randrange(60)
    schedule = Schedule(24, 6, bool(line.get("working_days")))
    born = _at(today - timedelta(days=rng.randint(8, 13) if silent == NEVER else rng.randint(60, 320)), 600)
    runs = [n for n in range(silent + 1, NIGHTS + 8) if not schedule.working_days or _weekday(today, n)]
    good = next((n for n in runs if n > silent + failing), None)
    heard = runs[0] if runs else None
    last_ok = _at(today - timedelta(days=good), minute) if good else None
    row = {
        "tenant_id": tenant_id(), "id": new_id(), "client_id": client_id, "org_unit_id": None,
        "period_hours": 24, "grace_hours": 6, "working_days": False, "mail_from": [], "mail_words": [],
        **line, "created_at": born, "last_ok_at": last_ok,
        "last_result_at": _at(today - timedelta(days=heard), minute) if heard else None,
        "last_result": _last(heard, silent + failing),
        "due_at": rules.due_after(last_ok or born, schedule),
    }  # fmt: skip
    return Played(row, silent, failing, minute, role.technician)


def _last(heard: int | None, failing_until: int) -> str | None:
    if heard is None:
        return None
    return "fail" if heard <= failing_until else "success"


def _weekday(today: date, back: int) -> bool:
    return (today - timedelta(days=back)).weekday() < 5


def _at(day: date, minute: int) -> datetime:
    return rules.instant(day, time(minute // 60, minute % 60)).astimezone(UTC)


def _nights(played: list[Played], today: date) -> None:
    values = {
        "ids": [str(each.row["id"]) for each in played],
        "silent": [each.silent for each in played],
        "failing": [each.failing for each in played],
        "minutes": [each.minute for each in played],
        "technicians": [each.technician for each in played],
    }
    db.session.execute(_EVENTS, {**values, "tenant": tenant_id(), "today": today, "nights": NIGHTS})


def _covered(client_id: UUID, role: Role, rng: Random, today: date) -> dict[str, Any]:
    complete = rng.random() < 0.75
    missing = "" if complete else "Le poste de l’accueil" if role.kind == "commune" else "Les devis en cours"
    return {
        "tenant_id": tenant_id(), "client_id": client_id, "complete": complete, "missing": missing,
        "stated_on": today - timedelta(days=rng.randint(5, 200)), "stated_by": role.technician,
    }  # fmt: skip


def _tests(
    client_id: UUID, role: Role, told: dict[str, Said], rng: Random, today: date
) -> Iterator[dict[str, Any]]:
    said = told.get("BCK-04")
    shared = {"tenant_id": tenant_id(), "client_id": client_id, "job_id": None}
    what = "Dossier de l’état civil" if role.kind == "commune" else "Dossier des devis"
    if said is not None and said.done_on is not None:
        # Some were done longer ago than anybody remembers.
        done_on = said.done_on - timedelta(days=420 if rng.random() < 0.12 else 0)
        yield shared | {
            "id": new_id(), "what": what, "planned_on": done_on, "done_on": done_on, "note": "",
            "result": "partly" if rng.random() < 0.12 else "ok", "minutes": rng.randint(12, 140),
            "by_name": role.technician,
        }  # fmt: skip
    if rng.random() < 0.35:
        planned = today + timedelta(days=rng.randint(-6, 60))
        yield shared | {
            "id": new_id(), "what": "Une machine entière", "planned_on": planned, "done_on": None, "note": "",
            "result": None, "minutes": None, "by_name": None,
        }  # fmt: skip


def _strays(today: date) -> Iterator[dict[str, Any]]:
    """Two reports that no job expects yet."""
    for number, (subject, body, verdict) in enumerate(STRAYS, start=1):
        sender, name = f"sauvegarde{number}@nouveau-client.example", f"rapport-{number}"
        raw = REPORT.format(sender=sender, subject=subject, name=name, body=body).encode()
        yield {
            "tenant_id": tenant_id(), "id": new_id(), "client_id": None, "job_id": None,
            "message_id": f"<{name}@example.test>", "received_at": _at(today - timedelta(days=number), 1400),
            "sender": sender, "subject": subject, "excerpt": body, "verdict": verdict, "trusted": False,
            "storage_key": runtime().storage.put(tenant_id(), sha256(raw).hexdigest(), raw), "size": len(raw),
        }  # fmt: skip
