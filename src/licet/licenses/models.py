"""Two tables: pools and the licenses that fill them."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from licet.catalog.models import Product
from licet.catalog.rules import Terms
from licet.kernel.ids import PublicId
from licet.licenses.states import LicenseState, Standing, standing
from licet.teams.models import Team


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
    would oversell. `auto_offer`: who waits gets what becomes free without anybody's doing. All four are
    written by `seats` alone.
    """

    public_id = PublicId(prefix="pool")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    held = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)
    allowed = models.PositiveIntegerField(default=0)
    auto_offer = models.BooleanField(default=False)

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


class License(models.Model):
    """A number of seats of a product for a team, from a moment until another (excluded)."""

    public_id = PublicId(prefix="lic")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="licenses")
    seats = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=LicenseState.ISSUED)
    issued_at = models.DateTimeField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    usable_until = models.DateTimeField()  # valid_until and the grace of the frozen terms
    warned_days = models.PositiveSmallIntegerField(null=True)  # the last warning of its end that was told
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
        """Return what state and clock say together."""
        return standing(
            state=LicenseState(self.state),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            grace_days=self.read_terms().grace_days,
            now=now,
        )
