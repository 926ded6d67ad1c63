"""Four tables: orders and their lines, contracts and their items.

An order is what was agreed at one moment; a contract is what goes on. A line points at the item that it
made, prolonged or ended, and at the license; who waits for a payment first has neither yet.
"""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from licet.accounts.models import Person
from licet.catalog.models import Plan
from licet.catalog.rules import MONTHS, Period
from licet.kernel.actor import Actor
from licet.kernel.ids import PublicId
from licet.kernel.money import Money
from licet.kernel.states import move
from licet.licenses.models import License
from licet.orders.counting import CONTRACTS, ORDERS, QUOTES, Number
from licet.orders.states import CONTRACT_MOVES, MOVES, ContractState, LineKind, OrderKind, OrderState
from licet.orders.terms import Term, span
from licet.teams.models import Member, Team
from licet.teams.states import Role

__all__ = ["CONTRACTS", "ORDERS", "QUOTES", "Contract", "ContractItem", "Number", "Order", "OrderLine"]

INVOICE = "invoice"
"""The payment method that every vendor has: by bank transfer, after the invoice."""


class OrderQuerySet(models.QuerySet["Order"]):
    """Orders, as surfaces and verbs look for them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return what the actor placed, and what the teams they run have bought."""
        if actor.is_system:
            return self
        runs = Member.objects.active().filter(person=actor.id, role__in=[Role.OWNER, Role.ADMIN])
        bought = Q(payer=None, team__in=runs.values("team")) | Q(payer__in=runs.values("team"))
        return self.filter(Q(placed_by=actor.id) | bought)

    def bought_by(self, team: Team) -> Self:
        """Return what a team pays for: its own orders, and those for customers where it is a partner."""
        return self.filter(Q(payer=None, team=team) | Q(payer=team))

    def of_checkout(self, *, person: int, key: str) -> "Order | None":
        """Return the order that this form of this person has become, where it has."""
        return self.filter(placed_by=person, checkout_key=key).first()


class ContractQuerySet(models.QuerySet["Contract"]):
    """Contracts, as surfaces and verbs look for them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the contracts of the teams that the actor runs; all of them for the system."""
        if actor.is_system:
            return self
        runs = Member.objects.current().filter(person=actor.id, role__in=[Role.OWNER, Role.ADMIN])
        return self.filter(Q(payer=None, team__in=runs.values("team")) | Q(payer__in=runs.values("team")))

    def bought_by(self, team: Team) -> Self:
        """Return what a team pays for: its own contracts, and those of customers where it is a partner."""
        return self.filter(Q(payer=None, team=team) | Q(payer=team))

    def locked(self, pk: int) -> "Contract":
        """Lock and read again: renewing, adding, removing and ending one contract meet here.

        After the team's lock, before the pools'.
        """
        self.select_for_update(no_key=True).values_list("pk").get(pk=pk)
        return self.select_related("team", "payer", "placed_by").get(pk=pk)

    def due(self, today: date) -> Self:
        """Return those whose term is over on `today` and that nobody has renewed or ended."""
        return self.filter(state=ContractState.ISSUED, ends_on__lte=today)


