"""Issuing codes: of a team's license, or for the team that will redeem them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from licet.eventlog import worker
from licet.kernel.refusal import Forbidden
from licet.licenses import actions as licenses
from licet.licenses import codes, queries
from licet.licenses.errors import CodeUnknown, HolderElsewhere, LicenseRevokedAlready
from licet.licenses.models import Code
from licet.licenses.states import CodeStanding
from tests.licenses.shared import chance, issued, promised, text, told
from tests.world import OPERATOR, World


def test_a_code_of_a_license_works_at_once(world: World) -> None:
    code = issued(world, member=world.member(world.bob))
    assert code.standing(world.now) is CodeStanding.WORKING
    assert queries.find(text=text(1).lower()).pk == code.pk
    assert told("code.issued") == [
        {
            "code": code.pk,
            "ending": text(1)[-4:],
            "license": code.license_id,
            "allotment": None,
            "member": code.member_id,
        }
    ]


def test_a_code_that_is_no_teams_waits_for_one(world: World) -> None:
    code = promised(world, redeem_until=world.now + timedelta(days=30))
    assert code.standing(world.now) is CodeStanding.OPEN
    assert code.standing(world.now + timedelta(days=30)) is CodeStanding.EXPIRED
    assert (code.team, code.license, code.product) == (None, None, world.product)


def test_many_codes_can_promise_the_same(world: World) -> None:
    made = codes.issue_open(
        product=world.product,
        seats=2,
        days=30,
        terms=world.plan().read_terms(),
        chances=[chance(number) for number in range(20)],
        by=world.victor.actor(),
        now=world.now,
    )
    assert len({code.code_hash for code in made}) == 20
    assert len({code.allotment_id for code in made}) == 1


def test_the_person_who_gets_one_is_told_without_the_code(world: World, mailoutbox: list) -> None:
    issued(world, member=world.member(world.bob))
    mailoutbox.clear()
    worker.drain(now=world.now)
    mail = next(mail for mail in mailoutbox if "bob@atelier.example" in mail.to and text(1)[-4:] in mail.body)
    assert "Lizenzcode" in mail.subject or "code" in mail.subject.lower()
    assert not any(text(1) in str(part.message()) for part in mailoutbox)


@pytest.mark.parametrize("whose", ["outsider", "left"])
def test_it_is_made_for_members_of_the_licenses_team_alone(world: World, whose: str) -> None:
    license = world.licenses()
    member = world.member(world.bob)
    if whose == "outsider":
        member = world.member(world.charlie, world.other_team)
    else:
        member.left_at = world.now
        member.save()
    with pytest.raises(HolderElsewhere):
        issued(world, license=license, member=member)


def test_a_revoked_license_gets_none(world: World) -> None:
    license = licenses.revoke(license=world.licenses(), by=OPERATOR, now=world.now)
    with pytest.raises(LicenseRevokedAlready):
        issued(world, license=license)


def test_the_same_chance_twice_is_refused_by_the_database(world: World) -> None:
    license = world.licenses()
    issued(world, license=license)
    with pytest.raises(IntegrityError), transaction.atomic():
        issued(world, license=license)


def test_customers_make_none(world: World) -> None:
    license, by = world.licenses(), world.alice.actor()
    with pytest.raises(Forbidden):
        codes.issue(license=license, member=None, chance=chance(1), by=by, now=world.now)
    with pytest.raises(Forbidden):
        codes.issue_open(
            product=world.product,
            seats=1,
            days=1,
            terms=license.read_terms(),
            chances=[chance(1)],
            by=by,
            now=world.now,
        )
    assert not Code.objects.exists()


def test_a_code_that_was_never_made_is_unknown(world: World) -> None:
    issued(world)
    with pytest.raises(CodeUnknown) as caught:
        queries.find(text=text(2))
    assert text(2) not in str(caught.value)


def test_nothing_stored_holds_the_code(world: World) -> None:
    """Neither as it is shown nor as it is hashed without a key."""
    code = issued(world, member=world.member(world.bob))
    promised(world, number=2)
    codes.supersede(code=code, chance=chance(3), by=OPERATOR, now=world.now)
    worker.drain(now=world.now)
    dump = _dump()
    for number in (1, 2, 3):
        assert text(number) not in dump
        assert text(number).replace("-", "") not in dump
    assert text(1)[-4:] in dump


def _dump() -> str:
    """Return every value of every table as text."""
    parts: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            parts += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(parts)
