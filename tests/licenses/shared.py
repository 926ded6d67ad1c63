"""Codes for the tests: made through the verbs, from chance that is known."""

import hashlib
from datetime import datetime
from typing import Any

from licet.catalog.rules import Terms
from licet.eventlog.models import Event
from licet.licenses import codes, rules
from licet.licenses.models import Code, License
from licet.teams.models import Member
from tests.world import OPERATOR, World


def chance(number: int) -> bytes:
    """Return 15 bytes that look like chance."""
    return hashlib.sha256(b"chance %d" % number).digest()[: rules.CHANCE_BYTES]


def text(number: int) -> str:
    """Return the code of this chance, in its groups."""
    return rules.grouped(code=rules.spell(chance=chance(number)))


def issued(world: World, *, license: License | None = None, member: Member | None = None, number: int = 1):
    """Return a code of a license, for a member or for nobody yet."""
    return codes.issue(
        license=license or world.licenses(), member=member, chance=chance(number), by=OPERATOR, now=world.now
    )


def promised(
    world: World,
    *,
    seats: int = 5,
    days: int = 365,
    number: int = 1,
    redeem_until: datetime | None = None,
    **terms: Any,
) -> Code:
    """Return a code that is no team's yet."""
    [code] = codes.issue_open(
        product=world.product,
        seats=seats,
        days=days,
        terms=Terms(**terms),
        chances=[chance(number)],
        redeem_until=redeem_until,
        by=OPERATOR,
        now=world.now,
    )
    return code


def fresh(code: Code) -> Code:
    """Return the code as it is stored now."""
    return Code.objects.select_related("superseded_by", "license", "allotment").get(pk=code.pk)


def told(name: str) -> list[dict[str, Any]]:
    """Return the facts of this name, in their order."""
    return [event.facts for event in Event.objects.filter(name=name).order_by("pk")]
