"""The session refuses what forgets the tenant, and only that."""

from uuid import uuid4

import pytest
from sqlalchemy import select, union_all

from mspaudit.clients.models import Person, Referent
from mspaudit.extensions import db
from mspaudit.tenancy.session import UnfilteredStatement
from tests.cast import Cast

_person, _referent = Person.__table__, Referent.__table__


def test_bare_tables_without_their_tenant_are_refused(cast: Cast) -> None:
    with cast.inside(), pytest.raises(UnfilteredStatement, match="person"):
        db.session.execute(select(_person.c.id))


def test_a_table_joined_without_its_tenant_is_refused_inside_a_subquery(cast: Cast) -> None:
    joined = select(_referent.c.tenant_id, _person.c.name).join(
        _person, _person.c.id == _referent.c.person_id
    )
    inner = joined.subquery()
    with cast.inside() as house, pytest.raises(UnfilteredStatement, match="person"):
        db.session.execute(select(inner.c.name).where(inner.c.tenant_id == house.id))


def test_a_union_filtered_from_outside_names_the_tenant_of_each_part(cast: Cast) -> None:
    both = union_all(
        select(_person.c.tenant_id, _person.c.id), select(_referent.c.tenant_id, _referent.c.id)
    ).subquery()
    with cast.inside() as house:
        assert db.session.execute(select(both.c.id).where(both.c.tenant_id == house.id)).all() == []
        assert db.session.execute(select(both.c.id).where(both.c.tenant_id == uuid4())).all() == []
    with cast.inside(), pytest.raises(UnfilteredStatement):
        db.session.execute(select(both.c.id))
