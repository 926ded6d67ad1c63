"""The sentences that a document must bear where no VAT is charged, by the key that a treatment names.

The vendor's own exemption wording (in the vendor file) stands in for the small enterprise's.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licet.taxes.rules import OUTSIDE_UNION, REVERSE_CHARGE, SMALL_ENTERPRISE

WORDINGS: dict[str, str | Promise] = {
    # Translators: the law asks for this very term: "Autoliquidation" in French,
    # "Steuerschuldnerschaft des Leistungsempfängers" in German.
    REVERSE_CHARGE: _(
        "Reverse charge: the customer accounts for VAT (Article 196 of Directive 2006/112/EC)."
    ),
    OUTSIDE_UNION: _(
        "Not subject to EU VAT: supplied where the customer is established "
        "(Articles 44 and 58 of Directive 2006/112/EC)."
    ),
    # Translators: "TVA non applicable, art. 293 B du CGI" in France, § 19 UStG in Germany.
    SMALL_ENTERPRISE: _("No VAT: exemption for small enterprises (Article 284 of Directive 2006/112/EC)."),
}


def sentence(*, key: str, own: str = "") -> str:
    """Return the sentence of a wording in the active language; the vendor's `own` for a small enterprise.

    Empty for an empty key.
    """
    if key == SMALL_ENTERPRISE and own:
        return own
    return str(WORDINGS[key]) if key else ""
