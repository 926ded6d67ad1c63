"""The page that carries a class on to the next school year."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from licet.education.models import Entitlement
from licet.education.proofs.class_code.models import Class, Place
from tests.education.classrooms import listed, made, teacher
from tests.education.conftest import Campus
from tests.web.campus.test_apply import browser, page
from tests.world import NOW

pytestmark = pytest.mark.django_db
SUMMER = datetime(2026, 9, 4, 9, tzinfo=NOW.tzinfo)


@pytest.fixture
def of(campus: Campus) -> Class:
    """A class that ended on the last day of August, with two pupils; its teacher's license goes on."""
    of = made(campus, teacher(campus))
    listed(of, "Léa", "Tom")
    Entitlement.objects.filter(person=of.teacher).update(valid_until=SUMMER + timedelta(days=300))
    return of


@pytest.fixture
def client(of: Class) -> Iterator[Client]:
    """Her browser, in September."""
    with time_machine.travel(SUMMER, tick=False):
        yield browser(of.teacher)


def address(of: Class, name: str = "campus_class_carry") -> str:
    return reverse(name, args=[of.public_id])


def test_all_are_ticked_and_the_calendar_offers_the_last_day(of: Class, client: Client) -> None:
    assert address(of) in page(client.get(address(of, "campus_class"))), "the class that is over leads there"
    shown = page(client.get(address(of)))
    assert (shown.count(" checked"), 'value="2027-08-31"' in shown) == (2, True)


def test_who_is_not_ticked_leaves_and_the_class_is_in_the_next_year(of: Class, client: Client) -> None:
    lea = of.places.get(name="Léa")
    form = {"name": "1 B", "seats": "3", "last_day": "2027-07-02", "language": "fr", "stay": lea.public_id}
    answer = client.post(address(of), form, follow=True)
    assert "The class goes on." in page(answer)
    of.refresh_from_db()
    assert (of.name, of.ends_on) == ("1 B", date(2027, 7, 3))
    assert dict(Place.objects.values_list("name", "state")) == {"Léa": "listed", "Tom": "removed"}


def test_what_is_wrong_is_said_and_the_ticks_stay_as_they_were(of: Class, client: Client) -> None:
    lea = of.places.get(name="Léa")
    form = {"name": "1 B", "seats": "3", "last_day": "2026-08-31", "language": "fr", "stay": lea.public_id}
    answer = client.post(address(of), form)
    shown = page(answer)
    assert (answer.status_code, shown.count(" checked")) == (422, 1)
    assert "Choose a last day between tomorrow and" in shown


def test_a_teacher_whose_license_has_ended_is_sent_to_extend_it(of: Class, client: Client) -> None:
    Entitlement.objects.filter(person=of.teacher).update(valid_until=SUMMER)
    assert "Your own license as a teacher has ended" in page(client.get(address(of)))


def test_outside_of_its_time_the_page_leads_back_to_the_class(of: Class) -> None:
    with time_machine.travel(NOW, tick=False):
        client = browser(of.teacher)
        assert client.get(address(of)).url == address(of, "campus_class")  # type: ignore[attr-defined]
        assert address(of) not in page(client.get(address(of, "campus_class")))
