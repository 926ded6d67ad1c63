"""The pages of classes: a teacher's, a pupil's, those of agreements."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from licet.accounts.models import Person
from licet.education import applying
from licet.education.agreements.models import Agreement
from licet.education.models import Case, Entitlement
from licet.education.proofs.class_code import actions as classes
from licet.education.proofs.class_code.models import Class, Place
from licet.eventlog.worker import drain
from tests.education.classrooms import agreed, carded, draft, joined, listed, made, school, teacher
from tests.education.conftest import Campus
from tests.web.campus.test_apply import browser, page
from tests.world import NOW

pytestmark = pytest.mark.django_db
CODE = re.compile(r"(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}")


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield
    cache.clear()


def at(name: str, of: Class, *more: str) -> str:
    return reverse(name, args=[of.public_id, *more])


def signed_in(person: Person) -> Client:
    return browser(person)


def test_a_teacher_makes_a_class_and_sees_its_code(campus: Campus) -> None:
    client = signed_in(teacher(campus))
    address = reverse("campus_class_new", args=["campus"])
    assert 'value="2026-08-31"' in page(client.get(address)), "the last day of the school year is offered"
    wrong = client.post(address, {"name": "", "seats": "0", "last_day": "", "language": "fr"})
    assert (wrong.status_code, Class.objects.count()) == (422, 0)
    form = {"name": "2 B", "seats": "30", "last_day": "2026-07-03", "language": "fr"}
    answer = client.post(address, form, follow=True)
    of = Class.objects.get()
    code = classes.code(of=of)
    assert f"{code[:4]}-{code[4:]}" in page(answer)
    assert (of.seats, str(of.ends_on), of.language) == (30, "2026-07-04", "fr")


def test_who_is_no_teacher_learns_what_to_do(campus: Campus) -> None:
    client = signed_in(campus.student)
    assert "Classes are for verified teachers" in page(client.get(reverse("campus_classes")))
    address = reverse("campus_class_new", args=["campus"])
    assert client.get(address).url == reverse("campus_classes")  # type: ignore[attr-defined]


def test_a_class_of_somebody_else_is_not_there(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    client = signed_in(teacher(campus, "omar@home.example"))
    for name in ("campus_class", "campus_class_edit", "campus_class_roster", "campus_class_sheet"):
        assert client.get(at(name, of)).status_code == 404
    for name in ("campus_class_places", "campus_cards_make", "campus_cards_print", "campus_class_offer"):
        assert client.post(at(name, of)).status_code == 404


def test_a_class_is_changed_closed_opened_renewed_and_ended(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    client = signed_in(of.teacher)
    form = {"name": "2 C", "seats": "5", "last_day": "2026-07-03", "language": "de"}
    client.post(at("campus_class_edit", of), form)
    for do in ("renew", "close"):
        client.post(at("campus_class_code_change", of), {"do": do})
    of.refresh_from_db()
    assert (of.name, of.code_number, of.closed_at) == ("2 C", 2, NOW)
    client.post(at("campus_class_code_change", of), {"do": "open"})
    assert "cannot be undone" in page(client.get(at("campus_class_end", of)))
    client.post(at("campus_class_end", of))
    of.refresh_from_db()
    assert (of.closed_at, of.ended_at) == (None, NOW)
    assert "This class is over." in page(client.get(at("campus_class", of)))


def test_a_pupil_joins_on_one_page_and_the_teachers_tick_brings_the_license(campus: Campus) -> None:
    of = made(campus, teacher(campus, at=school()))
    pupil = signed_in(campus.student)
    form = {"code": classes.code(of=of).lower(), "full_name": "Nadia Roux", "role": "pupil"}
    assert pupil.post(reverse("campus_class_join"), form).status_code == 302
    place = Place.objects.get()
    client = signed_in(of.teacher)
    assert "1 waits for you" in page(client.get(reverse("campus_classes")))
    client.post(at("campus_class_places", of), {"do": "confirm", "place": place.public_id})
    assert Entitlement.objects.get(person=campus.student).institution_name == "Lycée du Rhin"


def test_a_listed_pupil_has_the_license_at_once(campus: Campus) -> None:
    of = made(campus, teacher(campus, at=school()))
    listed(of, "Nadia", email=campus.student.email)
    form = {"code": classes.code(of=of), "full_name": "Nadia Roux", "role": "student"}
    answer = signed_in(campus.student).post(reverse("campus_class_join"), form)
    entitled = Entitlement.objects.get(person=campus.student)
    assert answer.url == reverse("campus_license", args=[entitled.public_id])  # type: ignore[attr-defined]


def test_full_ended_and_wrong_codes_are_said_at_the_field(campus: Campus) -> None:
    of = made(campus, teacher(campus), seats=1)
    listed(of, "Tom")
    client = signed_in(campus.student)
    form = {"code": classes.code(of=of), "full_name": "Nadia Roux", "role": "pupil"}
    full = client.post(reverse("campus_class_join"), form)
    assert (full.status_code, "All places of this class are taken" in page(full)) == (422, True)
    wrong = client.post(reverse("campus_class_join"), {**form, "code": "ABCD-EFGH"})
    assert "No class has this code." in page(wrong)
    classes.end(of=of, by=of.teacher.actor(), now=NOW)
    assert "This class is over." in page(client.post(reverse("campus_class_join"), form))
    assert Case.objects.filter(person=campus.student).count() == 0, "nothing is begun"


def test_guessing_codes_is_slowed_down(campus: Campus) -> None:
    client = signed_in(campus.student)
    form = {"full_name": "Nadia Roux", "role": "pupil"}
    statuses = [
        client.post(reverse("campus_class_join"), {**form, "code": f"AAAA-AA{number:02}"}).status_code
        for number in range(12)
    ]
    assert (statuses[0], statuses[-1]) == (422, 429)


def test_the_code_of_a_class_is_a_way_of_proving(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    case = draft(campus, campus.student)
    client = signed_in(campus.student)
    here = reverse("campus_class_code", args=[case.public_id])
    assert here in page(client.get(reverse("campus_proofs", args=[case.public_id])))
    assert client.post(here, {"code": "nope"}).status_code == 422
    answer = client.post(here, {"code": classes.code(of=of)})
    assert answer.url == reverse("campus_review", args=[case.public_id])  # type: ignore[attr-defined]
    assert Place.objects.get().case == case
    applying.submit(case=case, by=campus.student.actor(), now=NOW)
    assert client.get(here).status_code == 302


def test_a_list_is_looked_at_and_then_added(campus: Campus) -> None:
    of = made(campus, teacher(campus), seats=3)
    client, here = signed_in(of.teacher), at("campus_class_roster", of)
    file = SimpleUploadedFile(
        "liste.csv", "Prénom;Nom;Courriel\nLéa;Roux;\nTom;=1+1;\nPia;Wolf;pia@e.example".encode("cp1252")
    )
    shown = client.post(here, {"sheet": file})
    text = page(shown)
    assert "2 new pupils" in text
    assert "=1+1 is a formula" in text
    assert Place.objects.count() == 0
    kept = re.search(r'<textarea name="lines" hidden>(.*?)</textarea>', shown.content.decode(), re.DOTALL)
    assert kept
    client.post(here, {"lines": kept[1], "add": "1", "tell": "on"})
    assert sorted(Place.objects.values_list("name", "email")) == [
        ("Léa Roux", ""),
        ("Pia Wolf", "pia@e.example"),
    ]
    empty = client.post(here, {"lines": " "})
    assert (empty.status_code, "Choose a file, or paste the list." in page(empty)) == (422, True)
    long = client.post(here, {"lines": "Max\nOle\nUte", "add": "1"})
    assert (long.status_code, Place.objects.count()) == (422, 2)


def test_the_list_is_written_out_without_formulas(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    Place.objects.create(group=of, name="=HYPERLINK(1)", state="listed", made_at=NOW)
    answer = signed_in(of.teacher).get(at("campus_class_sheet", of))
    assert "'=HYPERLINK(1)," in answer.content.decode("utf-8-sig")


def test_cards_are_made_printed_in_the_language_of_the_class_and_replaced(campus: Campus) -> None:
    of = made(campus, teacher(campus), seats=3)
    listed(of, "Léa", "Tom")
    client = signed_in(of.teacher)
    run = client.post(at("campus_cards_make", of), follow=True)
    assert "0 of 2 cards are made" in page(run)
    drain(now=NOW)
    assert "The cards are ready" in page(client.get(run.request["PATH_INFO"]))
    printed = client.post(at("campus_cards_print", of))
    texts = set(CODE.findall(printed.content.decode()))
    assert len(texts) == 4, "two products for two pupils"
    assert printed["Cache-Control"] == "no-store"
    assert '<div lang="fr">' in page(printed)
    place = Place.objects.get(name="Léa")
    lost = at("campus_card_replace", of, place.public_id)
    assert "The old card stops at once" in page(client.get(lost))
    client.post(lost)
    one = client.post(at("campus_cards_print", of), {"place": place.public_id})
    assert not set(CODE.findall(one.content.decode())) & texts
    assert client.get(at("campus_class", of)).status_code == 200


def test_a_card_says_what_it_is_for(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    carded(of, "Léa")
    printed = signed_in(of.teacher).post(at("campus_cards_print", of)).content.decode()
    code = CODE.findall(printed)[0]
    guest = Client()
    assert "Your card for 2 B" in page(guest.post(reverse("campus_card"), {"code": code}))
    wrong = guest.post(reverse("campus_card"), {"code": "AAAAA"})
    assert wrong.status_code == 422


def test_a_class_is_handed_over_on_two_pages(campus: Campus) -> None:
    ines, omar = teacher(campus), teacher(campus, "omar@home.example", "Omar Haddad")
    of = made(campus, ines)
    joined(campus, of)
    here = at("campus_class_offer", of)
    mine, other = signed_in(ines), signed_in(omar)
    assert other.get(here).status_code == 404
    assert mine.post(here, {"do": "offer", "email": "nobody@home.example"}).status_code == 422
    mine.post(here, {"do": "offer", "email": omar.email})
    assert "wants to hand the class 2 B over to you" in page(other.get(reverse("campus_classes")))
    assert "Take the class" in page(other.get(here))
    other.post(here, {"do": "take"})
    of.refresh_from_db()
    assert of.teacher == omar
    assert mine.get(here).status_code == 404


def test_the_desk_makes_an_agreement_and_a_teacher_draws_from_it(campus: Campus) -> None:
    desk, contact = signed_in(campus.victor), campus.world.alice
    here = reverse("desk_agreement_new", args=[school().public_id])
    form = {
        "what": "campus",
        "seats": "40",
        "starts_on": "2026-03-01",
        "ends_on": "2026-08-31",
        "contact": contact.email,
    }
    assert desk.post(here, {**form, "contact": "nobody@home.example"}).status_code == 422
    desk.post(here, form)
    agreement = Agreement.objects.get()
    client = signed_in(teacher(campus, at=school()))
    new = reverse("campus_class_new", args=["campus"])
    assert "40 places left" in page(client.get(new))
    wanted = {"name": "2 B", "seats": "30", "last_day": "2026-08-31", "language": "fr"}
    client.post(new, {**wanted, "agreement": agreement.public_id})
    again = client.post(new, {**wanted, "agreement": agreement.public_id})
    assert "has 10 places left" in page(again)
    shown = signed_in(contact).get(reverse("campus_agreement", args=[agreement.public_id]))
    assert "Ines Weber" in page(shown)
    assert client.get(reverse("campus_agreement", args=[agreement.public_id])).status_code == 404
    at_desk = reverse("desk_agreement", args=[agreement.public_id])
    assert desk.post(at_desk, {"seats": "20", "ends_on": "2026-08-31"}).status_code == 422
    desk.post(at_desk, {"seats": "50", "ends_on": "2026-08-31"})
    desk.post(at_desk, {"end": "1"})
    agreement.refresh_from_db()
    assert (agreement.seats, agreement.ended_at) == (50, NOW)
    assert "Lycée du Rhin" in page(desk.get(reverse("desk_agreements")))


def test_an_agreement_is_seen_by_whoever_looks_after_it(campus: Campus) -> None:
    address = reverse("campus_agreement", args=[agreed(campus).public_id])
    assert address in page(signed_in(campus.world.alice).get(reverse("campus_classes")))
