"""One table: a certificate whose signatures count."""

import base64

from django.db import models

from licet.education.directory import Institution
from licet.kernel.ids import PublicId

BARCODE, SEAL = "barcode", "seal"


class Issuer(models.Model):
    """Who signs. `certificate`: DER in base64; `organization`: whom an authority's certificate stands for."""

    public_id = PublicId(prefix="iss")
    use = models.CharField(max_length=7)  # barcode, seal
    fingerprint = models.CharField(max_length=64)  # SHA-256 of the certificate
    certificate = models.TextField()
    name = models.CharField(max_length=200)
    organization = models.CharField(max_length=200, blank=True)  # empty: whoever it has signed for
    country = models.CharField(max_length=2, blank=True)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+", null=True)
    ends_at = models.DateTimeField()
    listed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["use", "fingerprint"], name="issuer_once_per_use"),
            models.CheckConstraint(
                condition=models.Q(use__in=sorted([BARCODE, SEAL])), name="issuer_use_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def der(self) -> bytes:
        """Return the certificate."""
        return base64.b64decode(self.certificate)
