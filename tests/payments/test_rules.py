"""Facts add up to a state, in whatever order and however often they are told."""

from hypothesis import given, settings
from hypothesis import strategies as st

from licet.payments.providers.sepa_debit.provider import creditor_valid
from licet.payments.rules import Facts, hidden, iban_of, standing
from licet.payments.states import MOVES, PaymentState, Told

TOLD = st.lists(st.tuples(st.sampled_from(Told), st.integers(1, 100)), max_size=8)


def added(told: list[tuple[Told, int]]) -> Facts:
    facts = Facts()
    for each, amount in told:
        facts = facts.with_told(told=each, amount_minor=amount)
    return facts


@given(told=TOLD, chance=st.randoms())
@settings(max_examples=60)
def test_order_and_repetition_do_not_matter(told, chance) -> None:  # type: ignore[no-untyped-def]
    other = [*told, *told]
    chance.shuffle(other)
    assert added(told) == added(other)


@given(told=TOLD)
@settings(max_examples=60)
def test_every_step_is_one_that_the_table_allows(told: list[tuple[Told, int]]) -> None:
    facts, state = Facts(), PaymentState.CREATED
    for each, amount in told:
        facts = facts.with_told(told=each, amount_minor=amount)
        to = standing(facts=facts, amount_minor=100)
        assert to == state or to in MOVES[state]
        state = to


def test_a_refund_counts_what_was_sent_back_in_all() -> None:
    facts = added([(Told.SETTLED, 100), (Told.REFUNDED, 30), (Told.REFUNDED, 20)])
    assert facts.refunded_minor == 30
    assert standing(facts=facts, amount_minor=100) == PaymentState.PARTLY_REFUNDED
    assert standing(facts=facts, amount_minor=30) == PaymentState.REFUNDED


def test_an_iban_is_taken_with_blanks_and_refused_with_a_wrong_digit() -> None:
    assert iban_of(text="fr14 2004 1010 0505 0001 3M02 606") == "FR1420041010050500013M02606"
    assert iban_of(text="FR1420041010050500013M02607") == ""
    assert hidden(iban="FR14 2004 1010 0505 0001 3M02 606") == "FR•• •••• 2606"


def test_a_creditor_identifier_is_checked() -> None:
    assert creditor_valid(identifier="DE98 ZZZ 09999999999")
    assert not creditor_valid(identifier="DE97ZZZ09999999999")
    assert not creditor_valid(identifier="")
