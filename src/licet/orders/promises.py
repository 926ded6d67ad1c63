"""Tables of what was promised before an order: coupons and who used them, quotes and their lines."""

from datetime import date, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from licet.accounts.models import Person
from licet.catalog.models import Plan
from licet.kernel.actor import Actor
from licet.kernel.ids import PublicId
from licet.kernel.money import Money
from licet.kernel.states import move
from licet.orders.models import Order
from licet.orders.rules import Address
from licet.orders.states import QUOTE_MOVES, QuoteState
from licet.orders.terms import part
from licet.teams.models import Member, Team
from licet.teams.states import Role

PER_LICENSE, PER_ORDER = "license", "order"
"""What the amount of a coupon is taken off."""


class CouponQuerySet(models.QuerySet["Coupon"]):
    """Coupons, as the verbs that count them need them."""

    def locked(self, pk: int) -> "Coupon":
        """Lock and read again: two orders that want the last use meet here. After the team's lock."""
        return self.select_for_update().get(pk=pk)


class Coupon(models.Model):
    """A lower price for whoever knows the code: percent, or an amount off (`per`) each license, or the order.

    An amount per license is taken off each of them for each period; one per order is taken off once, of what
    the coupon fits, spread over its lines, and for the first term only.
    `products`: codes of products that it is for; empty: all. `period`: of the plans; empty: all. `team`: the
    only customer who may use it. `starts_on`, `ends_on` (excluded): on the vendor's calendar. `most_uses`:
    None without a limit. `every_term`: it lowers later terms, too; else the first one only.
    """

    public_id = PublicId(prefix="cou")
    code = models.CharField(max_length=30, unique=True)
    percent = models.PositiveSmallIntegerField(null=True)
    amount_minor = models.PositiveBigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    per = models.CharField(max_length=7, default=PER_LICENSE)
    products = models.JSONField(default=list)
    period = models.CharField(max_length=8, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    most_uses = models.PositiveIntegerField(null=True)
    once_each = models.BooleanField(default=True)
    every_term = models.BooleanField(default=False)
    uses = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Coupon"]] = CouponQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100, amount_minor=None)
                | Q(percent=None, amount_minor__gte=1),
                name="coupon_lowers_one_way",
            ),
            models.CheckConstraint(
                condition=Q(per=PER_LICENSE) | Q(per=PER_ORDER, percent=None, every_term=False),
                name="coupon_per_known",
            ),
            models.CheckConstraint(
                condition=Q(most_uses=None) | Q(uses__lte=F("most_uses")), name="coupon_not_used_too_often"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def off(self) -> Money | None:
        """The amount that it takes off, where it is one."""
        return None if self.amount_minor is None else Money(self.amount_minor, self.currency)

    @property
    def last_day(self) -> date | None:
        """The last day on which it can be used, where there is one."""
        return self.ends_on - timedelta(days=1) if self.ends_on else None

    def runs(self, on: date) -> bool:
        """Whether it can be used on a day at all."""
        begun = self.starts_on is None or self.starts_on <= on
        return self.withdrawn_at is None and begun and (self.ends_on is None or on < self.ends_on)

    def fits(self, plan: Plan, currency: str) -> bool:
        """Whether it lowers the price of a plan."""
        known = not self.products or plan.product.code in self.products
        period = not self.period or plan.period == self.period
        return known and period and (self.amount_minor is None or self.currency == currency)

    def lowered(self, price_minor: int) -> int:
        """Return the price of one license with it, rounded half up; never below zero.

        What is taken off an order leaves the price of one as it is.
        """
        if self.per == PER_ORDER:
            return price_minor
        if self.amount_minor is not None:
            return max(0, price_minor - self.amount_minor)
        return part(price=price_minor, days=100 - (self.percent or 0), term_days=100)


class CouponUse(models.Model):
    """A coupon was used for an order."""

    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="used")
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    used_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["coupon", "team"])]


class QuoteQuerySet(models.QuerySet["Quote"]):
    """Quotes, as surfaces and verbs look for them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return what the actor asked for, and what the teams they run were offered."""
        if actor.is_system or actor.is_staff:
            return self
        runs = Member.objects.current().filter(person=actor.id, role__in=[Role.OWNER, Role.ADMIN])
        return self.filter(Q(asked_by=actor.id) | Q(team__in=runs.values("team")))

    def locked(self, pk: int) -> "Quote":
        """Lock and read again: two who accept, and one who withdraws, meet here. After the team's lock."""
        return self.select_for_update(no_key=True).get(pk=pk)


class Quote(models.Model):
    """An offer in writing: prices that hold until a day. Nothing of it changes but its state.

    `team`: None where it founds a team of the name `team_name`, or where whoever accepts chooses one.
    `asked_by`: the customer who had it sent; None for one that staff made. `valid_until`: the first day on
    which it holds no more. `display`: as on an order. `note` is for the customer; `reason`, why its prices
    are others than the list's, for the vendor's people. Whoever has its address may read it: it cannot be
    guessed.
    """

    public_id = PublicId(prefix="quo")
    number = models.PositiveBigIntegerField(unique=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", null=True)
    team_name = models.CharField(max_length=120, blank=True)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    email = models.EmailField()
    sold_by = models.JSONField()
    billed_to = models.JSONField()
    display = models.CharField(max_length=5, default="net")
    note = models.TextField(blank=True)
    reason = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, default=QuoteState.ISSUED)
    issued_at = models.DateTimeField()
    valid_until = models.DateField()
    decided_at = models.DateTimeField(null=True)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="+", null=True)

    objects: ClassVar[models.Manager["Quote"]] = QuoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(s.value for s in QuoteState)), name="quote_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=QuoteState.ACCEPTED, order__isnull=False)
                | (~Q(state=QuoteState.ACCEPTED) & Q(order=None)),
                name="quote_accepted_has_order",
            ),
        ]
        indexes = [models.Index(fields=["team", "-issued_at"])]

    def __str__(self) -> str:
        return str(self.number)

    def decide(self, to: QuoteState) -> None:
        """Move to a state that the table allows."""
        self.state = move(table=QUOTE_MOVES, current=QuoteState(self.state), to=to)

    @property
    def address(self) -> Address:
        """Who would get the invoice."""
        return Address.restored(self.billed_to)

    @property
    def is_consumer(self) -> bool:
        """Whether a private person would get it."""
        return not (self.billed_to.get("company") or self.billed_to.get("vat_number"))

    @property
    def last_day(self) -> date:
        """The last day on which it can be accepted."""
        return self.valid_until - timedelta(days=1)

    def standing(self, on: date) -> str:
        """Return its state on a day: issued, accepted, withdrawn; or expired, which nobody decides."""
        if self.state == QuoteState.ISSUED and on >= self.valid_until:
            return "expired"
        return self.state


class QuoteLine(models.Model):
    """So many licenses of a plan at this price for one period; `list_price_minor`: what one costs else."""

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="lines")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    periods = models.PositiveSmallIntegerField(default=1)
    unit_price_minor = models.PositiveBigIntegerField()
    list_price_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)

    @property
    def unit_price(self) -> Money:
        """The price of one license for one period."""
        return Money(self.unit_price_minor, self.currency)

    @property
    def list_price(self) -> Money | None:
        """What it costs without the quote, where that is more."""
        lower = self.unit_price_minor < self.list_price_minor
        return Money(self.list_price_minor, self.currency) if lower else None

    @property
    def amount(self) -> Money:
        """What the line costs for its term."""
        return self.unit_price * (self.quantity * self.periods)
