"""One table: signing keys."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from licet.signing.states import Purpose


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    """Keys, as signing and publishing look for them."""

    def signing(self, now: datetime) -> Self:
        """Return what may sign at `now`, the newest first."""
        return self.filter(not_before__lte=now, retired_at=None).order_by("-not_before", "-pk")

    def published(self, now: datetime) -> Self:
        """Return what somebody may still need in order to verify, the newest first."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now)).order_by("-not_before", "-pk")


class SigningKey(models.Model):
    """A key pair: the public half plain, the private half sealed (empty: kept elsewhere)."""

    kid = models.CharField(max_length=43, unique=True)  # RFC 7638 thumbprint
    purpose = models.CharField(max_length=8)
    public_jwk = models.JSONField()
    sealed = models.CharField(max_length=200, blank=True)
    certificate = models.TextField(blank=True)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  # end of the certificate; a root has none
    retired_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["SigningKey"]] = SigningKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=[p.value for p in Purpose]), name="signing_key_purpose_known"
            ),
            models.CheckConstraint(
                condition=Q(purpose=Purpose.ROOT, certificate="")
                | (Q(ends_at__isnull=False) & ~Q(certificate="")),
                name="signing_key_certified",
            ),
        ]
