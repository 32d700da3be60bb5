"""What technicians said of their deadlines, and when they want to be told."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from mspaudit.demo.acts.scene import Scene
from mspaudit.extensions import db
from mspaudit.identity.models import StaffMember
from mspaudit.kernel.clock import PARIS
from mspaudit.notices import actions, settings_actions
from mspaudit.risk import deadlines
from mspaudit.risk.models import Deadline
from mspaudit.tenancy.context import Context, current, using

REASONS = ("Devis attendu du fournisseur", "Le conseil municipal se prononce le mois prochain")


def play(scene: Scene) -> None:
    """Some seen, two put off, some done, one given to a colleague; a technician who starts early."""
    deadlines.write(today=scene.today)
    staff = db.session.scalars(select(StaffMember).order_by(StaffMember.name)).all()
    technicians = [member for member in staff if member.role == "technician"]
    at = datetime.combine(scene.today - timedelta(days=1), time(16, 10), PARIS).astimezone(UTC)
    near = _near(scene)
    with _as(technicians[0]):
        settings_actions.choose_hours(
            technicians[0], at=time(7, 30), days=[1, 2, 3, 4, 5], alsace=False, now=at
        )
        actions.say(near[2:10:4], "acknowledged", now=at)
        actions.say(near[5:14:4], "done", now=at)
        for number, reason in enumerate(REASONS):
            until = scene.today + timedelta(days=9 + 7 * number)
            one = near[3 + 5 * number : 4 + 5 * number]
            if one:
                actions.snooze(one, until=until, reason=reason, today=scene.today, now=at)
        if near[:1]:
            actions.assign(near[:1], technicians[0].id, now=at)
    db.session.flush()


def _near(scene: Scene) -> list[UUID]:
    """The deadlines of the next four months that are not everybody's, the first to act on first."""
    ahead = Deadline.act_by.between(scene.today, scene.today + timedelta(days=120))
    statement = select(Deadline.id).where(ahead, Deadline.kind.not_in(("calendar", "backup")))
    return list(db.session.scalars(statement.order_by(Deadline.act_by, Deadline.id).limit(20)))


def _as(member: StaffMember) -> AbstractContextManager[Context]:
    """Act as that technician; for PostgreSQL the loader, who signed the transaction, goes on."""
    context = Context("msp", current().tenant_id, member_id=member.id, actor=member.name, role="technician")
    return using(context)
