"""The calendar feed: read by other programs, by whoever holds its secret, until it is revoked."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import select, update

from mspaudit.extensions import db
from mspaudit.identity.models import StaffMember
from mspaudit.notices import actions, calendar, settings_actions
from mspaudit.notices.calendar import Due
from mspaudit.notices.models import CalendarFeed
from tests.cast import Cast, House
from tests.notices.calendar_of import at, due, today

DAY = date(2028, 2, 29)


def opened(cast: Cast, who: str = "technician", house: House | None = None) -> str:
    """The address of that colleague's calendar."""
    with cast.inside(house) as home:
        member = db.session.get_one(StaffMember, (home.id, home.people[who].id))
        token = settings_actions.open_feed(member, now=at(today()))
        return f"/{home.slug}/calendrier/{token}.ics"


@pytest.fixture
def deadline(cast: Cast) -> UUID:
    due(cast, today() + timedelta(days=20), slug="fontaine")
    return due(cast, today() + timedelta(days=10))


def titles(browser: FlaskClient, url: str) -> list[str]:
    answer = browser.get(url)
    assert answer.status_code == 200
    return [str(event["summary"]) for event in Calendar.from_ical(answer.data).walk("vevent")]


def test_anybody_with_the_address_reads_it_without_signing_in(cast: Cast, deadline: UUID) -> None:
    answer = cast.nobody().get(opened(cast))
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert "private" in answer.headers["Cache-Control"]
    found = Calendar.from_ical(answer.data)
    events = {str(event["uid"]): event for event in found.walk("vevent")}
    event = events[f"{deadline}@mspaudit"]
    assert event["dtstart"].dt == today() + timedelta(days=10)
    assert event["dtend"].dt == today() + timedelta(days=11)
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert str(event["summary"]).startswith("Valbrune")
    assert str(event["url"]).endswith(f"/{cast.tilleul.slug}/echeances/{deadline}")


def test_it_is_the_same_until_something_changes(cast: Cast, deadline: UUID) -> None:
    url = opened(cast)
    first = cast.nobody().get(url)
    again = cast.nobody().get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    with cast.inside():
        actions.say([deadline], "done", now=at(today()))
    after = cast.nobody().get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert after.status_code == 200
    assert str(deadline) not in after.text


def test_an_unknown_a_revoked_and_a_strangers_address_answer_alike(cast: Cast, deadline: UUID) -> None:
    url = opened(cast)
    with cast.inside() as home:
        member = db.session.get_one(StaffMember, (home.id, home.people["technician"].id))
        settings_actions.close_feed(member, now=at(today()))
    other = opened(cast, house=cast.saule)
    moved = other.replace(cast.saule.slug, cast.tilleul.slug)
    unknown = f"/{cast.tilleul.slug}/calendrier/{'x' * 43}.ics"
    answers = [cast.nobody().get(each) for each in (url, moved, unknown)]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({answer.data for answer in answers}) == 1
    assert cast.nobody().get(f"/{cast.tilleul.slug}/calendrier/{'x' * 4000}.ics").status_code == 404


def test_a_new_address_kills_the_former(cast: Cast, deadline: UUID) -> None:
    former, new = opened(cast), opened(cast)
    assert cast.nobody().get(former).status_code == 404
    assert cast.nobody().get(new).status_code == 200


def test_it_dies_with_the_colleagues_access(cast: Cast, deadline: UUID) -> None:
    url = opened(cast)
    with cast.inside() as home:
        db.session.execute(
            update(StaffMember)
            .where(StaffMember.id == home.people["technician"].id)
            .values(disabled_at=at(today()))
        )
    assert cast.nobody().get(url).status_code == 404


def test_a_limited_technicians_calendar_shows_their_clients_alone(cast: Cast, deadline: UUID) -> None:
    everything = titles(cast.nobody(), opened(cast))
    mine = titles(cast.nobody(), opened(cast, "limited"))
    assert any("Fontaine" in title for title in everything)
    assert mine
    assert not any("Fontaine" in title for title in mine)


def test_the_secret_is_stored_as_a_hash_and_says_when_it_was_read(cast: Cast, deadline: UUID) -> None:
    url = opened(cast)
    cast.nobody().get(url)
    with cast.inside():
        row = db.session.scalars(select(CalendarFeed)).one()
        assert row.read_at is not None
        assert len(row.token_hash) == 32
        assert row.token_hash not in url.encode()


@given(st.text(max_size=80), st.dates(date(2024, 1, 1), date(2034, 12, 31)))
def test_whatever_the_words_it_can_be_read_back(words: str, day: date) -> None:
    said = "".join(c for c in words if c.isprintable())
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    event = Due(UUID(int=7), said, "contract", "Copieurs; lot, n° 2\\", day, day, moment)
    data = calendar.written([event], name="Tilleul", page="https://exemple.fr/tilleul/echeances")
    (found,) = Calendar.from_ical(data).walk("vevent")
    assert str(found["summary"]) == f"{said}\u00a0: Copieurs; lot, n° 2\\"
    assert found["dtstart"].dt == day
    assert all(len(line.encode()) <= 75 for line in data.decode().split("\r\n"))


def test_a_leap_day_ends_on_the_first_of_march() -> None:
    event = Due(UUID(int=7), "Valbrune", "domain", "valbrune.fr", DAY, DAY, datetime(2028, 1, 1, tzinfo=UTC))
    data = calendar.written([event], name="Tilleul", page="https://exemple.fr")
    (found,) = Calendar.from_ical(data).walk("vevent")
    assert (found["dtstart"].dt, found["dtend"].dt) == (DAY, date(2028, 3, 1))
