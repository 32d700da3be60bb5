"""The legal calendar: sound data, and only whom it concerns."""

from datetime import date

from mspaudit.content.calendar import obligations

BY_CODE = {one.code: one for one in obligations()}


def test_every_date_says_where_it_comes_from_and_when_it_was_read() -> None:
    for one in obligations():
        assert one.title
        assert one.todo.endswith(".")
        assert one.source
        assert one.seen_on >= date(2026, 11, 21)
        assert one.certainty in ("sure", "high", "likely")
        assert set(one.kinds) <= {"enterprise", "commune"}


def test_dates_come_in_order_and_codes_once() -> None:
    assert [one.on for one in obligations()] == sorted(one.on for one in obligations())
    assert len(BY_CODE) == len(obligations())


def test_issuing_invoices_waits_for_a_smaller_company_only() -> None:
    issue = BY_CODE["einvoice-issue"]
    assert issue.on == date(2027, 9, 1)
    assert issue.concerns("enterprise", headcount=12)
    assert issue.concerns("enterprise")
    assert not issue.concerns("enterprise", headcount=400)
    assert not issue.concerns("commune", population=800)


def test_a_small_commune_is_never_told_of_nis2() -> None:
    assert not [one for one in obligations() if "NIS" in one.title + one.todo]


def test_a_tag_narrows_whatever_its_accents() -> None:
    cra = BY_CODE["cra"]
    assert not cra.concerns("enterprise")
    assert cra.concerns("enterprise", tags=["Editeur"])


def test_a_large_commune_has_no_secretary_of_this_law() -> None:
    secretary = BY_CODE["commune-secretary"]
    assert secretary.concerns("commune", population=1842)
    assert not secretary.concerns("commune", population=3500)
    assert not secretary.concerns("enterprise")
