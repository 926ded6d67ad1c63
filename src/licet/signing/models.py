"""Two tables: signing keys, and the one row that all of them share."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from licet.signing.states import Purpose


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    """Keys, as signing and publishing look for them."""

    def certified(self, purpose: Purpose, now: datetime) -> Self:
        """Return what may sign for a purpose at `now` or later, the one whose turn came last first."""
        mine = self.filter(purpose=purpose, retired_at=None, ends_at__gt=now)
        return mine.order_by("-not_before", "-pk")

    def signing(self, purpose: Purpose, now: datetime) -> Self:
        """Return what may sign for a purpose at `now`, the newest first."""
        return self.certified(purpose, now).filter(not_before__lte=now)

    def requested(self) -> Self:
        """Return what waits for its certificate, in the order in which it is to sign."""
        waiting = self.exclude(purpose=Purpose.ROOT).filter(certificate="", retired_at=None)
        return waiting.order_by("not_before", "pk")

    def published(self, now: datetime) -> Self:
        """Return what somebody may still need in order to verify, the newest first."""
        trusted = self.filter(revoked_at=None)
        return trusted.filter(Q(purpose=Purpose.ROOT) | Q(ends_at__gt=now)).order_by("-not_before", "-pk")

    def roots(self) -> Self:
        """Return the roots that applications pin, the one that certifies first."""
        return self.filter(purpose=Purpose.ROOT, revoked_at=None).order_by("pk")


class SigningKey(models.Model):
    """A key pair: the public half plain, the private half sealed (empty: kept elsewhere)."""

    kid = models.CharField(max_length=43, unique=True)  # RFC 7638 thumbprint
    purpose = models.CharField(max_length=8)
    public_jwk = models.JSONField()
    sealed = models.CharField(max_length=200, blank=True)
    serial = models.PositiveIntegerField(default=0)  # of the certificate; a root has none
    certificate = models.TextField(blank=True)  # empty while it is asked for
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()  # when its turn to sign comes
    ends_at = models.DateTimeField(null=True)  # end of the certificate; a root has none
    retired_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)  # nothing it signed is believed any more

    objects: ClassVar[models.Manager["SigningKey"]] = SigningKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=[p.value for p in Purpose]), name="signing_key_purpose_known"
            ),
            models.CheckConstraint(
                condition=Q(certificate="", ends_at=None)
                | (~Q(purpose=Purpose.ROOT) & ~Q(certificate="") & Q(ends_at__isnull=False)),
                name="signing_key_certified",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(retired_at__isnull=False), name="signing_key_revoked_retired"
            ),
        ]


class KeyringQuerySet(models.QuerySet["Keyring"]):
    """The one row, made where it is missing."""

    def locked(self) -> "Keyring":
        """Lock and read: every verb that changes keys waits here for the others."""
        self.bulk_create([Keyring(pk=Keyring.ONE)], ignore_conflicts=True)
        return self.select_for_update().get(pk=Keyring.ONE)


class Keyring(models.Model):
    """What all keys share: the secret that others are derived from, and the manifest as it was published."""

    ONE = 1

    secret = models.CharField(max_length=200, blank=True)  # sealed; empty: the master key itself
    secret_name = models.CharField(max_length=43, blank=True)
    manifest = models.TextField(blank=True)
    manifest_certificate = models.TextField(blank=True)
    serial = models.BigIntegerField(default=0)  # of the manifest
    published_at = models.DateTimeField(null=True)
    warned_days = models.SmallIntegerField(null=True)  # the last warning that was told,
    warned_of = models.DateTimeField(null=True)  # and of which end

    objects: ClassVar[models.Manager["Keyring"]] = KeyringQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="keyring_is_one")]
