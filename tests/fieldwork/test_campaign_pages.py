"""A campaign from its preparation to its promise, and who may not see it."""

from datetime import timedelta

from sqlalchemy import select

from mspaudit.extensions import db
from mspaudit.fieldwork.models import FieldCampaign, FieldGroup
from mspaudit.journal.models import Entry
from tests.cast import Cast
from tests.fieldwork.campaigns import TODAY, opened, prepared
from tests.pages import loose_signs, whole


def of(cast: Cast, path: str = "") -> str:
    return f"/{cast.tilleul.slug}/clients/valbrune/terrain{path}"


def space(cast: Cast, path: str = "") -> str:
    return f"/{cast.tilleul.slug}/espace/valbrune/terrain{path}"


def given(cast: Cast, **other: str) -> dict[str, str]:
    return {
        "message": "Dites-nous ce qui se fait vraiment.",
        "facilitator": str(cast.tilleul.people["technician"].id),
        "session_on": TODAY.isoformat(),
        "session_half": "pm",
        "next_on": (TODAY + timedelta(days=300)).isoformat(),
    } | other


def test_a_campaign_is_prepared_promised_then_open(cast: Cast) -> None:
    staff, direction = cast.signed_in("technician"), cast.signed_in("decider")
    assert "Aucune campagne" in whole(staff.get(of(cast)))
    assert staff.post(of(cast), data=given(cast)).status_code == 303
    with cast.inside():
        campaign = db.session.scalars(select(FieldCampaign)).one()
    page = of(cast, f"/{campaign.id}")
    assert staff.post(f"{page}/groupes", data={"name": "Accueil", "headcount": "8"}).status_code == 303
    assert "Rien n’est ouvert" in whole(staff.get(page))
    assert "/t/" not in staff.get(page).text
    assert "Je m’y engage" in whole(direction.get(space(cast)))
    assert direction.post(space(cast, f"/{campaign.id}/promesse")).status_code == 303
    text = whole(staff.get(page))
    assert "http://localhost/t/" in text
    assert "<svg" in text
    assert not loose_signs(text)
    with cast.inside():
        group = db.session.scalars(select(FieldGroup)).one()
        verbs = list(db.session.scalars(select(Entry.verb).where(Entry.verb.startswith("field_"))))
    assert text.count(str(group.token_hash.hex())) == 0
    assert sorted(verbs) == [
        "field_campaign.group_added",
        "field_campaign.prepared",
        "field_campaign.promised",
    ]


def test_what_cannot_be_prepared_keeps_what_was_typed(cast: Cast) -> None:
    staff = cast.signed_in("technician")
    late = (TODAY + timedelta(days=500)).isoformat()
    for other in ({"next_on": late}, {"facilitator": ""}, {"message": " "}, {"session_on": "hier"}):
        answer = staff.post(of(cast), data=given(cast, **other))
        assert answer.status_code == 422
        assert str(TODAY + timedelta(days=300)) in answer.text or late in answer.text
    with cast.inside():
        assert not db.session.scalars(select(FieldCampaign)).all()


def test_one_campaign_at_a_time(cast: Cast) -> None:
    with cast.inside():
        prepared(cast)
    answer = cast.signed_in("technician").post(of(cast), data=given(cast))
    assert answer.status_code == 422
    assert "déjà en cours" in answer.text


def test_only_the_direction_promises(cast: Cast) -> None:
    with cast.inside():
        campaign = prepared(cast)
    assert cast.signed_in("secretary").get(space(cast)).status_code == 403
    secretary = cast.signed_in("secretary")
    assert secretary.post(space(cast, f"/{campaign.id}/promesse")).status_code == 403
    assert cast.signed_in("manager").post(space(cast, f"/{campaign.id}/promesse")).status_code == 404


def test_the_stranger_finds_nothing(cast: Cast) -> None:
    campaign, _ = opened(cast)
    stranger = cast.signed_in("technician", cast.saule)
    for path in ("", f"/{campaign.id}"):
        assert stranger.get(of(cast, path)).status_code == 404
    assert stranger.post(of(cast, f"/{campaign.id}/cloture")).status_code == 404


def test_a_reader_looks_and_changes_nothing(cast: Cast) -> None:
    campaign, _ = opened(cast)
    reader = cast.signed_in("reader")
    assert "Ajouter le groupe" not in whole(reader.get(of(cast, f"/{campaign.id}")))
    assert reader.post(of(cast, f"/{campaign.id}/cloture")).status_code == 403
