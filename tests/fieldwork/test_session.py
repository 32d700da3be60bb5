"""The wall, the sheets of paper, and what is typed in from them."""

from datetime import timedelta

from sqlalchemy import select

from mspaudit.extensions import db
from mspaudit.fieldwork import wall
from mspaudit.fieldwork.models import FieldCampaign, FieldGroup, FieldReport
from mspaudit.fieldwork.rules import Changed
from mspaudit.kernel import clock
from tests.cast import Cast
from tests.fieldwork.campaigns import NOW, TODAY, opened, stored, typed
from tests.fieldwork.furnished import furnish
from tests.fieldwork.test_campaign_pages import of
from tests.pages import loose_signs, whole


def test_the_wall_shows_counts_from_five_and_no_word_of_anybody(cast: Cast) -> None:
    campaign, tokens = opened(cast)
    for reason, times in (("slow", 5), ("urgency", 4)):
        for _ in range(times):
            cast.nobody().post(f"/t/{tokens['Accueil']}", data=typed(reason_code=reason, seen="1"))
    text = whole(cast.signed_in("technician").get(of(cast, f"/{campaign.id}/mur")))
    assert "L’outil prévu est trop lent" in text
    assert "Il faut répondre vite" not in text
    assert "Au moins 5\u00a0récits" in text
    assert "à l’ouverture" not in text
    assert not loose_signs(text)


def test_what_moved_is_told_without_small_numbers() -> None:
    assert wall.since(Changed("lent", 12, 6)) == "12\u00a0récits, puis 6\u00a0récits"
    assert wall.since(Changed("lent", 12, 0)) == "12\u00a0récits, puis moins de cinq"


def test_the_next_campaign_shows_what_changed_since(cast: Cast) -> None:
    campaign, _ = opened(cast)
    furnished = {"campaign_id": campaign.id, "client_id": campaign.client_id, "told_on": TODAY}
    with cast.inside():
        earlier = FieldCampaign(
            client_id=campaign.client_id, message="m", facilitator="f", session_half="am", created_by="f",
            session_on=TODAY - timedelta(days=300), next_on=TODAY, closed_at=NOW,
        )  # fmt: skip
        db.session.add(earlier)
        db.session.flush()
        for owner, times in ((earlier.id, 8), (campaign.id, 5)):
            values = furnished | {"campaign_id": owner, "told_half": "am", "moment": "m", "tool": "t"}
            db.session.add_all(
                FieldReport(**values, sharing="mail", reason_code="slow") for _ in range(times)
            )
    text = whole(cast.signed_in("technician").get(of(cast, f"/{campaign.id}/mur")))
    assert "Depuis la campagne précédente" in text
    assert "8\u00a0récits, puis 5\u00a0récits" in text


def test_a_sheet_typed_in_is_a_report_like_another(cast: Cast) -> None:
    campaign, _ = opened(cast)
    staff, page = cast.signed_in("technician"), of(cast, f"/{campaign.id}/papier")
    assert "Recopier une feuille" in whole(staff.get(page))
    with cast.inside():
        group = db.session.scalars(select(FieldGroup)).one()
    assert staff.post(page, data=typed()).status_code == 422
    assert staff.post(page, data=typed(group=str(group.id), reason_code="")).status_code == 422
    assert staff.post(page, data=typed(group=str(group.id))).status_code == 303
    (report,) = stored(cast)
    assert report.group_id == group.id


def test_the_sheets_are_paper_for_the_group_alone(cast: Cast) -> None:
    campaign, _ = opened(cast)
    with cast.inside():
        group = db.session.scalars(select(FieldGroup)).one()
    for name in ("formulaire.pdf", "reponses.pdf"):
        path = of(cast, f"/{campaign.id}/groupes/{group.id}/{name}")
        sheet = cast.signed_in("technician").get(path)
        assert (sheet.status_code, sheet.data[:5]) == (200, b"%PDF-")
        assert cast.signed_in("technician", cast.saule).get(path).status_code == 404


def test_every_page_is_whole_once_there_is_something_to_show(cast: Cast) -> None:
    for who, path in furnish(cast, clock.now()):
        text = whole(cast.signed_in(who).get(f"/{cast.tilleul.slug}/{path}"))
        assert not loose_signs(text), path
