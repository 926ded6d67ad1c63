"""A customer lets a partner in, or not, and ends it at any moment."""

import pytest

from licet.kernel.refusal import Forbidden, Missing
from licet.licenses.models import License
from licet.orders import partnering
from licet.partners import consenting
from licet.partners.errors import AccessOver, AccessTeamNeeded, HintNeeded, NoAccess
from licet.partners.models import Access
from licet.partners.states import AccessState
from licet.teams.models import Team
from tests.orders.conftest import Shop
from tests.partners.reseller import Reseller, told
from tests.world import World


def shown(access: Access) -> tuple[str, str]:
    """Return what a partner sees of a request before the answer."""
    return access.hint, access.state


def test_a_team_is_found_by_its_id_and_by_an_order_and_an_address_by_itself(reseller: Reseller) -> None:
    order = Shop(reseller.world).place()
    assert reseller.ask(reseller.world.team.public_id).team == reseller.world.team
    assert reseller.ask(str(order.number)).team == order.team
    assert reseller.ask(" Alice@Atelier.example ").email == "alice@atelier.example"


def test_asking_says_the_same_whether_there_is_such_a_customer_or_not(reseller: Reseller) -> None:
    there = reseller.ask(reseller.world.team.public_id)
    nobody = reseller.ask("team_0000000000000000")
    number = reseller.ask("99999")
    stranger = reseller.ask("nobody@nowhere.example")
    assert {shown(each)[1] for each in (there, nobody, number, stranger)} == {AccessState.ASKED}
    assert nobody.team is None
    assert number.team is None


def test_the_same_request_twice_is_one(reseller: Reseller) -> None:
    assert reseller.ask("99999").pk == reseller.ask(" 99999 ").pk
    with pytest.raises(HintNeeded):
        reseller.ask("  ")


def test_who_does_not_order_for_the_partner_asks_nothing(reseller: Reseller) -> None:
    with pytest.raises(Missing):
        reseller.ask("99999", by=reseller.world.charlie)
    helper = reseller.world.person("helper@nord.example", "Helper")
    reseller.world.join(reseller.team, helper)
    with pytest.raises(Forbidden):
        reseller.ask("99999", by=helper)


def test_only_an_owner_of_the_team_says_yes(reseller: Reseller) -> None:
    access = reseller.ask()
    for person, refusal in ((reseller.world.charlie, Missing), (reseller.world.bob, Forbidden)):
        with pytest.raises(refusal):
            consenting.accept(access=access, by=person.actor(), now=reseller.world.now)
    granted = consenting.accept(access=access, by=reseller.world.alice.actor(), now=reseller.world.now)
    assert granted.state == AccessState.GRANTED
    (event,) = told("partner_access.granted")
    assert event.team == reseller.world.team.pk


def test_an_address_chooses_one_of_its_teams_or_founds_one(reseller: Reseller) -> None:
    alice, now = reseller.world.alice.actor(), reseller.world.now
    access = reseller.ask(reseller.world.alice.email)
    with pytest.raises(AccessTeamNeeded):
        consenting.accept(access=access, by=alice, now=now)
    with pytest.raises(Missing):
        consenting.accept(access=access, team=reseller.world.other_team, by=alice, now=now)
    granted = consenting.accept(access=access, team_name="Atelier Neuf", by=alice, now=now)
    assert granted.team == Team.objects.get(name="Atelier Neuf")
    with pytest.raises(Missing):
        consenting.accept(access=reseller.ask("x@y.example"), team_name="X", by=alice, now=now)


def test_a_no_is_a_no_until_it_is_asked_again(reseller: Reseller) -> None:
    alice, now, access = reseller.world.alice.actor(), reseller.world.now, reseller.ask()
    consenting.decline(access=access, by=alice, now=now)
    with pytest.raises(AccessOver):
        consenting.accept(access=access, by=alice, now=now)
    assert reseller.ask().pk != access.pk


def test_figures_are_seen_with_consent_alone_and_name_nobody(reseller: Reseller, world: World) -> None:
    Shop(world).place()
    by, now = reseller.petra.actor(), world.now
    asked = reseller.ask()
    with pytest.raises(NoAccess):
        partnering.figures(access=asked, by=by, now=now)
    access = consenting.accept(access=asked, by=world.alice.actor(), now=now)
    (figure,) = partnering.figures(access=access, by=by, now=now)
    assert (figure.product, figure.seats) == (world.product.name, License.objects.get().seats)
    with pytest.raises(Missing):
        partnering.figures(access=access, by=world.charlie.actor(), now=now)


def test_the_customer_ends_it_at_any_moment_and_keeps_the_licenses(reseller: Reseller, world: World) -> None:
    access = reseller.granted()
    order = reseller.order(access)
    consenting.stop(access=access, by=world.alice.actor(), now=world.now)
    with pytest.raises(NoAccess):
        reseller.order(Access.objects.select_related("partner__team", "team").get(pk=access.pk))
    with pytest.raises(NoAccess):
        partnering.figures(access=Access.objects.get(pk=access.pk), by=reseller.petra.actor(), now=world.now)
    assert order.lines.get().license.seats == 3
    with pytest.raises(Missing):
        consenting.stop(access=access, by=world.charlie.actor(), now=world.now)
