"""A source of measurements for the tests: a client's label `fact:CODE:0.35:2026-01-31` is a measurement."""

from sqlalchemy import TIMESTAMP, ColumnElement, Double, cast, func, select

from mspaudit.clients.models import Tag

BY = "une étiquette d’essai"
_tag = Tag.__table__.c


def _part(number: int) -> ColumnElement[str]:
    return func.split_part(_tag.tag, ":", number)


FACTS = select(
    _tag.tenant_id,
    _tag.client_id,
    _part(2).label("code"),
    cast(_part(3), Double).label("value"),
    func.timezone("Europe/Paris", cast(_part(4), TIMESTAMP)).label("observed_at"),
    _tag.tag.label("detail"),
).where(_tag.tag.startswith("fact:"))
