"""Team and address: who is asked what, and what is said at which field."""

import pytest
from django.test import Client

from licet.teams.states import Role
from tests.web.shop.conftest import ADDRESS, Visitor
from tests.world import PASSWORD, World


def test_an_empty_basket_leads_back_to_it(alice: Visitor) -> None:
    assert alice.browser.get("/checkout/")["Location"] == "/basket/"
    assert alice.tell()["Location"] == "/basket/"


def test_a_stranger_is_asked_to_sign_in_or_to_sign_up_and_comes_back(visitor: Visitor) -> None:
    visitor.add()
    page = visitor.browser.get("/checkout/").content.decode()
    assert 'href="/account/login/?next=/checkout/"' in page
    assert 'href="/account/signup/?next=/checkout/"' in page


def test_the_basket_stays_through_the_sign_in(world: World, visitor: Visitor) -> None:
    world.team  # noqa: B018
    visitor.add(quantity=4)
    answer = visitor.browser.post(
        "/account/login/?next=/checkout/",
        {"login": world.alice.email, "password": PASSWORD, "next": "/checkout/"},
    )
    assert answer["Location"] == "/checkout/"
    assert visitor.basket() == [(world.plan().code, 4)]
    assert visitor.browser.get("/checkout/").status_code == 200


def test_one_chooses_among_the_teams_that_one_may_order_for(world: World, alice: Visitor) -> None:
    alice.add()
    theirs = world.other_team

    def names() -> list[str]:
        return [
            str(name) for _key, name in alice.browser.get("/checkout/").context["form"].fields["team"].choices
        ]

    assert names() == [world.team.name, "A new team"]
    world.join(theirs, world.alice, role=Role.MEMBER)
    assert names() == [world.team.name, "A new team"]


def test_the_first_team_gets_its_name_here(world: World, signed_in) -> None:
    charlie = Visitor(world, signed_in(world.charlie))
    charlie.add()
    form = charlie.browser.get("/checkout/").context["form"]
    assert form.fields["team"].widget.is_hidden
    assert form.fields["team_name"].required
    assert charlie.tell(team="new", team_name="").context["form"].errors["team_name"]
    assert charlie.tell(team="new", team_name="Studio Stone")["Location"] == "/checkout/review/"


@pytest.mark.parametrize("name", ["", "   ", "a\u202eb"])
def test_a_new_team_without_a_fit_name_is_said_at_the_name(alice: Visitor, name: str) -> None:
    alice.add()
    answer = alice.tell(team="new", team_name=name)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["team_name"]


def test_a_private_person_is_asked_for_nothing_of_a_company(alice: Visitor) -> None:
    """What a company would have is neither taken nor refused, and the team bears the person's name."""
    alice.add()
    noise = {"company": "x" * 121, "vat_number": "12", "siren": "1", "purchase_order": "x" * 61}
    answer = alice.tell(buyer="private", team="new", team_name=" ", **noise)
    assert answer["Location"] == "/checkout/review/"
    kept = alice.browser.session["checkout"]
    assert kept["team_name"] == ADDRESS["name"]
    assert not any(kept["address"].get(name) for name in ("company", "vat_number", "siren", "purchase_order"))


def test_a_private_person_may_name_the_team_otherwise(alice: Visitor) -> None:
    alice.add()
    alice.tell(buyer="private", team="new", team_name="Famille Martin")
    assert alice.browser.session["checkout"]["team_name"] == "Famille Martin"


def test_a_company_is_asked_for_its_name(alice: Visitor) -> None:
    alice.add()
    answer = alice.tell(company=" ")
    assert list(answer.context["form"].errors) == ["company"]
    assert "company that gets the invoice" in answer.content.decode()


def test_a_team_of_others_is_no_choice(world: World, alice: Visitor) -> None:
    alice.add()
    answer = alice.tell(team=world.other_team.public_id)
    assert list(answer.context["form"].errors) == ["team"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("street", " "),
        ("postal_code", ""),
        ("city", ""),
        ("country", ""),
        ("country", "EU"),
        ("country", "Utopia"),
        ("vat_number", "12"),
        ("vat_number", "<b>"),
        ("siren", "123 456 789"),
        ("company", "x" * 121),
        ("city", "a\u202eb"),
        ("purchase_order", "x" * 61),
    ],
)
def test_a_fault_of_the_address_is_said_at_its_field_and_the_rest_is_kept(
    alice: Visitor, field: str, value: str
) -> None:
    alice.add()
    answer = alice.tell(**{field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    page = answer.content.decode()
    for other in ADDRESS.keys() - {field, "country"}:
        assert not ADDRESS[other] or f'value="{ADDRESS[other]}"' in page
    assert alice.browser.get("/checkout/review/")["Location"] == "/checkout/"


def test_fields_tell_browsers_what_they_are(alice: Visitor) -> None:
    alice.add()
    page = alice.browser.get("/checkout/").content.decode()
    for token in ("organization", "name", "address-line1", "postal-code", "address-level2", "country"):
        assert f'autocomplete="billing {token}"' in page


def test_countries_are_named_and_sorted_in_the_readers_language(world: World, alice: Visitor) -> None:
    alice.add()
    world.alice.language = "fr"
    world.alice.save()
    page = alice.browser.get("/checkout/").content.decode()
    assert page.index("Allemagne") < page.index("Égypte") < page.index("Espagne") < page.index("Zimbabwe")


def test_what_was_typed_is_there_again(alice: Visitor) -> None:
    alice.add()
    alice.tell(city="Obernai", purchase_order="PO-7")
    page = alice.browser.get("/checkout/").content.decode()
    assert 'value="Obernai"' in page
    assert 'value="PO-7"' in page


def test_the_address_of_the_last_order_is_proposed_without_its_order_number(alice: Visitor) -> None:
    alice.add()
    alice.tell(city="Obernai", purchase_order="PO-7")
    alice.order()
    alice.add()
    page = alice.browser.get("/checkout/").content.decode()
    assert 'value="Obernai"' in page
    assert "PO-7" not in page


@pytest.mark.django_db
def test_the_review_is_for_people_with_an_account() -> None:
    assert Client().get("/checkout/review/")["Location"] == "/checkout/"
    assert Client().post("/checkout/review/")["Location"] == "/checkout/"
