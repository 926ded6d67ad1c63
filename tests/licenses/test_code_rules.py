"""The form of a code: its characters, its check, and what people type."""

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.licenses import rules

chances = st.binary(min_size=rules.CHANCE_BYTES, max_size=rules.CHANCE_BYTES)
places = st.integers(0, rules.LENGTH - 1)


@given(chances)
def test_a_code_has_25_characters_without_look_alikes(chance: bytes) -> None:
    code = rules.spell(chance=chance)
    assert len(code) == 25
    assert set(code) <= set(string.ascii_uppercase + string.digits) - set("ILOU")
    assert rules.read(text=code) == code


@given(chances, chances)
def test_other_chance_makes_another_code(one: bytes, other: bytes) -> None:
    assert (rules.spell(chance=one) == rules.spell(chance=other)) == (one == other)


@pytest.mark.parametrize("size", [0, 14, 16])
def test_less_or_more_chance_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="15 bytes"):
        rules.spell(chance=b"x" * size)


@given(chances)
def test_every_single_wrong_character_is_noticed(chance: bytes) -> None:
    code = rules.spell(chance=chance)
    for place in range(rules.LENGTH):
        for wrong in set(rules.ALPHABET) - {code[place]}:
            assert rules.read(text=code[:place] + wrong + code[place + 1 :]) is None


@given(chances, places, places)
def test_every_swap_of_two_characters_is_noticed(chance: bytes, one: int, other: int) -> None:
    code = rules.spell(chance=chance)
    letters = list(code)
    letters[one], letters[other] = letters[other], letters[one]
    swapped = "".join(letters)
    assert rules.read(text=swapped) == (code if swapped == code else None)


@given(chances, places)
def test_a_missing_or_doubled_character_is_noticed(chance: bytes, place: int) -> None:
    code = rules.spell(chance=chance)
    assert rules.read(text=code[:place] + code[place + 1 :]) is None
    assert rules.read(text=code[:place] + code[place] + code[place:]) is None


@given(chances, st.data())
def test_people_may_type_it_in_their_own_way(chance: bytes, data: st.DataObject) -> None:
    code = rules.spell(chance=chance)
    looks_like = {"0": "0oO", "1": "1iIlL", "V": "VvUu"}
    typed = ""
    for character in rules.grouped(code=code):
        if character == "-":
            typed += data.draw(st.sampled_from(["-", " ", "", " - ", "\u2013", "\u00a0", "\n", ".", "_"]))
        else:
            written = looks_like.get(character, character + character.lower())
            typed += data.draw(st.sampled_from(list(written)))
    assert rules.read(text=f"  {typed}\t") == code


@given(st.text(max_size=200))
def test_whatever_is_typed_gives_a_code_or_nothing(text: str) -> None:
    code = rules.read(text=text)
    assert code is None or (len(code) == 25 and rules.read(text=code) == code)


@given(chances)
def test_what_is_sealed_opens_under_its_own_key_and_name_alone(chance: bytes) -> None:
    code = rules.spell(chance=chance)
    name = rules.code_hash(key=b"a" * 32, code=code)
    sealed = rules.seal_code(key=b"b" * 32, name=name, code=code)
    assert rules.unseal_code(key=b"b" * 32, name=name, sealed=sealed) == code
    assert code not in sealed
    for key, asked in ((b"c" * 32, name), (b"b" * 32, "0" * 64)):
        with pytest.raises(ValueError, match="another key"):
            rules.unseal_code(key=key, name=asked, sealed=sealed)


def test_the_keyed_hash_needs_the_key() -> None:
    code = rules.spell(chance=b"x" * 15)
    assert rules.code_hash(key=b"a" * 32, code=code) != rules.code_hash(key=b"b" * 32, code=code)


@given(chances)
def test_a_log_shows_its_ending_alone(chance: bytes) -> None:
    code = rules.spell(chance=chance)
    for written in (
        code,
        rules.grouped(code=code),
        rules.grouped(code=code).lower(),
        " ".join(code[i : i + 5] for i in range(0, 25, 5)),
    ):
        shown = rules.hidden(text=f"POST code={written}&x=1")
        assert shown == f"POST code=[license code …{code[-4:]}]&x=1"


def test_what_only_looks_like_a_code_stays_in_the_log() -> None:
    for line in (
        "lic_7m3kq2v5x8y1z4w6",
        "550e8400-e29b-41d4-a716-446655440000",
        "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE",
    ):
        assert rules.hidden(text=line) == line


def test_the_documents_examples_are_codes() -> None:
    page = (Path(__file__).parents[2] / "docs" / "license-codes.md").read_text(encoding="utf-8")
    found = set(re.findall(r"\b(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}\b", page))
    assert found == {rules.grouped(code=rules.spell(chance=bytes(range(1, 16))))}
