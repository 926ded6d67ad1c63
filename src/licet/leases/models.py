"""Four tables: devices, leases, days of use, calls that were answered.

The gateway writes leases and days of use, and what it sees of devices, with its own SQL.
"""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from licet.accounts.models import Person
from licet.connect.models import Application, Grant
from licet.kernel.actor import Actor
from licet.kernel.ids import PublicId
from licet.leases.rules import lease_id
from licet.leases.states import DeviceState, EndReason
from licet.licenses.models import License
from licet.projects.models import Project
from licet.seats.models import Seat
from licet.teams.models import Team


class DeviceQuerySet(models.QuerySet["Device"]):
    """Devices, as surfaces and verbs look for them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the actor's own devices; the system sees all."""
        return self if actor.is_system else self.filter(person=actor.id)

    def locked(self, pk: int) -> "Device":
        """Lock and read again: blocking and unblocking meet here, and a check-out's counter waits."""
        return self.select_for_update(of=("self",)).select_related("person").get(pk=pk)


class Device(models.Model):
    """A key pair on somebody's machine; we know the public half."""

    public_id = PublicId(prefix="dev")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    jkt = models.CharField(max_length=43)  # RFC 7638 thumbprint of the public key
    public_jwk = models.JSONField()
    name = models.CharField(max_length=80)
    platform = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=8, default=DeviceState.ACTIVE)
    counter = models.BigIntegerField(default=0)  # of the last proof that was accepted
    enrolled_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)
    denied_code = models.CharField(max_length=40, blank=True)
    denied_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Device"]] = DeviceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "jkt"], name="device_once_per_person"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in DeviceState]), name="device_state_known"
            ),
        ]


class LeaseQuerySet(models.QuerySet["Lease"]):
    """Leases, as surfaces and verbs look for them."""

    def running(self, now: datetime) -> Self:
        """Return those that neither anybody nor the clock has ended."""
        return self.filter(released_at=None, expires_at__gt=now)

    def borrowed(self, now: datetime) -> Self:
        """Return those that a device goes on with offline at `now`, whatever anybody decides."""
        return self.filter(released_at=None, borrowed_until__gt=now)

    def revocable(self, now: datetime) -> Self:
        """Return those that somebody can end from here: neither released yet nor in use offline."""
        return self.filter(Q(borrowed_until=None) | Q(borrowed_until__lte=now), released_at=None)


class Lease(models.Model):
    """One process on one device, using one seat until a moment: one row from check-out to release.

    A row that was released stays as it is, and the next check-out makes another one: the key is the
    lease's place in the status lists, so that a bit that was set stays true. A renewal changes no
    column that has an index: none has to be written then.
    """

    mark = models.BigIntegerField()  # with the key, it spells `jti`; another one after each renewal
    previous_mark = models.BigIntegerField(null=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    # no index of its own: both below begin with it
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+", db_index=False)
    license = models.ForeignKey(License, on_delete=models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="leases")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+", db_index=False, null=True)
    # where it went out as a file, to a device that no application is signed in on
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="+", db_index=False, null=True
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="+", db_index=False, null=True
    )
    process = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    renew_after = models.DateTimeField()
    seq = models.BigIntegerField()  # counter of the last call that was accepted
    nonce = models.CharField(max_length=64)  # of that call: asking again with both is one call
    renewals = models.PositiveBigIntegerField(default=0)
    borrowed_until = models.DateTimeField(null=True)  # None: an online lease
    released_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=16, blank=True)

    objects: ClassVar[models.Manager["Lease"]] = LeaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "device", "process"],
                condition=Q(released_at=None),
                name="lease_once_per_process",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, end_reason="")
                | Q(released_at__isnull=False, end_reason__in=[r.value for r in EndReason]),
                name="lease_end_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(grant=None, application__isnull=False) | Q(grant__isnull=False, application=None),
                name="lease_of_a_grant_or_a_file",
            ),
        ]
        indexes = [models.Index(fields=["seat", "device"])]

    @property
    def public_id(self) -> str:
        """The `jti` of the lease that is out now."""
        return lease_id(row=self.pk, mark=self.mark)


class UseDay(models.Model):
    """A seat was used on a day (UTC): what a team's figures of use are counted from."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", db_index=False)  # both below
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat", "day"], name="use_once_per_day")]
        indexes = [models.Index(fields=["team", "day"])]


class Repeat(models.Model):
    """A call of an application under a key of its choice, and its answer, sealed; empty: not given yet."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)  # of all that the call said
    asked_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    sealed = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["grant", "key"], name="repeat_once_per_key")]
