"""Notes at the desk: on the customer's page, found by the box, changed by their author."""

import pytest
from django.urls import reverse

from licet.teams.notes.models import Note


@pytest.fixture
def desk(world, signed_in):
    return signed_in(world.victor)


def words(answer):
    return " ".join(answer.content.decode().split())


def test_one_is_written_on_the_customers_page_and_stands_there(world, desk):
    page = reverse("desk_customer", args=[world.team.public_id])
    url = reverse("desk_note_new", args=[world.team.public_id])
    assert url in words(desk.get(page))
    answer = desk.post(url, {"text": "Calls on Mondays.\n<b>Ask</b> for Alice."})
    assert answer.headers["Location"] == f"{page}#notes"
    shown = words(desk.get(page))
    assert "Calls on Mondays.<br>&lt;b&gt;Ask&lt;/b&gt; for Alice." in shown
    assert "Victor" in shown
    found = words(desk.post(reverse("desk_search"), {"q": "mondays"}))
    assert page in found


def test_an_empty_one_is_asked_for_again(world, desk):
    url = reverse("desk_note_new", args=[world.team.public_id])
    assert desk.post(url, {"text": " "}).status_code == 422
    assert not Note.objects.exists()


def test_ones_own_is_changed_and_removed(world, desk):
    desk.post(reverse("desk_note_new", args=[world.team.public_id]), {"text": "Calls on Mondays."})
    url = reverse("desk_note", args=[Note.objects.get().public_id])
    assert url in words(desk.get(reverse("desk_customer", args=[world.team.public_id])))
    assert desk.post(url, {"text": ""}).status_code == 422
    page = words(desk.post(url, {"text": "Calls on Fridays."}, follow=True))
    assert "Calls on Fridays." in page
    assert "Calls on Mondays." not in page
    assert desk.get(url).status_code == 404
    url = reverse("desk_note", args=[Note.objects.current()[0].public_id])
    page = words(desk.post(url, {"do": "remove"}, follow=True))
    assert "The note is removed" in page
    assert "Calls on Fridays." not in page


def test_that_of_a_colleague_is_read_only(world, desk):
    desk.post(reverse("desk_note_new", args=[world.team.public_id]), {"text": "Calls on Mondays."})
    Note.objects.update(author=world.alice)
    url = reverse("desk_note", args=[Note.objects.get().public_id])
    assert url not in words(desk.get(reverse("desk_customer", args=[world.team.public_id])))
    assert "Save the note" not in words(desk.get(url))
    for body in ({"text": "Mine"}, {"do": "remove"}):
        assert desk.post(url, body).status_code == 403
    assert Note.objects.get().text == "Calls on Mondays."


def test_customers_never_read_it(world, desk, client):
    desk.post(reverse("desk_note_new", args=[world.team.public_id]), {"text": "Calls on Mondays."})
    client.force_login(world.alice)
    page = words(client.get(reverse("team_history", args=[world.team.public_id])))
    assert "note" not in page.split("<main")[1].lower().replace("notes of", "")
