"""Whether a name that a paper says is the applicant's. Pure; a machine passes on what it is not sure of."""

from collections.abc import Sequence

from anyascii import anyascii

SAME, PARTLY, OTHER = "same", "partly", "other"


def words(text: str) -> list[str]:
    """Return the words of a text in plain small letters, without accents and signs."""
    plain = anyascii(text).casefold()
    return "".join(sign if sign.isalnum() else " " for sign in plain).split()


def person(*, given: str, families: Sequence[str], typed: str) -> str:
    """Compare given names and family names (at birth, in use, by marriage) with what the applicant typed.

    SAME: one whole family name, one given name, and nothing else; order, case and accents do not count.
    PARTLY where something is the same, OTHER where nothing is.
    """
    names, said = set(words(given)), set(words(typed))
    family = [set(words(each)) for each in families if words(each)]
    known = names.union(*family) if family else names
    whole = any(each <= said for each in family)
    if whole and names & said and said <= known:
        return SAME
    return PARTLY if said & known else OTHER


def together(*, text: str, name: str) -> bool:
    """Whether the words of a name stand side by side in a text, in any order, with at most two between."""
    sought, there = words(name), words(text)
    room = len(sought) + 2
    wanted = set(sought)
    return bool(wanted) and any(
        wanted <= set(there[at : at + room]) for at, each in enumerate(there) if each in wanted
    )


def all_in(*, text: str, name: str) -> bool:
    """Whether every word of a name is in a text."""
    sought = set(words(name))
    return bool(sought) and sought <= set(words(text))
