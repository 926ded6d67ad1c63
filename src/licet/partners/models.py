"""Three tables: partners, what customers let them see, vouchers."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from licet.accounts.models import Person
from licet.accounts.queries import verified_addresses
from licet.catalog.models import Plan
from licet.kernel.actor import Actor
from licet.kernel.ids import PublicId
from licet.kernel.states import move
from licet.partners.states import (
    ACCESS_MOVES,
    VOUCHER_MOVES,
    AccessState,
    PartnerState,
    VoucherStanding,
    VoucherState,
    voucher_standing,
)
from licet.teams.models import Member, Team
from licet.teams.states import Role


class PartnerQuerySet(models.QuerySet["Partner"]):
    """Partners, as surfaces and verbs look for them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the partners for whose team the actor may order; the vendor's people see all."""
        if actor.is_system or actor.is_staff:
            return self
        runs = Member.objects.current().filter(person=actor.id, role__in=[Role.OWNER, Role.ADMIN])
        return self.filter(team__in=runs.values("team"))

    def of_person(self, actor: Actor) -> Self:
        """Return the partners that the actor works for and that have not ended."""
        runs = Member.objects.current().filter(person=actor.id, role__in=[Role.OWNER, Role.ADMIN])
        return self.filter(team__in=runs.values("team")).exclude(state=PartnerState.ENDED)

    def listed(self) -> Self:
        """Return those that the public finds."""
        return self.filter(state=PartnerState.ACTIVE, is_listed=True)

    def locked(self, pk: int) -> "Partner":
        """Lock and read again: pausing and ending a partner wait here for its orders and requests."""
        self.select_for_update(no_key=True).values_list("pk").get(pk=pk)
        return self.select_related("team").get(pk=pk)


class Partner(models.Model):
    """A company that sells for the vendor; its people are the members of its team.

    `countries`: where it sells, two-letter codes. `discount_percent` comes off the partners' prices. The
    address is where its invoices go, and what the public finds where it is listed.
    """

    public_id = PublicId(prefix="par")
    team = models.OneToOneField(Team, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    countries = models.JSONField(default=list)
    discount_percent = models.PositiveSmallIntegerField(default=0)
    contact = models.CharField(max_length=120)
    street = models.CharField(max_length=120)
    extra = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=16)
    city = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    vat_number = models.CharField(max_length=18, blank=True)
    is_listed = models.BooleanField(default=False)
    website = models.URLField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    languages = models.JSONField(default=list)
    state = models.CharField(max_length=6, default=PartnerState.ACTIVE)
    appointed_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Partner"]] = PartnerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(s.value for s in PartnerState)), name="partner_state_known"
            ),
            models.CheckConstraint(condition=Q(discount_percent__lte=90), name="partner_discount"),
        ]

    def __str__(self) -> str:
        return self.name


class AccessQuerySet(models.QuerySet["Access"]):
    """Accesses, as surfaces and verbs look for them."""

    def open(self) -> Self:
        """Return those that were asked for or granted."""
        return self.filter(state__in=[AccessState.ASKED, AccessState.GRANTED])

    def asked_of(self, actor: Actor) -> Self:
        """Return the requests that the actor may answer: of teams they own, and to their addresses."""
        owns = Member.objects.current().filter(person=actor.id, role=Role.OWNER)
        addresses = verified_addresses(person=actor.id)
        return self.filter(
            Q(team__in=owns.values("team")) | Q(team=None, email__in=addresses), state=AccessState.ASKED
        )

    def locked(self, pk: int) -> "Access":
        """Lock and read again: answering, ending and ordering under one access wait here."""
        self.select_for_update(no_key=True).values_list("pk").get(pk=pk)
        return self.select_related("partner__team", "team").get(pk=pk)


class Access(models.Model):
    """What a partner asked a customer for: to see how many licenses there are, and to order more.

    `hint`: what the partner typed, all that it is shown until the customer says yes. `team`: whose licenses
    they are; of a request to an address it is chosen with the yes. One that reaches nobody waits forever.
    """

    public_id = PublicId(prefix="pac")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="accesses")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", null=True)
    email = models.EmailField(max_length=254, blank=True)
    hint = models.CharField(max_length=254)
    state = models.CharField(max_length=8, default=AccessState.ASKED)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Access"]] = AccessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(s.value for s in AccessState)), name="access_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=AccessState.GRANTED) | Q(team__isnull=False), name="access_has_a_team"
            ),
            models.UniqueConstraint(
                fields=["partner", "team"],
                condition=Q(state=AccessState.GRANTED),
                name="access_once_per_team",
            ),
            models.UniqueConstraint(
                fields=["partner", "hint"], condition=Q(state=AccessState.ASKED), name="access_asked_once"
            ),
        ]
        indexes = [models.Index(fields=["team", "state"]), models.Index(fields=["email"])]

    def decide(self, to: AccessState) -> None:
        """Move to a state that the table allows."""
        self.state = move(table=ACCESS_MOVES, current=AccessState(self.state), to=to)


class VoucherQuerySet(models.QuerySet["Voucher"]):
    """Vouchers, as surfaces and verbs look for them."""

    def whole(self) -> Self:
        """Return them with what every page shows."""
        return self.select_related("plan__product", "partner__team", "team")

    def locked(self, pk: int) -> "Voucher":
        """Lock and read again: everybody who has the same code waits here, and who cancels it."""
        self.select_for_update(no_key=True).values_list("pk").get(pk=pk)
        return self.whole().get(pk=pk)


class Voucher(models.Model):
    """So many licenses of a plan for so many periods, for the team that redeems it; the term begins then.

    `partner`: who sells it; none where the vendor hands it out. `batch`: what was made together. `order`:
    the public id of the order that paid for it. `subject`: the public id of what it gave. `sold_at`: the
    partner's own note; `note`: the vendor's, what it is made for. Its text is stored sealed, and found by a
    keyed hash.
    """

    public_id = PublicId(prefix="vou")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+", null=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    periods = models.PositiveSmallIntegerField(default=1)
    batch = models.CharField(max_length=20)
    order = models.CharField(max_length=20, blank=True)
    code_hash = models.CharField(max_length=64, unique=True)
    sealed = models.CharField(max_length=100)
    ending = models.CharField(max_length=4)
    state = models.CharField(max_length=9, default=VoucherState.MADE)
    made_at = models.DateTimeField()
    redeem_until = models.DateTimeField()
    sold_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=120, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", null=True)
    redeemed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    redeemed_at = models.DateTimeField(null=True)
    subject = models.CharField(max_length=20, blank=True)

    objects: ClassVar[models.Manager["Voucher"]] = VoucherQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(s.value for s in VoucherState)), name="voucher_state_known"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1, periods__gte=1), name="voucher_gives"),
            models.CheckConstraint(
                condition=Q(state=VoucherState.REDEEMED, team__isnull=False, redeemed_at__isnull=False)
                | (~Q(state=VoucherState.REDEEMED) & Q(team=None, redeemed_at=None, subject="")),
                name="voucher_redeemed_onto_a_team",
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "-id"]),
            models.Index(fields=["batch"]),
            models.Index(fields=["team", "-id"]),
        ]

    def decide(self, to: VoucherState) -> None:
        """Move to a state that the table allows."""
        self.state = move(table=VOUCHER_MOVES, current=VoucherState(self.state), to=to)

    def standing(self, now: datetime) -> VoucherStanding:
        """Return what state and clock say together."""
        return voucher_standing(state=VoucherState(self.state), redeem_until=self.redeem_until, now=now)
