"""The demonstration shows one campaign that is over and answered, and one that collects."""

from sqlalchemy import select

from mspaudit.config import Settings
from mspaudit.demo.acts import fieldwork
from mspaudit.demo.acts.scene import Scene
from mspaudit.demo.names import Place
from mspaudit.demo.stage import Role
from mspaudit.demo.story import Story
from mspaudit.extensions import db
from mspaudit.fieldwork import queries
from mspaudit.fieldwork.models import FieldCampaign
from tests.cast import Cast
from tests.fieldwork.campaigns import TODAY
from tests.fieldwork.test_campaign_pages import of
from tests.pages import whole


def role(name: str) -> Role:
    return Role(Place(name, 900), "commune", Story("steady", TODAY, TODAY, None, ()), (), "")


def test_one_campaign_is_over_and_answered_and_the_other_collects(cast: Cast, settings: Settings) -> None:
    with cast.inside() as house:
        places = (
            (house.clients["valbrune"], role("Valbrune")),
            (house.clients["fontaine"], role("Beaucorne")),
        )
        fieldwork.play(Scene(TODAY, places, settings))
    with cast.inside() as house:
        (over,) = db.session.scalars(select(FieldCampaign).where(FieldCampaign.closed_at.is_not(None)))
        lines = queries.board(over)
        assert all(line.report.answer for line in lines)
        assert queries.contradicted(lines, queries.express(over.id)) == {"ACC-05": 5}
        (live,) = queries.campaigns(house.clients["fontaine"])
        assert live.open
        assert queries.count(live.id) == 7
    wall = whole(cast.signed_in("technician").get(of(cast, f"/{over.id}/mur")))
    assert "On a toujours fait comme ça" in wall
