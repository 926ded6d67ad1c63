"""The vendor appoints, changes, pauses and ends partners."""

from dataclasses import replace

import pytest

from licet.kernel.refusal import Forbidden
from licet.partners import actions, consenting
from licet.partners.errors import (
    DiscountOutOfRange,
    PartnerHasEnded,
    PartnerIncomplete,
    PartnerNotActive,
    PartnerOwnerUnknown,
    PartnerTeamTaken,
)
from licet.partners.models import Access, Partner
from licet.partners.queries import found
from licet.partners.states import AccessState, PartnerState
from licet.teams.models import Member
from licet.teams.states import Role
from tests.partners.reseller import WANTED, Reseller, told
from tests.world import World


def test_a_partner_is_a_team_of_its_own_people(reseller: Reseller) -> None:
    member = Member.objects.get(team=reseller.team)
    assert (member.person, member.role, reseller.team.name) == (reseller.petra, Role.OWNER, "Bureau Nord")


def test_a_team_that_is_there_can_be_a_partner_once(world: World) -> None:
    by, team = world.victor.actor(), world.team
    partner = actions.appoint(wanted=WANTED, owner=team.public_id, by=by, now=world.now)
    assert partner.team == team
    with pytest.raises(PartnerTeamTaken):
        actions.appoint(wanted=WANTED, owner=team.public_id, by=by, now=world.now)


def test_only_the_vendor_appoints_and_only_what_can_be_invoiced(world: World) -> None:
    with pytest.raises(Forbidden):
        actions.appoint(wanted=WANTED, owner=world.alice.email, by=world.alice.actor(), now=world.now)
    by = world.victor.actor()
    with pytest.raises(PartnerIncomplete):
        actions.appoint(wanted=replace(WANTED, city=" "), owner=world.alice.email, by=by, now=world.now)
    with pytest.raises(DiscountOutOfRange):
        actions.appoint(
            wanted=replace(WANTED, discount_percent=91), owner=world.alice.email, by=by, now=world.now
        )
    with pytest.raises(PartnerOwnerUnknown):
        actions.appoint(wanted=WANTED, owner="nobody@nord.example", by=by, now=world.now)
    assert not Partner.objects.exists()


def test_a_change_names_what_changed(reseller: Reseller) -> None:
    by, now = reseller.world.victor.actor(), reseller.world.now
    actions.edit(partner=reseller.partner, wanted=replace(WANTED, discount_percent=25), by=by, now=now)
    (event,) = told("partner.changed")
    assert (event.facts["changed"], event.facts["discount_percent"]) == (["discount_percent"], 25)


def test_a_paused_partner_asks_and_orders_nothing_until_it_goes_on(reseller: Reseller) -> None:
    by, now, access = reseller.world.victor.actor(), reseller.world.now, reseller.granted()
    actions.pause(partner=reseller.partner, by=by, now=now)
    with pytest.raises(PartnerNotActive):
        reseller.order(access)
    with pytest.raises(PartnerNotActive):
        reseller.ask("new@customer.example")
    with pytest.raises(PartnerNotActive):
        reseller.vouchers()
    actions.resume(partner=Partner.objects.get(), by=by, now=now)
    assert reseller.order(access).number


def test_with_a_partner_ends_what_it_could_see_and_nothing_else(reseller: Reseller) -> None:
    by, now, access = reseller.world.victor.actor(), reseller.world.now, reseller.granted()
    order = reseller.order(access)
    actions.end(partner=reseller.partner, by=by, now=now)
    assert Access.objects.get(pk=access.pk).state == AccessState.ENDED
    assert order.lines.get().license is not None
    assert Partner.objects.get().state == PartnerState.ENDED
    with pytest.raises(PartnerHasEnded):
        actions.resume(partner=Partner.objects.get(), by=by, now=now)
    assert consenting.Access.objects.open().count() == 0


def test_the_finder_shows_listed_partners_of_a_country_the_nearest_first(world: World) -> None:
    by = world.victor.actor()
    places = [
        ("Fern", "80331", "DE"),
        ("Nah", "20099", "DE"),
        ("Wien", "1010", "AT"),
        ("Paris", "75001", "FR"),
    ]
    for name, code, country in places:
        owner = world.person(f"{name.lower()}@partner.example", name)
        serves = ("FR",) if country == "FR" else ("AT", "DE")
        wanted = replace(WANTED, name=name, postal_code=code, country=country, countries=serves)
        actions.appoint(wanted=wanted, owner=owner.email, by=by, now=world.now)
    hidden = world.person("hidden@partner.example", "Hidden")
    actions.appoint(wanted=replace(WANTED, is_listed=False), owner=hidden.email, by=by, now=world.now)
    names = [each.name for each in found(country="DE", language="", postal_code="20 095")]
    assert names == ["Nah", "Fern", "Wien"]
    assert found(country="DE", language="fr", postal_code="") == []
