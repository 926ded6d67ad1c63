"""The desk asks a colleague to take a class whose teacher has left."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from licet.education.proofs.class_code.models import Class
from tests.education.classrooms import made, school, teacher
from tests.education.conftest import Campus, campus
from tests.education.test_without_teacher import closed
from tests.world import NOW

pytestmark = pytest.mark.django_db
__all__ = ["campus"]


@pytest.fixture
def desk(campus: Campus) -> Iterator[Client]:
    """The browser of somebody of the vendor."""
    with time_machine.travel(NOW, tick=False):
        client = Client()
        client.force_login(campus.victor)
        yield client


def text(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]


def address(of: Class) -> str:
    return reverse("desk_class", args=[of.public_id])


def test_a_class_without_a_teacher_is_on_the_first_page_and_a_colleague_is_asked(
    campus: Campus, desk: Client
) -> None:
    assert "Every class has a teacher" in text(desk.get(reverse("desk_classes")))
    of = made(campus, teacher(campus, at=school()))
    omar = teacher(campus, "omar@home.example", "Omar Haddad", at=school())
    closed(of.teacher)
    assert "1 class has no teacher any more" in text(desk.get(reverse("desk_home")))
    assert address(of) in text(desk.get(reverse("desk_classes")))
    assert "Omar Haddad" in text(desk.get(address(of)))
    assert desk.post(address(of), {"email": ""}).status_code == 422
    assert "Omar Haddad is asked to take the class" in text(
        desk.post(address(of), {"email": omar.email}, follow=True)
    )
    client = Client()
    client.force_login(omar)
    assert "We ask you to take the class 2 B over" in text(client.get(reverse("campus_classes")))
    offer = reverse("campus_class_offer", args=[of.public_id])
    assert "cannot look after this class any more" in text(client.get(offer))
    client.post(offer, {"do": "take"})
    of.refresh_from_db()
    assert of.teacher == omar
    assert "Every class has a teacher" in text(desk.get(reverse("desk_classes")))


def test_the_question_is_taken_back(campus: Campus, desk: Client) -> None:
    of = made(campus, teacher(campus, at=school()))
    omar = teacher(campus, "omar@home.example", at=school())
    closed(of.teacher)
    desk.post(address(of), {"email": omar.email})
    desk.post(address(of), {"do": "end"})
    of.refresh_from_db()
    assert of.offered_to is None


def test_where_nobody_can_be_asked_the_page_says_what_to_do(campus: Campus, desk: Client) -> None:
    of = made(campus, teacher(campus, at=school()))
    closed(of.teacher)
    assert "Nobody of this institution is a verified teacher" in text(desk.get(address(of)))


def test_a_class_that_has_a_teacher_is_not_given_away(campus: Campus, desk: Client) -> None:
    of = made(campus, teacher(campus, at=school()))
    omar = teacher(campus, "omar@home.example", at=school())
    assert "Ask the colleague" not in text(desk.get(address(of)))
    answer = desk.post(address(of), {"email": omar.email})
    of.refresh_from_db()
    assert (answer.status_code, of.offered_to) == (422, None)
