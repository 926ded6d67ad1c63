"""The desk's first pages: what happened, and what is waiting or was given up."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licet.eventlog.change import change
from licet.eventlog.events import DeliveryRetried
from licet.eventlog.models import Delivery, Event
from licet.eventlog.states import DeliveryState
from licet.kernel.actor import system

PAGES = ["desk_home", "desk_events", "desk_deliveries"]


@pytest.fixture
def desk(world, signed_in):
    return signed_in(world.victor)


def tell(world, *, number=1, team=None):
    with change(by=system(label="Operator <1>"), now=world.now) as record:
        record(DeliveryRetried(delivery=number, event=number, handler=f"handler {number}"), team=team)
    return Event.objects.latest("pk")


@pytest.fixture
def failed(world):
    return Delivery.objects.create(
        event=tell(world),
        handler="somewhere.mail.confirmation",
        state=DeliveryState.FAILED,
        due_at=world.now,
        attempts=12,
        last_error="SMTPServerDisconnected: gone",
    )


@pytest.mark.parametrize("page", PAGES)
def test_there_is_no_desk_for_customers(world, signed_in, page):
    assert signed_in(world.alice).get(reverse(page)).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_desk_says_what_will_be_there(desk, page):
    Delivery.objects.all().delete()
    Event.objects.all().delete()
    answer = desk.get(reverse(page)).content.decode()
    assert 'class="empty"' in answer


def test_the_log_tells_sentences_and_escapes_them(world, desk):
    tell(world)
    answer = desk.get(reverse("desk_events")).content.decode()
    assert "Operator &lt;1&gt; had a failed delivery tried again: handler 1." in answer


def test_the_log_is_narrowed_to_a_team_and_to_a_kind(world, desk):
    tell(world, number=1, team=world.team.pk)
    tell(world, number=2)
    of_team = desk.get(reverse("desk_events"), {"team": world.team.public_id}).content.decode()
    assert "handler 1" in of_team
    assert "handler 2" not in of_team
    other_kind = desk.get(reverse("desk_events"), {"name": "catalog.imported"}).content.decode()
    assert "handler 1" not in other_kind


@pytest.mark.parametrize("query", [{"team": "team_nobody"}, {"name": "no.such"}, {"before": "0"}])
def test_what_nothing_matches_says_so(world, desk, query):
    tell(world)
    answer = desk.get(reverse("desk_events"), query)
    assert answer.status_code == 200
    assert "Show all events" in answer.content.decode()


def test_nonsense_in_the_address_shows_the_first_page(world, desk):
    tell(world)
    assert "handler 1" in desk.get(reverse("desk_events"), {"before": "²x"}).content.decode()


def test_a_long_log_is_read_page_by_page_with_as_many_statements_as_a_short_one(world, desk):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            page = desk.get(reverse("desk_events"), {"team": world.team.public_id})
        return len(captured), page

    tell(world, team=world.team.pk)
    statements()
    few, _ = statements()
    for number in range(60):
        tell(world, number=number, team=world.team.pk)
    many, first = statements()
    assert many == few
    second = desk.get(first.context["older"])
    assert len(first.context["lines"]) == 50
    newest = {line.entry.id for line in first.context["lines"]}
    assert newest.isdisjoint(line.entry.id for line in second.context["lines"])


def test_a_delivery_that_was_given_up_is_shown_with_its_reason_and_tried_again_by_a_click(desk, failed):
    assert "1 delivery was given up" in desk.get(reverse("desk_home")).content.decode()
    page = desk.get(reverse("desk_deliveries")).content.decode()
    assert "SMTPServerDisconnected: gone" in page
    answer = desk.post(reverse("desk_delivery_retry", args=[failed.pk]), follow=True)
    assert "The worker tries it again within seconds." in answer.content.decode()
    failed.refresh_from_db()
    assert failed.state == DeliveryState.DUE


def test_a_second_click_is_told_why_not(desk, failed):
    desk.post(reverse("desk_delivery_retry", args=[failed.pk]))
    answer = desk.post(reverse("desk_delivery_retry", args=[failed.pk]))
    assert answer.status_code == 409
    assert "has not failed" in answer.content.decode()


def test_a_customer_cannot_have_deliveries_tried_again(world, signed_in, failed):
    answer = signed_in(world.alice).post(reverse("desk_delivery_retry", args=[failed.pk]))
    assert answer.status_code == 404
    failed.refresh_from_db()
    assert failed.state == DeliveryState.FAILED
