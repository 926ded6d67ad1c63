"""Agreements with institutions: teachers draw the places of their classes from them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from licet.education.agreements import actions as agreements
from licet.education.agreements.errors import (
    AgreementEndsSooner,
    AgreementFull,
    AgreementOver,
    AgreementProduct,
    AgreementTimes,
    AgreementTooSmall,
    ContactUnknown,
)
from licet.education.agreements.models import Agreement
from licet.education.proofs.class_code import actions as classes
from licet.education.proofs.class_code import queries
from licet.education.proofs.class_code.teachers import teaching
from licet.kernel.refusal import Forbidden
from licet.teams.models import Member
from tests.education.classrooms import END, agreed, listed, made, school, teacher, wanted
from tests.education.conftest import Campus
from tests.world import NOW

pytestmark = pytest.mark.django_db


def test_an_agreement_has_a_team_whose_owner_is_the_contact(campus: Campus) -> None:
    agreement = agreed(campus)
    assert agreement.team.name == "Lycée du Rhin"
    assert Member.objects.owners(agreement.team.pk).get().person == campus.world.alice
    assert agreed(campus).team == agreement.team, "the next one of the same institution"
    assert list(Agreement.objects.visible_to(campus.student.actor())) == []
    assert Agreement.objects.visible_to(campus.world.alice.actor()).count() == 2


def test_what_cannot_be_agreed_is_refused(campus: Campus) -> None:
    said = agreements.Wanted(
        institution=school(),
        programme=campus.programme,
        product=None,
        seats=5,
        starts_on=NOW.date(),
        ends_on=END,
        contact=campus.world.alice.email,
    )
    other = campus.world.other_product
    other.code = "elsewhere"
    for refusal, what in [
        (AgreementTimes, replace(said, ends_on=NOW.date())),
        (AgreementProduct, replace(said, product=other)),
        (ContactUnknown, replace(said, contact="nobody@home.example")),
    ]:
        with pytest.raises(refusal):
            agreements.make(wanted=what, by=campus.victor.actor(), now=NOW)
    with pytest.raises(Forbidden):
        agreements.make(wanted=said, by=campus.student.actor(), now=NOW)


def test_classes_draw_their_places_and_give_them_back(campus: Campus) -> None:
    ines, omar = teacher(campus, at=school()), teacher(campus, "omar@home.example", at=school())
    agreement = agreed(campus, seats=10)
    of = made(campus, ines, seats=6, agreement=agreement)
    with pytest.raises(AgreementFull) as refused:
        made(campus, omar, seats=5, agreement=agreement)
    assert refused.value.params["free"] == 4
    second = made(campus, omar, seats=4, agreement=agreement)
    with pytest.raises(AgreementFull):
        classes.alter(of=second, wanted=wanted(seats=5), by=omar.actor(), now=NOW)
    classes.alter(of=of, wanted=wanted(seats=5), by=ines.actor(), now=NOW)
    classes.alter(of=second, wanted=wanted(seats=5), by=omar.actor(), now=NOW)
    assert agreement.free(NOW) == 0
    classes.end(of=of, by=ines.actor(), now=NOW)
    assert agreement.free(NOW) == 5
    assert agreement.free(NOW + timedelta(days=300)) == 10, "after the last day of the other one"


def test_an_agreement_serves_its_institution_while_it_runs(campus: Campus) -> None:
    agreement = agreed(campus, ends_on=date(2026, 6, 1))
    ines = teacher(campus, at=school())
    stranger = teacher(campus, "lena@home.example", at=school("Collège de la Meuse"))
    with pytest.raises(AgreementOver):
        made(campus, stranger, agreement=agreement)
    with pytest.raises(AgreementEndsSooner):
        made(campus, ines, agreement=agreement)
    by_then = wanted(ends_on=date(2026, 6, 1))
    of = classes.make(
        programme=campus.programme, wanted=by_then, agreement=agreement, by=ines.actor(), now=NOW
    )
    agreements.end(agreement=agreement, by=campus.victor.actor(), now=NOW)
    with pytest.raises(AgreementOver):
        made(campus, ines, agreement=agreement)
    smaller = wanted(seats=1, ends_on=date(2026, 6, 1))
    assert classes.alter(of=of, wanted=smaller, by=ines.actor(), now=NOW).seats == 1
    with pytest.raises(AgreementOver):
        agreements.end(agreement=agreement, by=campus.victor.actor(), now=NOW)


def test_an_agreement_is_changed_but_never_below_what_is_drawn(campus: Campus) -> None:
    agreement = agreed(campus, seats=10)
    ines, victor = teacher(campus, at=school()), campus.victor.actor()
    made(campus, ines, seats=6, agreement=agreement)
    with pytest.raises(AgreementTooSmall):
        agreements.change_terms(agreement=agreement, seats=5, ends_on=END, by=victor, now=NOW)
    with pytest.raises(AgreementTimes):
        agreements.change_terms(agreement=agreement, seats=9, ends_on=NOW.date(), by=victor, now=NOW)
    with pytest.raises(Forbidden):
        agreements.change_terms(agreement=agreement, seats=9, ends_on=END, by=ines.actor(), now=NOW)
    changed = agreements.change_terms(agreement=agreement, seats=6, ends_on=END, by=victor, now=NOW)
    assert changed.free(NOW) == 0


def test_the_figures_say_who_uses_how_much(campus: Campus) -> None:
    agreement = agreed(campus, seats=10)
    ines = teacher(campus, at=school())
    listed(made(campus, ines, seats=6, agreement=agreement), "Léa", "Tom")
    usage = queries.usage(agreement=agreement, now=NOW)
    assert (usage.drawn, usage.used, usage.free, usage.runs) == (6, 2, 4, True)
    assert [(row.group.teacher, row.taken) for row in usage.classes] == [(ines, 2)]
    found = teaching(person=ines.pk, programme=campus.programme, now=NOW)
    assert found
    assert [(each.agreement, each.free) for each in queries.sources(teaching=found, now=NOW)] == [
        (agreement, 4)
    ]
