"""Reading a bank's file: what it says, what is refused, and what another program reads in it."""

import time

import pytest
from pycamt.parser import Camt053Parser

from licet.payments.camt import parsing, running
from tests.orders.money import entry, statement


def entries(content: bytes) -> list[dict[str, object]]:
    return [each for each in parsing.read(content) if each["kind"] == "entry"]


def test_a_credit_tells_amount_reference_and_who_paid() -> None:
    (found,) = entries(statement(entry("RF18 10001", text="thank  you", amount="1728.50")))
    assert found["amount"] == 172_850
    assert (found["reference"], found["text"]) == ("RF1810001", "thank you")
    assert (found["name"], found["iban"]) == ("Atelier Nord", "FR1420041010050500013M02606")
    assert (found["booked_on"], found["ref"]) == ("2026-03-02", "S1")


def test_a_return_keeps_its_reason_and_is_below_zero() -> None:
    (found,) = entries(statement(entry(end_to_end="pay_1", sign="DBIT", reason="MD06")))
    assert (found["amount"], found["reason"], found["end_to_end"]) == (-144_000, "MD06", "pay_1")


def test_a_batch_is_read_by_its_transactions() -> None:
    one = "<TxDtls><Refs><EndToEndId>{0}</EndToEndId></Refs><Amt Ccy='EUR'>{1}</Amt></TxDtls>"
    both = one.format("a", "10.00") + one.format("b", "5.50")
    batch = (
        "<Ntry><AcctSvcrRef>B</AcctSvcrRef><Amt Ccy='EUR'>15.50</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
        "<Sts>BOOK</Sts>"
        f"<NtryDtls>{both}</NtryDtls></Ntry>"
    )
    found = entries(statement(batch))
    assert [(each["ref"], each["end_to_end"], each["amount"]) for each in found] == [
        ("B/1", "a", 1_000),
        ("B/2", "b", 550),
    ]
    torn = batch.replace("15.50<", "15.51<")
    assert [each["amount"] for each in entries(statement(torn))] == [1_551]


def test_what_is_only_announced_is_passed_over() -> None:
    assert entries(statement(entry().replace("<Cd>BOOK</Cd>", "<Cd>PDNG</Cd>"))) == []


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"<!DOCTYPE Document [<!ENTITY a 'b'>]><Document>&a;</Document>", "has_dtd"),
        (
            statement(entry()).replace(
                b"<Document", b"<!DOCTYPE Document SYSTEM 'file:///etc/passwd'><Document"
            ),
            "has_dtd",
        ),
        (b"Date;Amount\n1;2\n", "not_xml"),
        (b"\xff\xfe<\x00", "not_xml"),
        (statement(entry())[:-30], "not_xml"),
        (b"<Document><Other/></Document>", "not_camt"),
        (statement(entry(amount="1,00")), "wrong_value"),
        (statement(entry(amount="NaN")), "wrong_value"),
        (statement(entry(amount="1.005")), "wrong_value"),
        (statement(entry(amount="-1.00")), "wrong_value"),
        (statement(entry(currency="euros")), "wrong_value"),
    ],
    ids=["entity", "dtd", "csv", "utf16", "torn", "other", "comma", "nan", "thousandth", "minus", "currency"],
)
def test_what_cannot_be_used_is_refused_by_name(content: bytes, fault: str) -> None:
    with pytest.raises(parsing.Unreadable, match=fault):
        list(parsing.read(content))


def test_a_file_with_too_many_entries_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MOST_ENTRIES", 2)
    with pytest.raises(parsing.Unreadable, match="too_many"):
        list(parsing.read(statement(*[entry(ref=str(number)) for number in range(4)])))


def test_another_program_reads_the_same_amounts_and_references() -> None:
    content = statement(
        entry("RF1810001", amount="1.01", ref="1"),
        entry(text="10002", amount="999999.99", ref="2"),
        entry(end_to_end="pay_x", amount="12.30", sign="DBIT", ref="3"),
    )
    theirs = Camt053Parser(content).get_transactions()
    ours = entries(content)
    assert [abs(int(str(each["amount"]))) for each in ours] == [
        round(abs(float(each["Amount"])) * 100) for each in theirs
    ]
    assert len(ours) == 3


def test_the_child_says_the_same_and_reads_no_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    outcome = running.read(content=statement(entry("RF1810001")))
    assert (outcome.fault, len(outcome.statements)) == ("", 1)
    assert outcome.statements[0].entries[0].amount == 144_000
    assert running.read(content=b"<!DOCTYPE a><a/>").fault == "has_dtd"


def test_a_child_that_takes_too_long_is_ended() -> None:
    assert running.read(content=statement(entry()), wall_seconds=0.01).fault == "limit"


@pytest.mark.parametrize("said", ['{"kind": "entry"}', '{"kind": "end"', '{"kind": "walls"}', "[]"])
def test_nonsense_of_the_child_is_not_believed(said: str) -> None:
    import json

    with pytest.raises((ValueError, KeyError, TypeError, AttributeError, IndexError)):
        running._outcome(json.loads(line) for line in [said])


def test_fifty_megabytes_are_read_within_the_limits() -> None:
    many = "".join(entry(text="x" * 700, ref=str(number)) for number in range(40_000))
    content = statement(many)
    assert len(content) > 45_000_000
    before = time.monotonic()
    outcome = running.read(content=content)
    assert outcome.fault == ""
    assert len(outcome.statements[0].entries) == 40_000
    assert time.monotonic() - before < 60
