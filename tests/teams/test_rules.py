"""How lists of addresses are typed and pasted."""

import pytest

from licet.teams import rules


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", []),
        (" , ;\n", []),
        ("a@x.example", ["a@x.example"]),
        ("a@x.example, b@x.example;c@x.example\nd@x.example e@x.example", list("abcde")),
        ("A@X.example\r\na@x.example", ["a@x.example"]),
        ("Ada Lovelace <ada@x.example>, Grace <grace@x.example>", ["ada@x.example", "grace@x.example"]),
        ("nonsense, a@x.example", ["nonsense", "a@x.example"]),
    ],
)
def test_addresses_are_found_in_what_was_typed(typed: str, found: list[str]) -> None:
    expected = [each if "@" in each or len(each) > 1 else f"{each}@x.example" for each in found]
    assert rules.addresses(text=typed) == expected
