"""A partner, a customer who said yes, and the steps that tests of partners take again and again."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from licet.accounts.models import Person
from licet.catalog.models import Plan
from licet.catalog.rules import Period
from licet.eventlog.models import Event
from licet.kernel.money import Money
from licet.licenses.models import License
from licet.orders import partnering, vouchers
from licet.orders.drafting import today
from licet.orders.models import Contract, Order
from licet.partners import actions, consenting
from licet.partners.actions import Wanted
from licet.partners.models import Access, Partner, Voucher
from licet.partners.queries import partner_prices
from licet.teams.models import Team
from tests.world import World

WANTED = Wanted(
    name="Bureau Nord",
    contact="Petra Nord",
    street="Nordstraße 1",
    postal_code="20095",
    city="Hamburg",
    country="DE",
    countries=("AT", "DE"),
    discount_percent=20,
    is_listed=True,
    website="https://nord.example",
    phone="+49 40 000",
    languages=("de", "en"),
)
DISCOUNT = 20


@dataclass
class Reseller:
    """Petra sells for the vendor; the customer is Alice's team."""

    world: World
    name: str = "Bureau Nord"
    word: str = "nord"
    count: int = 0
    petra: Person = field(init=False)
    partner: Partner = field(init=False)

    def __post_init__(self) -> None:
        assert self.world.catalog
        self.petra = self.world.person(f"petra@{self.word}.example", "Petra Nord")
        self.partner = actions.appoint(
            wanted=self.wanted(),
            owner=self.petra.email,
            by=self.world.victor.actor(),
            now=self.world.now,
        )

    def wanted(self) -> Wanted:
        """Return what the vendor says of the partner."""
        return Wanted(
            **{**WANTED.fields(), "name": self.name, "countries": ("AT", "DE"), "languages": ("de", "en")}
        )  # type: ignore[arg-type]

    @property
    def team(self) -> Team:
        """The partner's own people."""
        return self.partner.team

    @property
    def plan(self) -> Plan:
        """What is sold in these tests."""
        return self.world.plan(period=Period.YEAR)

    @property
    def price(self) -> Money:
        """What one license costs the partner."""
        return partner_prices(partner=self.partner, plans=[self.plan], on=today(now=self.world.now))[
            self.plan.code
        ]

    def ask(self, hint: str = "", *, by: Person | None = None) -> Access:
        """Ask for access to Alice's team, or what the hint says."""
        return partnering.ask(
            partner=self.partner,
            hint=hint or self.world.team.public_id,
            by=(by or self.petra).actor(),
            now=self.world.now,
        )

    def granted(self) -> Access:
        """Ask, and let Alice say yes."""
        return consenting.accept(access=self.ask(), by=self.world.alice.actor(), now=self.world.now)

    def order(
        self,
        access: Access,
        *,
        quantity: int = 3,
        seen: int | None = None,
        key: str = "",
        by: Person | None = None,
        now: datetime | None = None,
    ) -> Order:
        """Order licenses for the customer, at the sum that the page showed."""
        self.count += 1
        return partnering.order(
            access=access,
            wanted={self.plan.code: quantity},
            seen=self.price.amount * quantity if seen is None else seen,
            purchase_order="PO-7",
            key=key or f"partner-order-{self.count}",
            language="de",
            by=(by or self.petra).actor(),
            now=now or self.world.now,
        )

    def vouchers(
        self, *, copies: int = 2, quantity: int = 5, redeem_until: date | None = None, key: str = ""
    ) -> list[Voucher]:
        """Buy vouchers; return them."""
        self.count += 1
        order = vouchers.buy(
            partner=self.partner,
            plan=self.plan,
            quantity=quantity,
            chances=chances(self.count, copies),
            redeem_until=redeem_until or today(now=self.world.now) + timedelta(days=90),
            seen=self.price.amount * quantity * copies,
            key=key or f"voucher-order-{self.count}",
            language="de",
            by=self.petra.actor(),
            now=self.world.now,
        )
        return list(Voucher.objects.whole().filter(order=order.public_id).order_by("pk"))

    def text(self, voucher: Voucher) -> str:
        """Return the code of a voucher, as the partner hands it on."""
        shown = vouchers.texts(batch=voucher.batch, by=self.petra.actor(), now=self.world.now)
        return next(text for each, text in shown if each.pk == voucher.pk)


def chances(seed: int, copies: int) -> list[bytes]:
    """Return so many different 15 bytes."""
    return [hashlib.sha256(f"{seed}:{number}".encode()).digest()[:15] for number in range(copies)]


def told(name: str) -> list[Event]:
    """Return the facts of this name."""
    return list(Event.objects.filter(name=name).order_by("pk"))


__all__ = ["Contract", "License", "Reseller", "chances", "told"]
