"""Finding an institution by some words of its name: without accents, in any order, by short forms, too.

Every word of every name stands in a table of its own, in one plain spelling; what somebody types is the
beginning of such words. One statement, whatever is in the directory.
"""

import re
import unicodedata
from collections.abc import Iterable

from anyascii import anyascii
from django.db import connection
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Length

from licet.education.directory import Institution, Word

MOST_WORDS, WORD = 8, 40
"""So many words of a search are read, and so many characters of a word are kept."""

_SAME = {"st": "saint", "ste": "sainte"}


def folded(text: str) -> str:
    """Return a text in lower case ASCII letters and digits, its words parted by single spaces."""
    plain = anyascii(unicodedata.normalize("NFKC", text)).casefold()
    words = re.findall(r"[a-z0-9]+", plain)
    return " ".join(_SAME.get(word, word) for word in words)


def words(texts: Iterable[str]) -> set[str]:
    """Return the words by which something with these names is found."""
    return {word[:WORD] for text in texts for word in folded(text).split()}


def find(*, text: str, country: str = "", most: int) -> list[Institution]:
    """Return listed institutions that have a word beginning with each word of the text, at most so many.

    Within a country where one is given. What is called exactly so comes first, then what begins so, then the
    shorter name. One statement.
    """
    typed = folded(text)
    sought = sorted(set(typed.split()[:MOST_WORDS]), key=len, reverse=True)
    if not sought or len(sought[0]) < 2:
        return []
    here = Q(country=country.upper()) if country else Q()
    rarest = Word.objects.filter(here & _begins(sought[0]))  # the longest word leaves the fewest
    found = Institution.objects.listed().filter(pk__in=rarest.values("institution"))
    for word in sought[1:]:
        found = found.filter(Exists(Word.objects.filter(_begins(word), institution=OuterRef("pk"))))
    rank = Case(
        When(Q(words__startswith=f"{typed} |") | Q(words__contains=f"| {typed} |"), then=0),
        When(words__startswith=typed, then=1),
        default=Value(2),
        output_field=IntegerField(),
    )
    return list(found.order_by(rank, Length("words"), "pk")[:most])


def line(names: Iterable[str], short: Iterable[str]) -> str:
    """Return what `Institution.words` keeps: the folded names, each ended by a bar, short forms last."""
    parts = dict.fromkeys(folded(each) for each in [*names, *short])
    kept = ""
    for part in parts:
        if part and len(kept) + len(part) + 3 <= 400:
            kept += f"{part} | "
    return kept.strip()


def _begins(word: str) -> Q:
    """A word that begins so, in the way in which each database uses its index for it."""
    start = word[:WORD]
    if connection.vendor == "postgresql":
        return Q(word__startswith=start)
    return Q(word__gte=start, word__lt=f"{start}\x7f")  # words have ASCII letters and digits alone
