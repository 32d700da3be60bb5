"""The secretary's path: one question a screen, saved as she goes."""

from sqlalchemy import select

from mspaudit.checklists.models import AnswerEvent
from mspaudit.extensions import db
from tests.cast import Cast
from tests.checklists.campaigns import answer_of, start


def at(cast: Cast, path: str = "", client: str = "valbrune") -> str:
    return f"/{cast.tilleul.slug}/espace/{client}/{path}"


def test_she_answers_a_question_and_it_is_saved(cast: Cast) -> None:
    start(cast)
    browser = cast.signed_in("secretary")
    page = browser.get(at(cast))
    assert page.status_code == 200
    assert "Il vous reste" in page.text
    page = browser.get(at(cast, "questions/GOV-01"))
    assert page.status_code == 200
    assert "data-autosave" in page.text
    answer = browser.post(
        at(cast, "questions/GOV-01"),
        data={"choice": "partly", "version": "0"},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 200
    assert answer.json["saved"].startswith("Enregistré à")
    with cast.inside() as house:
        saved = answer_of(house.clients["valbrune"], "GOV-01")
        assert (saved.choice, saved.points, saved.state, saved.version) == ("partly", 1, "declared", 1)
        assert saved.by_kind == "client"
        events = db.session.scalars(select(AnswerEvent).where(AnswerEvent.answer_id == saved.id)).all()
        assert [(e.before, e.after) for e in events] == [("sans réponse", "en partie")]
