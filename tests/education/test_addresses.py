"""Addresses of schools: one spelling, and what the words of a domain say in several languages."""

import pytest

from licet.education import addresses
from licet.education.states import Role

LEARN, TEACH = frozenset({Role.PUPIL, Role.STUDENT}), frozenset({Role.TEACHER})


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Uni.Example", "uni.example"),
        ("uni.example.", "uni.example"),
        (".uni.example", "uni.example"),
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("\uff55\uff4e\uff49.example", "uni.example"),
    ],
)
def test_a_domain_has_one_spelling(typed: str, name: str) -> None:
    assert addresses.domain(text=typed) == name


@pytest.mark.parametrize(
    "typed", ["", "uni", "uni..example", "127.0.0.1", "a b.example", "-x.example", "x" * 300]
)
def test_what_is_no_domain_is_said(typed: str) -> None:
    with pytest.raises(ValueError, match="not a domain"):
        addresses.domain(text=typed)


def test_two_spellings_are_one_mailbox() -> None:
    spelt = {"Nadia@uni.example", "nadia+licet@UNI.example.", " nadia@uni.example "}
    assert {addresses.one_mailbox(address=each) for each in spelt} == {"nadia@uni.example"}


@pytest.mark.parametrize(
    "typed", ["nadia", "@uni.example", "na dia@uni.example", "a@b", "a\r\nb@uni.example", "<a@uni.example"]
)
def test_what_is_no_mailbox_is_said(typed: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        addresses.mailbox(address=typed)


@pytest.mark.parametrize(
    "name", ["alumni.uni.example", "alum.uni.example", "uni-alumni.example", "unsalumni.example"]
)
def test_some_words_speak_of_those_who_have_left(name: str) -> None:
    assert addresses.former(name=name)


@pytest.mark.parametrize(
    "name", ["alumnos.uni.example", "alumno.uni.example", "aluno.uni.example", "studenti.uni.example"]
)
def test_their_likes_in_other_languages_speak_of_those_who_are_there(name: str) -> None:
    assert not addresses.former(name=name)
    assert addresses.hint(name=name) == LEARN


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("etu.uni.example", LEARN),
        ("stud.uni.example", LEARN),
        ("ac-exemple.fr", TEACH),
        ("staff.uni.example", TEACH),
        ("uni.example", frozenset()),
        ("studio.example", frozenset()),
    ],
)
def test_a_prefix_tells_who_has_a_mailbox(name: str, roles: frozenset[Role]) -> None:
    assert addresses.hint(name=name) == roles