class Contract(models.Model):
    """What a team has bought for terms that are counted from the first anchor, whatever their lengths.

    A term lasts `periods` times the `period`. The current one is number `term_index`, from 0, begins
    `begun_months` after the anchor and ends on `ends_on` (excluded). `next_period`, `next_periods`: what the
    terms after it last, where somebody chose another length; empty and 0 else. `payer`: the partner's team,
    which is invoiced and decides about it; none where the customer does. `sold_by`: the partner's public id;
    empty for the vendor. `display`: whether prices are without VAT (net, for businesses) or with it (gross,
    for consumers). `cancelled_at`: somebody decided that it ends with its term. `noticed_days`: the last
    notice of the current term that was told. `placed_by`: who stands on the orders that the clock places.
    `partner_left_at`: the partner that pays for it sells to the team no more; `carried_on_at`: the team goes
    on with it by itself after the term.
    """

    public_id = PublicId(prefix="con")
    number = models.PositiveBigIntegerField(unique=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    placed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    payer = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", null=True)
    sold_by = models.CharField(max_length=20, blank=True)
    billed_to = models.JSONField()
    is_consumer = models.BooleanField(default=False)
    display = models.CharField(max_length=5, default="net")
    purchase_order = models.CharField(max_length=60, blank=True)
    payment_method = models.CharField(max_length=20, default=INVOICE)
    language = models.CharField(max_length=8)
    currency = models.CharField(max_length=3)
    period = models.CharField(max_length=8)
    periods = models.PositiveSmallIntegerField(default=1)
    anchor_on = models.DateField()
    term_index = models.PositiveIntegerField(default=0)
    begun_months = models.PositiveIntegerField(default=0)
    ends_on = models.DateField()
    next_period = models.CharField(max_length=8, blank=True)
    next_periods = models.PositiveSmallIntegerField(default=0)
    auto_renew = models.BooleanField(default=True)
    state = models.CharField(max_length=6, default=ContractState.ISSUED)
    noticed_days = models.PositiveSmallIntegerField(null=True)
    made_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    partner_left_at = models.DateTimeField(null=True)
    carried_on_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Contract"]] = ContractQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(s.value for s in ContractState)), name="contract_state_known"
            ),
            models.CheckConstraint(
                condition=Q(period__in=sorted(p.value for p in Period)), name="contract_period_known"
            ),
            models.CheckConstraint(condition=Q(periods__gte=1), name="contract_lasts"),
            models.CheckConstraint(
                condition=Q(next_period="", next_periods=0)
                | Q(next_period__in=sorted(p.value for p in Period), next_periods__gte=1),
                name="contract_next_length",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "ends_on"], name="contract_due"),
            models.Index(fields=["team", "ends_on"]),
        ]

    def __str__(self) -> str:
        return str(self.number)

    def decide(self, to: ContractState) -> None:
        """Move to a state that the table allows."""
        self.state = move(table=CONTRACT_MOVES, current=ContractState(self.state), to=to)

    @property
    def buyer(self) -> Team:
        """The team that pays for it and decides about it: the partner's, or the one with the licenses."""
        return self.payer or self.team

    @property
    def months(self) -> int:
        """How long a term lasts."""
        return MONTHS[Period(self.period)] * self.periods

    @property
    def next_months(self) -> int:
        """How long the terms after the current one last."""
        return MONTHS[Period(self.next_period)] * self.next_periods if self.next_period else self.months

    @property
    def term(self) -> Term:
        """The current term."""
        return span(anchor=self.anchor_on, begins=self.begun_months, months=self.months)

    @property
    def next_term(self) -> Term:
        """The term after it."""
        begins = self.begun_months + self.months
        return span(anchor=self.anchor_on, begins=begins, months=self.next_months)

    @property
    def renews(self) -> bool:
        """Whether it goes on by itself when its term is over."""
        kept = self.auto_renew and self.cancelled_at is None and self.partner_left_at is None
        return self.state == ContractState.ISSUED and (kept or self.carried_on_at is not None)


class ContractItemQuerySet(models.QuerySet["ContractItem"]):
    """Items, as surfaces and verbs look for them."""

    def current(self) -> Self:
        """Return those that are part of their contract now."""
        return self.filter(ended_at=None)


