"""Whose lines a shared file holds: as said last time, else by a domain or a name that only one has."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from mspaudit.intake import dispatch
from mspaudit.intake.dispatch import Known, Proposal, propose
from mspaudit.intake.feeds import Row

VALBRUNE, FONTAINE, BEAUCORNE = uuid4(), uuid4(), uuid4()
KNOWN = Known(
    routes={"domain:fontaine.local": FONTAINE},
    domains={"valbrune.example": frozenset({VALBRUNE}), "gmail.com": frozenset({VALBRUNE, FONTAINE})},
    names={"valbrune": VALBRUNE, "menuiserie fontaine": FONTAINE, "saint martin": BEAUCORNE},
)


def test_what_was_said_last_time_wins() -> None:
    assert propose("domain:fontaine.local", KNOWN) == Proposal(FONTAINE, sure=True)


def test_a_domain_of_one_client_only_is_theirs() -> None:
    assert propose("domain:valbrune.example", KNOWN) == Proposal(VALBRUNE, sure=True)
    assert propose("domain:gmail.com", KNOWN) == Proposal()


def test_a_domain_that_is_called_like_a_client_is_proposed_to_check() -> None:
    assert propose("domain:mairie-valbrune.fr", KNOWN) == Proposal(VALBRUNE)
    assert propose("domain:saint-martin.fr", KNOWN) == Proposal(BEAUCORNE)
    assert propose("domain:martin.fr", KNOWN) == Proposal()


def test_an_entity_is_a_client_by_its_name_wherever_it_is_in_the_path() -> None:
    assert propose("entity:racine > valbrune > ccas", KNOWN) == Proposal(VALBRUNE, sure=True)
    assert propose("entity:mairie de valbrune", KNOWN) == Proposal(VALBRUNE)
    assert propose("entity:valbrune-les-bains", KNOWN) == Proposal()


def test_a_line_is_told_by_its_entity_then_by_its_address() -> None:
    assert dispatch.key(Row(2, {"entity": "Valbrune", "upn": "a@b.example"})) == "entity:valbrune"
    assert dispatch.key(Row(2, {"upn": "", "mail": "a@B.example"})) == "domain:b.example"
    assert dispatch.key(Row(2, {"upn": "Administrateur"})) == ""


@given(st.lists(st.sampled_from(["a@v.example", "b@f.example", "c@x.example", "rien"])))
def test_no_line_is_lost(addresses: list[str]) -> None:
    rows = [Row(n, {"upn": address}) for n, address in enumerate(addresses)]
    routes = {"domain:v.example": str(VALBRUNE), "domain:f.example": str(FONTAINE), "domain:x.example": ""}
    parts, nobody = dispatch.split(rows, routes)
    kept: list[Row] = [row for part in parts.values() for row in part]
    assert sorted(row.line for row in kept + nobody) == list(range(len(addresses)))
    assert sum(dispatch.keys(rows).values()) == len(rows)
    assert all(isinstance(client, UUID) for client in parts)
