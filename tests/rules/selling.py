"""What a customer's team has that is a partner, too: a customer of its own, and vouchers."""

import hashlib
from datetime import timedelta
from typing import Any

from licet.accounts.models import Person
from licet.orders import vouchers
from licet.partners import actions, consenting
from licet.partners.actions import Wanted
from licet.teams.models import Team
from tests.world import OPERATOR, World


def sold(*, world: World, team: Team, owner: Person, word: str) -> dict[str, Any]:
    """Make the team a partner; return what fills the gaps of its addresses."""
    wanted = Wanted(
        name=f"Partner {word}",
        contact=f"Contact {word}",
        street=f"{word} street 2",
        postal_code="10115",
        city="Berlin",
        country="DE",
        countries=("DE",),
    )
    partner = actions.appoint(wanted=wanted, owner=team.public_id, by=OPERATOR, now=world.now)
    customer = world.found(f"Customer {word}", owner=owner)
    hint = customer.public_id
    by = owner.actor()
    access = consenting.ask(partner=partner, hint=hint, team=customer, email="", by=by, now=world.now)
    access = consenting.accept(access=access, by=by, now=world.now)
    (voucher,) = vouchers.make(
        partner=partner,
        plan=world.plan(),
        quantity=2,
        chances=[hashlib.sha256(f"voucher {word}".encode()).digest()[:15]],
        redeem_until=world.now.date() + timedelta(days=30),
        by=OPERATOR,
        now=world.now,
    )
    return {
        "partner": partner.public_id,
        "access": access.public_id,
        "bundle": voucher.batch,
        "voucher": voucher.public_id,
    }
