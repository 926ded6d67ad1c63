"""Six tables: pools, the licenses that fill them, the vendor's gifts, codes, what these hold, their uses.

The applications' door reads `licenses_code` with its own SQL, by `code_hash` (`rules.code_hash` of what
`rules.read` gives). A code works when its state is `issued`, or `superseded` and `works_until` lies ahead,
and it has a license; what that license permits is the license's matter.
"""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from licet.accounts.models import Person
from licet.catalog.models import Product
from licet.catalog.rules import Terms
from licet.connect.models import Grant
from licet.kernel.ids import PublicId
from licet.kernel.states import move
from licet.licenses.states import (
    CODE_MOVES,
    CodeStanding,
    CodeState,
    LicenseState,
    Standing,
    code_standing,
    standing,
)
from licet.teams.models import Member, Team


class PoolQuerySet(models.QuerySet["Pool"]):
    """Pools, as surfaces and verbs look for them."""

    def locked(self, pk: int) -> "Pool":
        """Lock and read again: every path that takes a seat of this pool waits here."""
        # no_key: a row that points here (a license, a seat) may be written meanwhile by who waits for nothing
        waiting = self.select_for_update(of=("self",), no_key=True)
        return waiting.select_related("team", "product").get(pk=pk)


class Pool(models.Model):
    """One team's seats of one product.

    `held` counts the seats that people hold, `reserved` those that are kept free for somebody (some of
    these may have expired since; `seats` knows), `allowed` is the capacity that was in force when the
    last one was taken or kept. The check between them makes the database refuse what a faulty path
    would oversell. `auto_offer`: who waits gets what becomes free without anybody's doing. `forgiven_at`:
    reassignments from before it are forgotten, because the vendor said so. All five are written by `seats`
    alone.
    """

    public_id = PublicId(prefix="pool")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    held = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)
    allowed = models.PositiveIntegerField(default=0)
    auto_offer = models.BooleanField(default=False)
    forgiven_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Pool"]] = PoolQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "product"], name="pool_once"),
            models.CheckConstraint(
                condition=Q(allowed__gte=F("held") + F("reserved")), name="pool_never_oversold"
            ),
        ]

    def capacity(self, now: datetime) -> int:
        """Return the seats of the licenses that are usable at `now` (one statement)."""
        rows = License.objects.usable(now).filter(pool=self)
        return rows.aggregate(total=models.Sum("seats"))["total"] or 0


class LicenseQuerySet(models.QuerySet["License"]):
    """Licenses, as surfaces and verbs look for them."""

    def usable(self, now: datetime) -> Self:
        """Return those that permit something at `now`: the same rule as `states.standing`, in SQL."""
        return self.filter(state=LicenseState.ISSUED, valid_from__lte=now, usable_until__gt=now)

    def assignable(self, now: datetime) -> Self:
        """Return those of which somebody new may get a seat at `now`."""
        return self.usable(now).filter(Q(assign_until=None) | Q(assign_until__gt=now))


class License(models.Model):
    """A number of seats of a product for a team, from a moment until another (excluded).

    `renews`: its end is the end of a term only, and whatever it came from means to prolong it: nobody is
    warned of it. `assign_until`: from then on nobody new gets a seat of it, unless it is paid for before.
    """

    public_id = PublicId(prefix="lic")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="licenses")
    seats = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=LicenseState.ISSUED)
    issued_at = models.DateTimeField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    usable_until = models.DateTimeField()  # valid_until and the grace of the frozen terms
    # what it was a part of, before some of its seats were moved to another team
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True)
    warned_days = models.PositiveSmallIntegerField(null=True)  # the last warning of its end that was told
    renews = models.BooleanField(default=False)
    assign_until = models.DateTimeField(null=True)
    terms = models.JSONField(default=dict)

    objects: ClassVar[models.Manager["License"]] = LicenseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["pool", "state", "usable_until"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in LicenseState]), name="license_state_known"
            ),
            models.CheckConstraint(condition=Q(seats__gte=1), name="license_has_a_seat"),
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="license_lasts"),
        ]

    def read_terms(self) -> Terms:
        """Return the frozen terms as a value."""
        return Terms.restored(self.terms)

    def standing(self, now: datetime) -> Standing:
        """Return what state and clock say together; what renews is not ending."""
        found = standing(
            state=LicenseState(self.state),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            grace_days=self.read_terms().grace_days,
            now=now,
        )
        return Standing.ACTIVE if self.renews and found is Standing.ENDING else found