class ContractItem(models.Model):
    """So many licenses of a plan, in a contract; each has its own license, and so what is paid stays apart.

    `renews`: whether it is prolonged with the contract; else it ends with the term, without grace.
    `next_plan`: the product that it becomes then. `next_price_minor`: what one will cost from the next term
    on, once that was told; nobody pays a price that was not. `chosen_price_minor`: the same for what
    somebody chose, another product or another length of term. `coupon`: lowers the price of every term.
    `suspended_at`: its license stands still because its
    term was not paid. `ended_at`: it is part of the contract no more.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="items")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    license = models.OneToOneField(License, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    unit_price_minor = models.BigIntegerField()
    next_price_minor = models.BigIntegerField(null=True)
    chosen_price_minor = models.BigIntegerField(null=True)
    renews = models.BooleanField(default=True)
    next_plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", null=True)
    coupon = models.ForeignKey("orders.Coupon", on_delete=models.PROTECT, related_name="+", null=True)
    added_at = models.DateTimeField()
    suspended_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["ContractItem"]] = ContractItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="contract_item_has_a_license"),
            models.CheckConstraint(condition=Q(unit_price_minor__gte=0), name="contract_item_price"),
        ]
        indexes = [models.Index(fields=["contract", "ended_at"])]

    @property
    def unit_price(self) -> Money:
        """The price of one license for one period."""
        return Money(self.unit_price_minor, self.contract.currency)


class Order(models.Model):
    """What was agreed, frozen: changes of brand, address or price after it touch nothing here.

    `payer`: the partner's team that pays for it; none where the team with the licenses does.
    `contract`: what a later order of it is about; a first order has none, as it may make several (see its
    lines). `term_index`: the term that a renewal pays for. `display`: whether the prices and amounts of its
    lines are without VAT (net) or with it (gross). `tax_lines`: as `taxing.py` stores them.
    `agreed`: what the buyer ticked, as `agreements.py` stores it. `fulfilled_at`: when its licenses came;
    None while it waits for its payment.
    """

    public_id = PublicId(prefix="ord")
    number = models.PositiveBigIntegerField(unique=True)
    kind = models.CharField(max_length=8, default=OrderKind.NEW)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="+", null=True)
    term_index = models.PositiveIntegerField(null=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    payer = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", null=True)
    placed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sold_by = models.JSONField()  # the brand at that moment
    billed_to = models.JSONField()  # the structured address at that moment
    is_consumer = models.BooleanField(default=False)
    display = models.CharField(max_length=5, default="net")
    purchase_order = models.CharField(max_length=60, blank=True)
    payment_method = models.CharField(max_length=20, default=INVOICE)
    language = models.CharField(max_length=8)
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)
    gross_minor = models.BigIntegerField()
    tax_lines = models.JSONField(default=list)
    state = models.CharField(max_length=10, default=OrderState.PLACED)
    reference = models.CharField(max_length=25)
    checkout_key = models.CharField(max_length=40)
    placed_at = models.DateTimeField()
    due_on = models.DateField()
    reminders = models.PositiveSmallIntegerField(default=0)  # so many were sent
    coupon = models.ForeignKey("orders.Coupon", on_delete=models.PROTECT, related_name="+", null=True)
    agreed = models.JSONField(default=dict)
    fulfilled_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Order"]] = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            # the same form sent twice is one order
            models.UniqueConstraint(fields=["placed_by", "checkout_key"], name="order_once_per_checkout"),
            # a term is paid for once, however many workers renew it
            models.UniqueConstraint(
                fields=["contract", "term_index"],
                condition=Q(kind=OrderKind.RENEWAL),
                name="order_once_per_term",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(s.value for s in OrderState)), name="order_state_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(k.value for k in OrderKind)), name="order_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(gross_minor=F("net_minor") + F("tax_minor"), gross_minor__gte=0),
                name="order_adds_up",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "-placed_at"]),
            models.Index(fields=["payer", "-placed_at"]),
            models.Index(fields=["contract", "-placed_at"]),
            models.Index(fields=["due_on"], condition=Q(state=OrderState.PLACED), name="order_unpaid"),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def buyer(self) -> Team:
        """The team that pays for it: the partner's, or the one with the licenses."""
        return self.payer or self.team

    @property
    def buyer_id(self) -> int:
        """Its key."""
        return self.payer_id or self.team_id

    @property
    def net(self) -> Money:
        """The sum of its lines, without tax."""
        return Money(self.net_minor, self.currency)

    @property
    def tax(self) -> Money:
        """The tax on it."""
        return Money(self.tax_minor, self.currency)

    @property
    def total(self) -> Money:
        """What is to be paid, tax included."""
        return Money(self.gross_minor, self.currency)

    def decide(self, to: OrderState) -> None:
        """Move to a state that the table allows."""
        self.state = move(table=MOVES, current=OrderState(self.state), to=to)

    def is_overdue(self, today: date) -> bool:
        """Whether the due day has passed and nothing was paid; `today` on the vendor's calendar."""
        return self.state == OrderState.PLACED and self.gross_minor > 0 and self.due_on < today


class OrderLine(models.Model):
    """One plan, so many licenses, at the price that was agreed, for the days from `starts_on` to `ends_on`.

    `ends_on` is excluded. The amount is the price of a whole term of `term_days`, times the part of them
    that `days` are; a credit gives an unused part back, and its amount is below zero.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, default=LineKind.CHARGE)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(ContractItem, on_delete=models.PROTECT, related_name="+", null=True)
    license = models.ForeignKey(License, on_delete=models.PROTECT, related_name="+", null=True)
    quantity = models.PositiveIntegerField()
    periods = models.PositiveSmallIntegerField(default=1)
    unit_price_minor = models.BigIntegerField()
    list_price_minor = models.BigIntegerField(null=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    starts_on = models.DateField()
    ends_on = models.DateField()
    days = models.PositiveIntegerField()
    term_days = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=LineKind.CHARGE, amount_minor__gte=0)
                | Q(kind=LineKind.CREDIT, amount_minor__lte=0),
                name="order_line_sign",
            ),
        ]

    @property
    def unit_price(self) -> Money:
        """The price of one license for one period."""
        return Money(self.unit_price_minor, self.currency)

    @property
    def list_price(self) -> Money | None:
        """What one license costs without what lowered the price."""
        return None if self.list_price_minor is None else Money(self.list_price_minor, self.currency)

    @property
    def amount(self) -> Money:
        """What the line costs; below zero for a credit."""
        return Money(self.amount_minor, self.currency)
