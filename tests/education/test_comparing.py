"""Whose name it is: what a machine is sure of, and what it leaves to a person."""

import pytest

from licet.education import comparing
from licet.education.comparing import OTHER, PARTLY, SAME


@pytest.mark.parametrize(
    ("given", "families", "typed", "found"),
    [
        ("NADIA MARIE", ["ROUX"], "Nadia Roux", SAME),
        ("NADIA MARIE", ["ROUX"], "ROUX Nadia Marie", SAME),
        ("CHLOE", ["LE GOFF"], "Chloé Le Goff", SAME),
        ("JEAN PIERRE", ["DUPRE"], "Jean-Pierre Dupré", SAME),
        ("ANNE", ["MULLER", "SCHMITT"], "Anne Schmitt", SAME),  # the name in use
        ("ANNE", ["MULLER", "SCHMITT"], "Anne Müller-Schmitt", SAME),
        ("MARIE", ["ROUX"], "Nadia Roux", PARTLY),
        ("NADIA", ["LE GOFF"], "Nadia Goff", PARTLY),
        ("NADIA", ["ROUX"], "Nadia Roux Anders", PARTLY),
        ("NADIA", ["ROUX"], "Roux", PARTLY),
        ("NADIA", [""], "Nadia", PARTLY),
        ("JONAS", ["ANDERS"], "Nadia Roux", OTHER),
        ("", [""], "Nadia Roux", OTHER),
        ("", [""], "", OTHER),
    ],
)
def test_a_name_is_the_same_with_a_whole_family_name_and_a_given_one(
    given: str, families: list[str], typed: str, found: str
) -> None:
    assert comparing.person(given=given, families=families, typed=typed) == found


def test_a_name_stands_together_in_a_text() -> None:
    assert comparing.together(text="M. ROUX, Nadia (née 2004)", name="Nadia Roux")
    assert comparing.together(text="Nadia Marie Claire Roux", name="Nadia Roux")
    assert not comparing.together(text="Nadia Anders et Jean Paul Marie Roux", name="Nadia Roux")
    assert not comparing.together(text="anything", name="")


def test_every_word_of_a_name_is_in_a_text() -> None:
    assert comparing.all_in(text="L'ÉCOLE DU RHIN certifie", name="Ecole du Rhin")
    assert not comparing.all_in(text="L'école certifie", name="Ecole du Rhin")
    assert not comparing.all_in(text="", name="")
