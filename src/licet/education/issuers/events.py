"""What happens to the lists of those whose signatures count."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, shown


@dataclass(frozen=True, kw_only=True)
class TrustListReplaced(Fact):
    """The operator's own list of certificates for barcodes; 0: the one that comes along counts again."""

    name = "issuer.list_replaced"
    sentence = _("%(actor)s replaced the list of those who sign barcodes: %(certificates)s certificates.")

    certificates: int


@dataclass(frozen=True, kw_only=True)
class IssuerTrusted(Fact):
    """Seals by this certificate count from now on."""

    name = "issuer.trusted"
    sentence = _("%(actor)s trusts seals of %(issuer_name)s.")

    issuer: int
    issuer_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class IssuerDistrusted(Fact):
    """Seals by this certificate count no more."""

    name = "issuer.distrusted"
    sentence = _("%(actor)s no longer trusts seals of %(issuer_name)s.")

    issuer: int
    issuer_name: str = shown()
