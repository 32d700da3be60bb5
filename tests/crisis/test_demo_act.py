"""The demonstration's plans: one is whole, and they say what the product would say."""

from mspaudit.clients import people_actions
from mspaudit.config import Settings
from mspaudit.crisis import queries
from mspaudit.demo.acts import crisis
from mspaudit.demo.acts.scene import Scene
from mspaudit.demo.casting import Someone
from mspaudit.demo.names import Place
from mspaudit.demo.stage import Role
from mspaudit.demo.story import Story
from tests.cast import Cast
from tests.crisis.plans import NOW, TODAY, client
from tests.crisis.test_freshness import measured


def test_valbrune_has_a_whole_plan(cast: Cast, settings: Settings) -> None:
    people = [Someone(name, "a@b.example", "agent", "Agent", None) for name in ("Zoé Delorme", "Paul Astruc")]
    with cast.inside():
        found = client()
        persons = [people_actions.add_person(found, name=p.name, status="agent", now=NOW).id for p in people]
        role = Role(
            Place("Valbrune", 1842), "commune", Story("steady", TODAY, TODAY, None, ()),
            (people[0], people[1], people[1]), "Tech",
            found.id, persons,
        )  # fmt: skip
        crisis.play(Scene(TODAY, ((found.id, role),), settings))
        assert queries.view(found).missing == []
        assert {code: value for code, (value, _said) in measured().items()} == dict.fromkeys(
            ("CRI-01", "CRI-02", "CRI-03", "CRI-04"), 1.0
        )
