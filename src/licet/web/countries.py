"""The countries that an address may name, as a choice in the reader's language."""

import unicodedata

from licet.kernel.dates import locale
from licet.orders.rules import countries


def country_choices() -> list[tuple[str, str]]:
    """Return the countries with their names in the active language, sorted as people look for them."""
    names = locale().territories
    choices = [(code, str(names.get(code, code))) for code in countries()]
    return sorted(choices, key=lambda choice: _plain(choice[1]))


def country_name(code: str) -> str:
    """Return a country's name in the active language; the code where it has none."""
    return str(locale().territories.get(code, code))


def _plain(name: str) -> str:
    """Return a name without accents, so that Égypte stands at E."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold()
