"""A product's name is told in the language of whoever reads."""

import pytest
from django.utils import translation

from licet.eventlog.models import Event
from licet.seats.events import SeatAssigned
from tests.world import World


@pytest.mark.parametrize(("language", "name"), [("en", "Structure"), ("fr", "Structure"), ("de", "Tragwerk")])
def test_a_products_name_is_read_when_it_is_told(world: World, language: str, name: str) -> None:
    world.product.names = {"en": "Structure", "fr": "Structure", "de": "Tragwerk"}
    world.product.save()
    with translation.override("fr"):  # whoever acts reads French
        world.seat(world.licenses().pool, world.member(world.bob))
    told = Event.objects.get(name="seat.assigned")
    with translation.override(language):
        assert name in told.sentence()


def test_a_language_without_a_name_reads_english_and_an_old_fact_what_it_kept(world: World) -> None:
    fact = SeatAssigned(
        seat=1, pool=1, member=1, person=1, product="x", person_name="Bob", product_name={"en": "Structure"}
    )
    with translation.override("fr-ch"):
        assert fact.told()["product_name"] == "Structure"
    old = SeatAssigned.restored(facts=fact.stored()[0], labels={"product_name": "Werk", "person_name": ""})
    assert old.told()["product_name"] == "Werk"
    erased = SeatAssigned.restored(facts=fact.stored()[0], labels={})
    assert erased.told()["product_name"] == ""
