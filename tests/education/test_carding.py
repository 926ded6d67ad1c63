"""Cards are ordered, made by the worker a few at a time, and drawn as a sheet that is kept for a day."""

from datetime import timedelta

import pypdfium2 as pdfium
import pytest

from licet.education.models import Entitlement
from licet.education.proofs.class_code import actions as classes
from licet.education.proofs.class_code import carding, cards, rules
from licet.education.proofs.class_code.errors import NobodyChosen, SheetGone, TeacherNeeded
from licet.education.proofs.class_code.models import CardRun, Class, Place
from licet.eventlog.models import Event
from licet.invoices.formats.pdf.drawing import library
from licet.invoices.formats.pdf.errors import PagesNotDrawn
from licet.kernel.refusal import Forbidden, Missing
from licet.web.campus import card_sheets
from tests.conftest import leave_out
from tests.education.classrooms import carded, chances, listed, made, teacher
from tests.education.conftest import Campus
from tests.world import NOW, OPERATOR

pytestmark = pytest.mark.django_db


def ordered(of: Class) -> CardRun:
    return carding.order(of=of, by=of.teacher.actor(), now=NOW)


def some(run: CardRun, number: int) -> bool:
    return carding.make_some(run=run, chances=chances(number), by=OPERATOR, now=NOW)


def worked(run: CardRun) -> CardRun:
    """Let the worker do what follows from the order, twice."""
    event = Event.objects.get(name="class.cards_ordered", facts__run=run.pk)
    for _again in range(2):
        card_sheets.cards_ordered(event=event, now=NOW)
    return CardRun.objects.get(pk=run.pk)


def test_an_order_makes_nothing_in_the_request_and_says_how_far_it_is(campus: Campus) -> None:
    of = made(campus, teacher(campus), seats=9)
    listed(of, "Léa", "Tom", "Pia")
    run = ordered(of)
    assert (run.number, run.made, Place.objects.filter(card=True).count()) == (3, 0, 0)
    assert some(run, 2)
    assert CardRun.objects.get(pk=run.pk).made == 2
    assert not some(run, 2)
    assert (CardRun.objects.get(pk=run.pk).made, Place.objects.filter(card=True).count()) == (3, 3)


def test_who_comes_onto_the_list_later_gets_a_card_with_the_next_order(campus: Campus) -> None:
    of = made(campus, teacher(campus), seats=9)
    listed(of, "Léa")
    run = ordered(of)
    listed(of, "Tom")
    assert not some(run, 5)
    assert list(Place.objects.filter(card=True).values_list("name", flat=True)) == ["Léa"]
    carding.finish(run=run, sheet=b"", by=OPERATOR, now=NOW)
    assert ordered(of).number == 1


def test_pressing_twice_is_one_order(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    listed(of, "Léa")
    assert ordered(of) == ordered(of)
    assert Event.objects.filter(name="class.cards_ordered").count() == 1


def test_nothing_is_ordered_where_nobody_needs_a_card_and_nobody_has_one(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    with pytest.raises(NobodyChosen):
        ordered(of)


def test_only_a_verified_teacher_orders_and_only_the_worker_makes(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    listed(of, "Léa")
    stranger = teacher(campus, "omar@home.example").actor()
    with pytest.raises(Missing):
        carding.order(of=of, by=stranger, now=NOW)
    run = ordered(of)
    with pytest.raises(Forbidden):
        carding.make_some(run=run, chances=chances(), by=of.teacher.actor(), now=NOW)
    with pytest.raises(Forbidden):
        carding.finish(run=run, sheet=b"", by=of.teacher.actor(), now=NOW)
    carding.finish(run=run, sheet=b"", by=OPERATOR, now=NOW)
    Entitlement.objects.filter(person=of.teacher).update(valid_until=NOW)
    with pytest.raises(TeacherNeeded):
        ordered(of)


def test_a_class_that_ends_meanwhile_makes_no_more_and_the_order_is_finished(
    campus: Campus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_sheets, "drawn", lambda **_cards: b"%PDF")
    of = made(campus, teacher(campus), seats=9)
    listed(of, "Léa", "Tom")
    run = ordered(of)
    some(run, 1)
    classes.end(of=of, by=of.teacher.actor(), now=NOW)
    run = worked(run)
    assert (run.made, run.number, run.done_at) == (1, 2, NOW)


def test_the_sheet_has_every_card_and_is_told_each_time_it_is_looked_at(campus: Campus) -> None:
    of = made(campus, teacher(campus), seats=20)
    names = [f"Zoë Łukasz {number}" for number in range(10)]
    listed(of, *names)
    run = worked(ordered(of))
    assert (run.made, run.number) == (10, 10)
    if not run.sheet:
        with pytest.raises(PagesNotDrawn):
            library()
        leave_out("Pango is not installed (Debian: apt-get install libpango-1.0-0)")
    found = carding.sheet(run=run, by=of.teacher.actor(), now=NOW)
    pages = pdfium.PdfDocument(found)
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    assert len(pages) == 2, "eight on a page"
    there = cards.read(places=list(of.places.filter(card=True)))
    assert {name for name in names if name in text} == set(names)
    assert all(code in text for card in there for _product, code in card.codes)
    assert there[0].codes[0][1] not in run.sheet, "sealed"
    assert "Rendu" in text, "products, too, in the language of the class"
    assert Event.objects.filter(name="class.cards_shown").count() == 1
    assert Event.objects.filter(name="class.cards_ready").count() == 1, "finished once"
    stranger = teacher(campus, "omar@home.example")
    with pytest.raises(Missing):
        carding.sheet(run=run, by=stranger.actor(), now=NOW)


def test_the_same_cards_give_the_same_bytes(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    there = cards.read(places=carded(of, "Léa"))
    try:
        assert card_sheets.drawn(group=of, there=there) == card_sheets.drawn(group=of, there=there)
    except PagesNotDrawn:
        leave_out("Pango is not installed (Debian: apt-get install libpango-1.0-0)")


def test_a_sheet_is_forgotten_after_a_day_and_made_again_on_demand(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    (place,) = carded(of, "Léa")
    run = ordered(of)
    assert run.number == 0, "a sheet of the cards that are there"
    carding.finish(run=run, sheet=b"%PDF", by=OPERATOR, now=NOW)
    assert carding.sheet(run=run, by=of.teacher.actor(), now=NOW) == b"%PDF"
    with pytest.raises(Forbidden):
        carding.forget_sheets(by=of.teacher.actor(), now=NOW)
    kept = NOW + rules.KEEP_SHEET
    assert carding.forget_sheets(by=OPERATOR, now=kept - timedelta(seconds=1)) == 0
    assert carding.forget_sheets(by=OPERATOR, now=kept) == 1
    with pytest.raises(SheetGone):
        carding.sheet(run=run, by=of.teacher.actor(), now=kept)
    assert ordered(of) != run
    assert place.card
