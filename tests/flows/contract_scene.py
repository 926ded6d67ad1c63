"""Teams with contracts for the stories, built through the verbs in the data folder of a running server.

Run as a program (`python -m tests.flows.contract_scene`, with LICET_DATA and DJANGO_SETTINGS_MODULE in its
surroundings) it builds one team for each story and width, and prints where to find them as JSON. With the id
of a contract it lets that contract's term be over, and the clock do its work: a process of its own, because
the tests' own Django stands on another database.
"""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.flows.scenes import PEOPLE, WIDTHS, Scene, Stage, signed_in

if TYPE_CHECKING:
    from tests.browser import Server

SEATS = 3
YEAR = timedelta(days=365)


def build(server: "Server") -> dict[str, dict[str, Scene]]:
    """Build every scene beside this server; return them by story and width."""
    found: dict[str, dict[str, Scene]] = json.loads(_run(server))
    return found


def end_term(server: "Server", contract: str) -> None:
    """Let the term of a contract (public id) be over today, and the clock renew what is due."""
    _run(server, contract)


def _run(server: "Server", *words: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.flows.contract_scene", *words],
        env={
            **os.environ,
            "LICET_DATA": str(server.folder / "data"),
            "DJANGO_SETTINGS_MODULE": "licet.config.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    return ran.stdout.splitlines()[-1]


def bought(stage: Stage, *, ends: datetime, paid: bool = True) -> Any:
    """Let the team buy three licenses for the year that ends at a moment; the people hold them."""
    from licet.catalog.rules import Period
    from licet.licenses.models import Pool
    from licet.orders import actions as orders
    from licet.orders import booking
    from licet.orders.models import Contract
    from tests.orders.conftest import ADDRESS, basket_of

    world = stage.world
    begun = ends - YEAR
    plan = world.plan(period=Period.YEAR)
    order = orders.place(
        basket=basket_of((plan, SEATS)),
        team=stage.team,
        team_name="",
        address=ADDRESS,
        checkout_key=f"scene-{stage.mark}",
        language="fr",
        by=stage.owner.actor(),
        now=begun,
    )
    if paid:
        booking.record_payment(
            order=order,
            amount_minor=order.gross_minor,
            reason="Chèque",
            by=world.victor.actor(),
            now=world.now,
        )
    stage.join(*PEOPLE[:SEATS])
    pool = Pool.objects.select_related("team", "product").get(team=stage.team)
    stage.hold(pool, *PEOPLE[:SEATS])
    contract = Contract.objects.get(team=stage.team)
    stage.made |= {"contract": contract.public_id, "order": order.number, "plan": plan.code}
    stage.made["product"] = plan.product.code
    return order


def refunded(stage: Stage, order: Any) -> None:
    """Send the half of what an order cost back, as the vendor's people do; both documents are written."""
    from licet.kernel.actor import system
    from licet.orders import booking, invoicing
    from licet.payments.models import Payment

    world = stage.world
    invoicing.issue(order=order, by=system(label="scene"), now=world.now)
    payment = Payment.objects.filter(subject=order.public_id, settled_at__isnull=False).latest("pk")
    booking.refund(
        payment=payment,
        amount_minor=order.gross_minor // 2,
        reason="Moins de postes que prévu",
        end_licenses=False,
        by=world.victor.actor(),
        now=world.now,
    )


def sold(stage: Stage, *, ends: datetime) -> None:
    """Let a partner of this story's own sell three licenses to the team."""
    from licet.licenses.models import Pool
    from licet.orders import booking
    from licet.orders.models import Contract
    from licet.partners import consenting
    from tests.partners.reseller import Reseller

    world = stage.world
    today, world.now = world.now, ends - YEAR
    reseller = Reseller(world, name=f"Bureau {stage.mark}", word=stage.mark)
    access = reseller.ask(stage.team.public_id)
    access = consenting.accept(access=access, by=stage.owner.actor(), now=world.now)
    order = reseller.order(access, quantity=SEATS)
    world.now = today
    booking.record_payment(
        order=order, amount_minor=order.gross_minor, reason="Chèque", by=world.victor.actor(), now=today
    )
    refunded(stage, order)
    stage.join(*PEOPLE[:SEATS])
    stage.hold(Pool.objects.select_related("team", "product").get(team=stage.team), *PEOPLE[:SEATS])
    contract = Contract.objects.get(team=stage.team)
    reseller.petra.language = "fr"
    reseller.petra.save(update_fields=["language"])
    stage.made |= {
        "contract": contract.public_id,
        "plan": reseller.plan.code,
        "product": reseller.plan.product.code,
        "partner": reseller.partner.public_id,
        "partner_team": reseller.team.public_id,
        "partner_name": reseller.name,
        "access": access.public_id,
        "petra": signed_in(reseller.petra),
        "petra_email": reseller.petra.email,
        "owner_email": stage.owner.email,
    }


def _built() -> dict[str, dict[str, Scene]]:
    from licet.kernel import clock
    from tests.world import World

    now = clock.read()
    world: World = World(now=now)
    tomorrow, later = now + timedelta(days=1), now + timedelta(days=180)
    made: dict[str, dict[str, Scene]] = {}
    for width in WIDTHS:
        adding = Stage(world, "adding", width)
        bought(adding, ends=later)
        renewing = Stage(world, "renewing", width)
        bought(renewing, ends=tomorrow)
        refund = Stage(world, "refund", width)
        refunded(refund, bought(refund, ends=later))
        partner = Stage(world, "partner", width)
        sold(partner, ends=tomorrow)
        for stage in (adding, renewing, refund, partner):
            stage.made["owner_email"] = stage.owner.email
            made.setdefault(stage.mark.removesuffix(str(width)), {})[str(width)] = stage.made
    return made


def _ended(public_id: str) -> None:
    from licet.kernel import clock
    from licet.kernel.actor import system
    from licet.leases import shortage
    from licet.licenses.models import License
    from licet.orders import renewing
    from licet.orders.drafting import today
    from licet.orders.models import Contract

    now = clock.read()
    contract = Contract.objects.get(public_id=public_id)
    gone = contract.ends_on - today(now=now)
    # the days that nobody waits for here: the contract and its licenses began so much earlier
    contract.anchor_on -= gone
    contract.ends_on -= gone
    contract.save(update_fields=["anchor_on", "ends_on"])
    for license in License.objects.filter(pk__in=contract.items.values("license")):
        license.valid_from -= gone
        license.valid_until -= gone
        license.usable_until -= gone
        license.save(update_fields=["valid_from", "valid_until", "usable_until"])
    renewing.renew_due(by=system(label="schedule"), now=now)
    shortage.settle_shortages(by=system(label="schedule"), now=now)


def main() -> None:
    """Build all of it and print it, or end the term of one contract."""
    import django

    from licet.config.cli import provide_secrets

    provide_secrets(data=Path(os.environ["LICET_DATA"]))
    django.setup()
    from django.conf import settings

    # nobody signs in with a password here; hashing fifty of them as for a site takes a minute
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if sys.argv[1:]:
        _ended(sys.argv[1])
        print("{}")
    else:
        print(json.dumps(_built()))


if __name__ == "__main__":
    main()
