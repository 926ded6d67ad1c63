"""The last page and its button: what is shown is what is ordered, once."""

from licet.licenses.models import License
from licet.orders.models import Order
from licet.teams.models import Team
from licet.teams.states import Role
from tests.web.shop.conftest import Visitor
from tests.world import World


def ready(visitor: Visitor, **other: object) -> None:
    visitor.add(quantity=3)
    assert visitor.tell(**other)["Location"] == "/checkout/review/"


def test_everything_is_shown_again(world: World, alice: Visitor) -> None:
    ready(alice, vat_number="FR 11 999999998", purchase_order="PO-7")
    page = alice.browser.get("/checkout/review/").content.decode()
    for words in (
        world.product.name,
        "€480.00",
        "€1,440.00",
        world.team.name,
        "1 rue Haute",
        "France",
        "FR11999999998",
        "PO-7",
        "The terms of sale of Maquette Example SAS apply.",
        "Order with obligation to pay",
    ):
        assert words in page, words
    assert not Order.objects.exists()


def test_the_button_orders_and_the_next_page_says_what_comes(world: World, alice: Visitor) -> None:
    ready(alice)
    answer = alice.order()
    order = Order.objects.get()
    assert answer["Location"] == f"/orders/{order.public_id}/?placed=1"
    page = alice.browser.get(answer["Location"]).content.decode()
    assert "Thank you for your order" in page
    assert f"/teams/{world.team.public_id}/subscriptions/{world.product.code}/" in page
    assert alice.basket() == []
    assert License.objects.get().seats == 3


def test_two_presses_of_the_button_are_one_order(alice: Visitor) -> None:
    ready(alice)
    form = alice.review()
    first, second = alice.order(form), alice.order(form)
    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1


def test_the_same_basket_ordered_again_on_purpose_is_a_second_order(alice: Visitor) -> None:
    for _ in range(2):
        ready(alice)
        alice.order()
    assert Order.objects.count() == 2


def test_a_new_team_is_founded_with_the_order(world: World, alice: Visitor) -> None:
    ready(alice, team="new", team_name="Bureau Sud")
    assert not Team.objects.filter(name="Bureau Sud").exists()
    alice.order()
    assert Order.objects.get().team.name == "Bureau Sud"


def changed(alice: Visitor, form: dict[str, str]) -> str:
    answer = alice.order(form)
    assert answer.status_code == 422
    assert not Order.objects.exists()
    assert alice.basket() != []
    return answer.content.decode()


def test_a_price_that_changes_under_the_button_is_asked_again(world: World, alice: Visitor) -> None:
    ready(alice)
    form = alice.review()
    plan = world.plan()
    plan.price_minor = 50_000
    plan.save()
    page = changed(alice, form)
    assert "Your order has changed since this page was shown." in page
    assert "€500.00 per license instead of €480.00" in page
    assert alice.order()["Location"].endswith("?placed=1")
    assert Order.objects.get().net_minor == 150_000


def test_a_basket_changed_in_another_window_is_asked_again(world: World, alice: Visitor) -> None:
    ready(alice)
    form = alice.review()
    alice.browser.post("/basket/change/", {f"quantity-{world.plan().code}": 30})
    changed(alice, form)


def test_a_team_changed_in_another_window_is_asked_again(alice: Visitor) -> None:
    ready(alice)
    form = alice.review()
    alice.tell(team="new", team_name="Bureau Sud")
    changed(alice, form)


def test_a_product_withdrawn_under_the_button_leads_back_to_the_basket(world: World, alice: Visitor) -> None:
    ready(alice)
    form = alice.review()
    plan = world.plan()
    plan.withdrawn_at = world.now
    plan.save()
    answer = alice.browser.post("/checkout/review/", form, follow=True)
    assert answer.redirect_chain[-1][0] == "/basket/"
    assert "was withdrawn from the shop" in answer.content.decode()
    assert not Order.objects.exists()


def test_a_form_without_its_key_orders_nothing(alice: Visitor) -> None:
    ready(alice)
    form = alice.review()
    for broken in ({}, {"shown": form["shown"]}, {"checkout_key": form["checkout_key"]}):
        changed(alice, broken)
    changed(alice, {**form, "checkout_key": "short"})
    changed(alice, {**form, "shown": "0" * 32})


def test_prices_sent_along_have_no_effect(alice: Visitor) -> None:
    ready(alice)
    alice.order({**alice.review(), "price": "1", "total": "1", "quantity": "1"})
    assert Order.objects.get().net_minor == 144_000


def test_who_lost_the_role_meanwhile_chooses_again(world: World, alice: Visitor, signed_in) -> None:
    admin = world.person("dora@atelier.example", "Dora")
    member = world.join(world.team, admin, role=Role.ADMIN)
    dora = Visitor(world, signed_in(admin))
    ready(dora)
    form = dora.review()
    member.role = Role.MEMBER
    member.save()
    assert dora.order(form)["Location"] == "/checkout/"
    assert not Order.objects.exists()