class LicenseGrant(models.Model):
    """Why a license is there that nobody bought: one of the vendor's people gave it, for a reason."""

    license = models.OneToOneField(License, on_delete=models.PROTECT, related_name="granted")
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    granted_at = models.DateTimeField()


class Allotment(models.Model):
    """What a team gets that redeems a code: so many seats of a product for so many days, from that moment.

    It can be redeemed until `redeem_until` (excluded; None: always). Several codes may promise the same;
    each gives it once.
    """

    public_id = PublicId(prefix="alt")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    seats = models.PositiveIntegerField()
    days = models.PositiveIntegerField()
    redeem_until = models.DateTimeField(null=True)
    terms = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seats__gte=1, days__gte=1), name="allotment_gives_something")
        ]

    def read_terms(self) -> Terms:
        """Return the frozen terms as a value."""
        return Terms.restored(self.terms)


class CodeQuerySet(models.QuerySet["Code"]):
    """Codes, as surfaces and verbs look for them."""

    def locked(self, pk: int) -> "Code":
        """Lock and read again: redeeming, superseding, revoking one code meet here."""
        # In two statements: what PostgreSQL joins to a row that it waited for is as it was before the wait,
        # so a license that came meanwhile would be missing from the row that names it.
        self.select_for_update(no_key=True).values_list("pk").get(pk=pk)
        return self.whole().get(pk=pk)

    def whole(self) -> Self:
        """Read with each code whatever it names."""
        return self.select_related(
            "license__pool__product",
            "license__team",
            "team",
            "allotment__product",
            "member__person",
            "superseded_by",
        )


class Code(models.Model):
    """25 characters that stand for a license: who has them may claim it or sign in with them.

    It stands for a `license` of a team, or for an `allotment` until a team redeems it. `member`: whom it was
    issued to, or who redeemed it. The text is stored encrypted (`sealed`), and found by its keyed hash;
    `ending`: the last four characters, which are no secret. `superseded_by` is the newest code in its place.
    """

    public_id = PublicId(prefix="code")
    code_hash = models.CharField(max_length=64, unique=True)
    sealed = models.CharField(max_length=80)
    ending = models.CharField(max_length=4)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", null=True)
    license = models.ForeignKey(License, on_delete=models.PROTECT, related_name="codes", null=True)
    allotment = models.ForeignKey(Allotment, on_delete=models.PROTECT, related_name="codes", null=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=10, default=CodeState.ISSUED)
    issued_at = models.DateTimeField()
    redeemed_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)
    superseded_by = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True)
    works_until = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Code"]] = CodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(license=None, team=None, member=None, allotment__isnull=False)
                | Q(license__isnull=False, team__isnull=False),
                name="code_stands_for_something",
            ),
            models.CheckConstraint(
                condition=Q(state=CodeState.ISSUED, superseded_at=None, revoked_at=None)
                | Q(
                    state=CodeState.SUPERSEDED,
                    superseded_at__isnull=False,
                    superseded_by__isnull=False,
                    works_until__isnull=False,
                    revoked_at=None,
                )
                | Q(state=CodeState.REVOKED, revoked_at__isnull=False),
                name="code_state_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "-id"], name="code_of_team"),
            models.Index(fields=["ending"]),
            models.Index(fields=["-issued_at"]),
        ]

    @property
    def product(self) -> Product:
        """What it is for."""
        if self.license:
            return self.license.pool.product
        assert self.allotment, "a code stands for a license or an allotment"
        return self.allotment.product

    def decide(self, to: CodeState, *, now: datetime) -> None:
        """Write down (not yet saved) what somebody decided."""
        self.state = move(table=CODE_MOVES, current=CodeState(self.state), to=to)
        if to is CodeState.SUPERSEDED:
            self.superseded_at = now
        else:
            self.revoked_at = now

    def standing(self, now: datetime) -> CodeStanding:
        """Return what state and clock say together."""
        return code_standing(
            state=CodeState(self.state),
            landed=self.license_id is not None,
            redeem_until=self.allotment.redeem_until if self.allotment else None,
            works_until=self.works_until,
            now=now,
        )


class Activation(models.Model):
    """A sign-in of an application that was made with a code."""

    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="activations")
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="+")
    activated_at = models.DateTimeField()
