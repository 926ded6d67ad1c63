"""Vouchers at the desk: made, handed out, followed, cancelled with a reason."""

import pytest
from django.urls import reverse

from licet.eventlog.models import Event
from licet.orders import vouchers
from licet.partners.models import Voucher


@pytest.fixture
def desk(world, signed_in):
    return signed_in(world.victor)


def words(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def batch(world, desk):
    """Two vouchers that victor made for a trade fair."""
    body = {
        "plan": world.plan().pk,
        "seats": 2,
        "copies": 2,
        "redeem_until": "2026-12-31",
        "note": "Trade fair",
    }
    page = desk.post(reverse("desk_vouchers_new"), body, follow=True)
    assert "2 vouchers are ready" in words(page)
    return Voucher.objects.values_list("batch", flat=True).distinct().get()


def test_where_none_is_yet_the_list_says_what_they_are_for(desk):
    page = words(desk.get(reverse("desk_vouchers")))
    assert "No vouchers yet" in page
    assert reverse("desk_vouchers_new") in page


@pytest.mark.parametrize(
    "wrong", [{"copies": "0"}, {"copies": "501"}, {"seats": "0"}, {"redeem_until": ""}, {"plan": "0"}]
)
def test_what_cannot_be_made_is_said_at_its_field(world, desk, wrong):
    body = {"plan": world.plan().pk, "seats": 1, "copies": 1, "redeem_until": "2026-12-31", **wrong}
    assert desk.post(reverse("desk_vouchers_new"), body).status_code == 422
    assert not Voucher.objects.exists()


def test_those_made_together_are_listed_shown_and_taken_away_as_a_table(desk, batch):
    assert "Trade fair" in words(desk.get(reverse("desk_vouchers")))
    assert "2 left, 0 redeemed" in words(desk.get(reverse("desk_voucher_batch", args=[batch])))
    url = reverse("desk_voucher_codes", args=[batch])
    assert desk.get(url).status_code == 405
    table = desk.post(url, {"table": "yes"})
    lines = table.content.decode().splitlines()
    assert (len(lines), table["Content-Type"]) == (3, "text/csv; charset=utf-8")
    code = lines[1].split(",")[0]
    assert code in words(desk.post(url))
    assert vouchers.known(text=code) == Voucher.objects.order_by("pk")[0]
    assert Event.objects.filter(name="voucher.shown").count() == 2


def test_who_redeemed_one_stands_beside_it(world, desk, batch):
    first = Voucher.objects.order_by("pk")[0]
    vouchers.redeem(voucher=first, team=world.team, by=world.alice.actor(), now=world.now)
    page = words(desk.get(reverse("desk_voucher_batch", args=[batch])))
    assert world.team.name in page
    assert reverse("desk_voucher_cancel", args=[first.public_id]) not in page


def test_one_is_cancelled_with_a_reason_and_then_the_rest(desk, batch):
    first = Voucher.objects.order_by("pk")[0]
    url = reverse("desk_voucher_cancel", args=[first.public_id])
    assert f"…{first.ending}?" in words(desk.get(url))
    assert desk.post(url, {"reason": " "}).status_code == 422
    assert "is cancelled" in words(desk.post(url, {"reason": "Lost"}, follow=True))
    assert desk.post(url, {"reason": "Again"}).status_code == 422
    url = reverse("desk_voucher_batch_cancel", args=[batch])
    assert "Cancel 1 voucher?" in words(desk.get(url))
    assert "1 voucher is cancelled" in words(desk.post(url, {"reason": "Over"}, follow=True))
    assert desk.post(url, {"reason": "Again"}).status_code == 422
    assert "Show the codes" not in words(desk.get(reverse("desk_voucher_batch", args=[batch])))


def test_what_nobody_made_is_no_page(desk):
    for name in ("desk_voucher_batch", "desk_voucher_batch_cancel", "desk_voucher_cancel"):
        assert desk.get(reverse(name, args=["vob_nothing"])).status_code == 404


def test_one_is_found_by_its_code_its_last_characters_and_its_id(desk, batch):
    url = reverse("desk_voucher_batch", args=[batch])
    first = Voucher.objects.order_by("pk")[0]
    table = desk.post(reverse("desk_voucher_codes", args=[batch]), {"table": "yes"})
    code = table.content.decode().splitlines()[1].split(",")[0]
    for what in (code, code.lower().replace("-", " "), first.public_id):
        assert desk.post(reverse("desk_search"), {"q": what}).headers["Location"] == url
    assert url in words(desk.post(reverse("desk_search"), {"q": f"…{first.ending}"}))
