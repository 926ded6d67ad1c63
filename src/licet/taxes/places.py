"""Where an address lies for VAT, which its country alone does not tell. Pure, and mostly a table.

Sources: Council Directive 2006/112/EC, Articles 5 to 8 (what belongs to the territory of a member
state, and what does not), Articles 104 and 105 (Jungholz and Mittelberg, Azores and Madeira); for the
French overseas departments articles 294 and 296 of the code général des impôts; for Åland the Finnish
law on exceptions, under which Finnish VAT goes on there. Northern Ireland counts as the Union for
goods only (protocol of 2020), and software is a service.
"""

import re
from dataclasses import dataclass

# fmt: off
UNION = frozenset([
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
])
# fmt: on
"""The member states (ISO 3166-1; Greece is GR, whatever its VAT numbers begin with)."""

OTHER_CODES = {"EL": "GR", "UK": "GB", "XI": "GB"}
"""Codes that stand for a country elsewhere: in VAT numbers, in speech."""

_STRAY = re.compile(r"^[A-Z]{1,3}-|[\s.]")


@dataclass(frozen=True, slots=True)
class Place:
    """A place as VAT sees it.

    `state`: whose VAT is charged there, or the territory itself where no state's is. `region`: a part of
    the state with rates of its own. `union`: whether it lies in the VAT territory of the Union.
    """

    state: str
    region: str
    union: bool


@dataclass(frozen=True, slots=True)
class Territory:
    """An exception: addresses of `country` with such a postal code or region, and where they lie."""

    name: str
    country: str
    postal: str
    regions: tuple[str, ...]
    place: Place


TERRITORIES: tuple[Territory, ...] = (
    Territory("Monaco", "FR", r"980\d\d", (), Place("FR", "", True)),
    Territory("Saint-Barthélemy", "FR", r"97133|977\d\d", ("FR-BL",), Place("BL", "", False)),
    Territory("Saint-Martin", "FR", r"97150|978\d\d", ("FR-MF",), Place("MF", "", False)),
    Territory("Guadeloupe", "FR", r"971\d\d", ("FR-971", "FR-GP"), Place("FR", "GP", False)),
    Territory("Martinique", "FR", r"972\d\d", ("FR-972", "FR-MQ"), Place("FR", "MQ", False)),
    Territory("French Guiana", "FR", r"973\d\d", ("FR-973", "FR-GF"), Place("GF", "", False)),
    Territory("Réunion", "FR", r"974\d\d", ("FR-974", "FR-RE"), Place("FR", "RE", False)),
    Territory("Saint-Pierre-et-Miquelon", "FR", r"975\d\d", ("FR-PM",), Place("PM", "", False)),
    Territory("Mayotte", "FR", r"976\d\d", ("FR-976", "FR-YT"), Place("YT", "", False)),
    Territory("Southern Territories", "FR", r"984\d\d", ("FR-TF",), Place("TF", "", False)),
    Territory("Wallis and Futuna", "FR", r"986\d\d", ("FR-WF",), Place("WF", "", False)),
    Territory("French Polynesia", "FR", r"987\d\d", ("FR-PF",), Place("PF", "", False)),
    Territory("New Caledonia", "FR", r"988\d\d", ("FR-NC",), Place("NC", "", False)),
    Territory("Canary Islands", "ES", r"3[58]\d{3}", ("ES-CN", "ES-GC", "ES-TF"), Place("IC", "", False)),
    Territory("Ceuta", "ES", r"51\d{3}", ("ES-CE",), Place("EA", "", False)),
    Territory("Melilla", "ES", r"52\d{3}", ("ES-ML",), Place("EA", "", False)),
    Territory("Åland", "FI", r"22\d{3}", ("FI-01",), Place("FI", "AX", False)),
    Territory("Mount Athos", "GR", r"6308[67]", ("GR-69",), Place("GR-69", "", False)),
    Territory("Büsingen", "DE", r"78266", (), Place("DE-78266", "", False)),
    Territory("Heligoland", "DE", r"27498", (), Place("DE-27498", "", False)),
    Territory("Livigno", "IT", r"23041", (), Place("IT-23041", "", False)),
    Territory("Campione d'Italia", "IT", r"22061", (), Place("IT-22061", "", False)),
    Territory("Jungholz and Mittelberg", "AT", r"6691|699[123]", (), Place("AT", "JM", True)),
    Territory("Madeira", "PT", r"9[0-4]\d\d(-?\d{3})?", ("PT-30",), Place("PT", "PT-30", True)),
    Territory("Azores", "PT", r"9[5-9]\d\d(-?\d{3})?", ("PT-20",), Place("PT", "PT-20", True)),
)
"""By postal code and region (ISO 3166-2). The first that fits holds."""

OWN_CODE: dict[str, Place] = {
    "MC": Place("FR", "", True),
    "GP": Place("FR", "GP", False),
    "MQ": Place("FR", "MQ", False),
    "RE": Place("FR", "RE", False),
    "AX": Place("FI", "AX", False),
}
"""Territories with a country code of their own that share a state's VAT. All others stand for themselves."""


def locate(*, country: str, region: str = "", postal_code: str = "") -> Place:
    """Return where an address lies for VAT. Codes of ISO 3166; blanks and country prefixes do not matter."""
    country = country.strip().upper()
    country = OTHER_CODES.get(country, country)
    region = region.strip().upper()
    code = _STRAY.sub("", postal_code.strip().upper())
    if country in OWN_CODE:
        return OWN_CODE[country]
    for each in TERRITORIES:
        if each.country != country:
            continue
        named = region in (*each.regions, each.place.region) if region else False
        if named or re.fullmatch(each.postal, code):
            return each.place
    return Place(country, "", country in UNION)


_PLACES = [*(each.place for each in TERRITORIES), *OWN_CODE.values()]

REGIONS: dict[str, tuple[str, ...]] = {
    state: tuple(sorted({each.region for each in _PLACES if each.state == state and each.region}))
    for state in sorted({each.state for each in _PLACES if each.region})
}
"""By state: the regions that may have rates of their own."""
