"""What applicants wrote by hand becomes an institution of the directory; what mailboxes prove."""

import pytest

from licet.education import listing, settling
from licet.education.directory import Domain
from licet.education.errors import DomainUnreadable, NothingToSettle
from licet.education.models import Case
from licet.education.sources.rows import InstitutionRow
from licet.education.states import Role, Trust
from licet.kernel.refusal import Forbidden
from tests.education.conftest import Campus

pytestmark = pytest.mark.django_db
ROW = InstitutionRow(names={"": "École du Rhin"}, country="FR", city="Strasbourg")


def test_proposals_are_counted_whatever_their_capitals(campus: Campus) -> None:
    campus.sent()
    other = campus.sent(campus.world.bob)
    Case.objects.filter(pk=other.pk).update(institution_text="École DU Rhin")
    campus.started(campus.world.person("draft@home.example", "Somebody"))
    (found,) = settling.proposals()
    assert (found.country, found.cases) == ("FR", 2)


def test_settling_gives_the_requests_their_institution(campus: Campus) -> None:
    case = campus.sent()
    by, now = campus.victor.actor(), campus.world.now
    school = listing.list_institution(row=ROW, by=by, now=now)
    assert settling.settle(text="École DU RHIN", country="FR", into=school, by=by, now=now) == 1
    case.refresh_from_db()
    assert case.institution == school
    assert settling.proposals() == []
    with pytest.raises(NothingToSettle):
        settling.settle(text="École du Rhin", country="FR", into=school, by=by, now=now)


def test_what_the_desk_says_of_a_domain_stands_above_lists(campus: Campus) -> None:
    settling.judge_domain(
        name=" Ecole.Example. ",
        trust=Trust.ACTIVE_MEMBERS,
        roles=[Role.STUDENT],
        institution=None,
        note="",
        by=campus.victor.actor(),
        now=campus.world.now,
    )
    found = Domain.objects.get()
    assert (found.name, found.trust, found.source) == ("ecole.example", Trust.ACTIVE_MEMBERS, "own")


def test_what_is_no_domain_is_refused(campus: Campus) -> None:
    for name in ("", "no domain", "x@y@z"):
        with pytest.raises(DomainUnreadable):
            settling.judge_domain(
                name=name,
                trust=Trust.UNKNOWN,
                roles=[],
                institution=None,
                note="",
                by=campus.victor.actor(),
                now=campus.world.now,
            )


def test_customers_settle_nothing(campus: Campus) -> None:
    campus.sent()
    by, now = campus.victor.actor(), campus.world.now
    school = listing.list_institution(row=ROW, by=by, now=now)
    with pytest.raises(Forbidden):
        settling.settle(text="École du Rhin", country="FR", into=school, by=campus.student.actor(), now=now)
