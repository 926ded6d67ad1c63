"""What an entry of the bank pays: by what it says, never by its amount alone."""

import pytest

from licet.payments.matching import Book, Open, Told, stands_in

OPEN = [
    Open(subject="a", reference="RF1810001", names=("10001", "F2026-00017"), amount=12_000, currency="EUR"),
    Open(subject="b", reference="RF8810002", names=("10002",), amount=5_000, currency="EUR"),
    Open(
        subject="c",
        reference="RF6110003",
        names=("10003",),
        amount=5_000,
        currency="USD",
        collections=("pay_0000000000000003",),
    ),
]
BOOK = Book(items=OPEN)


def told(amount: int = 12_000, currency: str = "EUR", **other: str) -> Told:
    return Told(amount=amount, currency=currency, **other)


def test_reference_and_exact_amount_are_sure() -> None:
    assert BOOK.match(told=told(reference="RF1810001")).parts == (("a", 12_000),)
    assert BOOK.match(told=told(reference="rf1810001")).parts == (("a", 12_000),)


def test_the_number_of_our_own_collection_is_sure() -> None:
    match = BOOK.match(told=told(5_000, "USD", end_to_end="pay_0000000000000003"))
    assert match.parts == (("c", 5_000),)


@pytest.mark.parametrize(
    "text",
    [
        "Order 10001",
        "RF18 1000 1",
        "invoice f2026/00017 thank you",
        "F2026-000 17",  # the bank broke the line here
        "F 2026 00017",
        "commande n°10001.",
    ],
)
def test_a_number_in_the_text_and_the_exact_amount_are_sure(text: str) -> None:
    assert BOOK.match(told=told(text=text)).parts == (("a", 12_000),)


@pytest.mark.parametrize("text", ["110001", "100010", "F2026-000170", "XF2026-00017", "tel 0388110001"])
def test_a_number_inside_of_another_one_is_none(text: str) -> None:
    match = BOOK.match(told=told(text=text))
    assert (match.parts, match.why) == ((), "not_found")


def test_several_numbers_whose_amounts_add_up_are_sure() -> None:
    match = BOOK.match(told=told(17_000, text="10001 + 10002"))
    assert sorted(match.parts) == [("a", 12_000), ("b", 5_000)]


def test_several_numbers_that_do_not_add_up_are_for_a_person() -> None:
    match = BOOK.match(told=told(12_000, text="10001 10002"))
    assert (match.parts, match.why, set(match.near)) == ((), "several_fit", {"a", "b"})


@pytest.mark.parametrize(
    ("amount", "currency", "why"),
    [(11_999, "EUR", "part_paid"), (12_001, "EUR", "over_paid"), (12_000, "USD", "currency_differs")],
)
def test_the_right_reference_with_another_amount_is_for_a_person(
    amount: int, currency: str, why: str
) -> None:
    match = BOOK.match(told=told(amount, currency, reference="RF1810001"))
    assert (match.parts, match.why, match.near) == ((), why, ("a",))


def test_the_amount_alone_is_a_suggestion_and_no_more() -> None:
    match = BOOK.match(told=told(5_000, text="thanks"))
    assert (match.parts, match.why, match.near) == ((), "not_found", ("b",))


def test_what_is_paid_already_is_for_a_person() -> None:
    paid = Book(items=[Open(subject="a", reference="RF1810001", names=(), amount=0, currency="EUR")])
    assert paid.match(told=told(reference="RF1810001")).why == "paid_already"


def test_money_that_went_out_pays_nothing() -> None:
    assert BOOK.match(told=told(-12_000, reference="RF1810001")).why == "went_out"


def test_signs_that_mean_something_to_a_pattern_mean_themselves() -> None:
    assert not stands_in(name="A.1", text="AX1X")
