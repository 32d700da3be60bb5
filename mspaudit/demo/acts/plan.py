"""Plans under way; advice accepted, refused, postponed, noted for somebody, contested, or still waiting."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select, update

from mspaudit.checklists import naming
from mspaudit.clients.models import Client
from mspaudit.content.packs import Control
from mspaudit.demo.acts.scene import Scene
from mspaudit.demo.paper import certificate
from mspaudit.demo.stage import Role
from mspaudit.extensions import db
from mspaudit.identity.models import ClientMember
from mspaudit.kernel.clock import PARIS
from mspaudit.outbox.models import OutgoingMail
from mspaudit.plan import actions, queries, rules
from mspaudit.plan.actions import Offer, Option, Proposal, Received, Said, Sheet
from mspaudit.plan.models import ActionItem, Recommendation
from mspaudit.risk import gaps
from mspaudit.tenancy.context import Context, current, using

TOLD = 3
"""Clients whose whole story is told; the others have a plan only."""
FIRST = ("Valbrune", "Lisse-le-Vieux")
RATE = 60_00
REFUSED = "Pas au budget de cette année, nous acceptons ce risque jusque-là."
POSTPONED = "Après le vote du budget."
NOT_SO = "Le conseil n’a pas encore délibéré sur ce point."


@dataclass
class Part:
    """One client on stage, with who decides there and the measures that it lacks, the best first."""

    client: Client
    role: Role
    decider: ClientMember
    lacks: list[tuple[Control, float]]
    advice: dict[int, UUID]


def play(scene: Scene) -> None:
    """Every client gets a plan; a few, a year of advice and decisions; ten, the same measure this month."""
    controls = naming.controls()
    lacking: dict[str, list[tuple[Control, float]]] = {}
    for move in gaps.moves(today=scene.today):
        lacking.setdefault(move.client, []).append((controls[move.code], move.gain))
    parts = _parts(scene, lacking)
    told = sorted(parts, key=lambda part: (part.client.name not in FIRST, -len(part.lacks)))[:TOLD]
    for days_ago, number, verb in sorted(_year(), key=lambda each: -each[0]):
        for place, part in enumerate(told):
            if number < len(part.lacks):
                verb(part, number, _at(scene.today, days_ago - place))
                # Before anybody of another client acts: nothing of this one may wait to be written.
                db.session.flush()
        if days_ago in (140, 20):
            actions.anchor(day=scene.today - timedelta(days=days_ago), now=_at(scene.today, days_ago, 23))
    _everywhere(scene, [part for part in parts if part not in told])
    _others(scene, [part for part in parts if part not in told])
    actions.anchor(day=scene.today - timedelta(days=1), now=_at(scene.today, 1, 23))
    # These mails left when they were written: none is to leave again today.
    gone = OutgoingMail.key.regexp_match("^(advice|decision|override|anchor)")
    db.session.execute(update(OutgoingMail).where(gone).values(state="sent", sent_at=OutgoingMail.created_at))
    db.session.flush()


Verb = Callable[[Part, int, datetime], None]


def _year() -> list[tuple[int, int, Verb]]:
    """(days ago, which measure of the client, what happens to it)."""
    accepted, refused = Said("accepted"), Said("refused", reason=REFUSED)
    return [
        (240, 0, _sent), (236, 0, _opened), (232, 0, partial(_decided, said=accepted)), (205, 0, _done),
        (160, 1, _sent), (158, 1, _opened), (149, 1, partial(_decided, said=refused)),
        (95, 2, _sent), (93, 2, _opened), (84, 2, _postponed),
        (70, 3, _sent), (52, 3, _noted), (45, 3, _begun),
        (40, 4, _sent), (33, 4, _noted), (30, 4, _contested),
        (21, 5, _sent), (19, 5, _opened),
        (4, 6, _sent),
    ]  # fmt: skip


def _parts(scene: Scene, lacking: Mapping[str, list[tuple[Control, float]]]) -> list[Part]:
    ids = [client_id for client_id, _role in scene.roles]
    clients = {row.id: row for row in db.session.scalars(select(Client).where(Client.id.in_(ids)))}
    deciders = queries.deciders(ids)
    return [
        Part(clients[key], role, deciders[key][0], lacking.get(clients[key].slug, []), {})
        for key, role in scene.roles
        if key in deciders and clients[key].slug in lacking
    ]


def _sent(part: Part, number: int, now: datetime) -> None:
    control, gain = part.lacks[number]
    cost = control.cost_eur * 100
    price = rules.price(control.hours, RATE, cost)
    options = [Option("Tout de suite, par nous", "Fait en une fois, vérifié", "", control.hours, price, 0)]
    if number % 2 == 0:
        options.append(
            Option(
                "En deux temps",
                "Étale la dépense",
                "Le risque reste quelques mois",
                control.hours,
                price // 2,
            )
        )
    with _as_staff(part):
        sheet = Sheet(
            control.fix, control.gap, control.hours, cost, 0, "both" if cost else "operating",
            owner_name=part.role.technician, due_on=now.date() + timedelta(days=60),
            stream=rules.stream_of(control.code, "gap"),
        )  # fmt: skip
        item = actions.add(part.client, sheet, now=now, source_kind="gap", code=control.code)
        db.session.flush()
        advice = actions.propose(
            part.client,
            Proposal(
                control.fix, control.fix_detail, options, control.why, item.nature, control.code,
                round(gain, 1), now.date(), item,
            ),
            now=now,
        )  # fmt: skip
        part.advice[number] = advice.id


def _opened(part: Part, number: int, now: datetime) -> None:
    with _as_decider(part):
        actions.open_advice(_advice(part, number), now=now)


def _decided(part: Part, number: int, now: datetime, *, said: Said) -> None:
    with _as_decider(part):
        actions.decide(_advice(part, number), said, now=now, today=now.date())


def _postponed(part: Part, number: int, now: datetime) -> None:
    _decided(
        part, number, now, said=Said("postponed", reason=POSTPONED, until=now.date() + timedelta(days=160))
    )


def _noted(part: Part, number: int, now: datetime) -> None:
    on = now.date() - timedelta(days=3)
    paper = certificate("deliberation" if part.client.is_commune else "bon de commande", on)
    how = "deliberation" if part.client.is_commune else "email"
    received = Received(part.decider.name, "", how, on, "decision.pdf", paper)
    with _as_staff(part):
        actions.override(_advice(part, number), Said("accepted"), received, now=now, today=now.date())


def _contested(part: Part, number: int, now: datetime) -> None:
    # Once over the portfolio is enough to show it; elsewhere the decision stands, and work goes on.
    if part.client.name not in FIRST[1:]:
        return
    advice = _advice(part, number)
    with _as_decider(part):
        actions.contest(advice, queries.decisions(advice.id)[0], NOT_SO, now=now)


def _begun(part: Part, number: int, now: datetime) -> None:
    _moved(part, number, "in_progress", now)


def _done(part: Part, number: int, now: datetime) -> None:
    _moved(part, number, "done", now)


def _moved(part: Part, number: int, status: str, now: datetime) -> None:
    advice = _advice(part, number)
    with _as_staff(part):
        item = db.session.scalars(select(ActionItem).where(ActionItem.id == advice.action_id)).one()
        actions.move(item, status, now=now, today=now.date())


def _everywhere(scene: Scene, parts: list[Part]) -> None:
    """The measure that most of the others lack, proposed to ten of them in one go."""
    counts: dict[str, int] = {}
    for part in parts:
        for control, _gain in part.lacks[:3]:
            counts[control.code] = counts.get(control.code, 0) + 1
    if not counts:
        return
    code = max(counts, key=lambda each: counts[each])
    offers: list[Offer] = []
    control = naming.controls()[code]
    for part in parts:
        gain = next((gain for each, gain in part.lacks[:3] if each.code == code), None)
        if gain is not None and len(offers) < 10:
            offers.append(Offer(part.client, control.hours, control.cost_eur * 100, gain))
    now = _at(scene.today, 12)
    with _as_staff(parts[0]):
        actions.propose_everywhere(
            control, offers, text=control.fix_detail, rate=RATE, now=now, today=now.date()
        )


def _others(scene: Scene, parts: list[Part]) -> None:
    """What the contract covers: some of it done in time, some late, some to do."""
    for place, part in enumerate(parts):
        for number, (control, _gain) in enumerate(part.lacks[3:6]):
            due = scene.today + timedelta(days=(-40, 25, 70)[number] + place % 9)
            done = due - timedelta(days=6 if place % 4 else -9) if number == 0 else None
            db.session.add(
                ActionItem(
                    client_id=part.client.id, title=control.fix, why=control.gap, source_kind="gap",
                    code=control.code, hours=control.hours, covered=True, owner_name=part.role.technician,
                    due_on=due, status=("done", "in_progress", "decided")[number], done_on=done,
                    decided_on=due - timedelta(days=60), stream=rules.stream_of(control.code, "gap"),
                    position=number + 1, created_by=part.role.technician,
                )
            )  # fmt: skip


def _advice(part: Part, number: int) -> Recommendation:
    return queries.recommendation_or_404(part.client.id, part.advice[number])


def _as_staff(part: Part) -> AbstractContextManager[Context]:
    """Act as the technician; for PostgreSQL the loader, who signed the transaction, goes on."""
    return using(Context("msp", current().tenant_id, actor=part.role.technician, role="technician"))


def _as_decider(part: Part) -> AbstractContextManager[Context]:
    """Act as the one who decides for the client."""
    who = part.decider
    return using(
        Context(
            "client", current().tenant_id, client_id=part.client.id, member_id=who.id, login_id=who.login_id,
            actor=who.name, role="decider",
        )
    )  # fmt: skip


def _at(today: date, days_ago: int, hour: int = 10) -> datetime:
    """That hour of that day in Paris, as an instant."""
    return datetime.combine(today - timedelta(days=days_ago), time(hour, 12), PARIS).astimezone(UTC)
