"""A plan with an action of each kind and advice in each state, and its pages, for whoever opens them."""

from datetime import datetime
from uuid import UUID

from mspaudit.kernel import clock
from mspaudit.plan import actions
from mspaudit.plan.actions import Said
from tests.cast import Cast
from tests.plan.advised import NOW, RECEIVED, TODAY, an_action, as_staff, decided, found, sent


def one_of_each(cast: Cast) -> dict[str, UUID]:
    """Advice waiting, accepted, refused, postponed and noted by the MSP; an action to propose; an anchor."""
    ids = {name: sent(cast, f"Mesure {name}") for name in ("pending", "accepted", "refused", "postponed")}
    decided(cast, ids["accepted"])
    decided(cast, ids["refused"], "refused", reason="Pas au budget")
    decided(cast, ids["postponed"], "postponed", reason="Après les élections", until=TODAY.replace(year=2027))
    ids["overridden"] = sent(cast, "Mesure notée")
    with cast.inside(context=as_staff(cast)):
        actions.override(found(ids["overridden"]), Said("accepted"), RECEIVED, now=NOW, today=TODAY)
        ids["action"] = an_action("Ranger les câbles").id
        actions.anchor(day=TODAY, now=NOW)
    return ids


def furnish(cast: Cast, now: datetime) -> list[tuple[str, str]]:
    """Who opens what, once the plan is lived in; ``now`` is only asked for the day."""
    assert clock.today(now) >= TODAY
    ids = one_of_each(cast)
    client = [
        "plan", "plan/nouvelle", f"plan/{ids['action']}", f"plan/{ids['action']}/proposition", "registre",
        *(f"registre/{ids[name]}" for name in ("pending", "refused", "overridden")),
    ]  # fmt: skip
    space = ["decisions", *(f"decisions/{ids[name]}" for name in ("pending", "refused", "overridden"))]
    pages = [("technician", f"clients/valbrune/{path}") for path in client]
    pages += [("technician", path) for path in ("decisions", "failles/AUT-03/proposition")]
    return pages + [(who, f"espace/valbrune/{path}") for who in ("decider", "secretary") for path in space]
