"""Why an agreement is not made or changed, and what to do then."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class ContactUnknown(Refusal):
    """No account with this address."""

    code = "agreement_contact_unknown"
    kind = Kind.INVALID
    field = "contact"
    sentence = _("Nobody has an account with this address. Ask them to create one, then come back.")


class AgreementTimes(Refusal):
    """It ends before it begins."""

    code = "agreement_times"
    kind = Kind.INVALID
    field = "ends_on"
    sentence = _("An agreement ends after it begins, and not in the past.")


class AgreementTooSmall(Refusal):
    """Classes have drawn more."""

    code = "agreement_too_small"
    kind = Kind.CONFLICT
    field = "seats"
    sentence = _(
        "Classes have drawn %(drawn)s places already. Let their teachers make them smaller first, "
        "or leave at least so many."
    )


class AgreementProduct(Refusal):
    """The programme does not give this."""

    code = "agreement_product"
    kind = Kind.INVALID
    field = "product"
    sentence = _("The programme does not give this product. Choose another one.")


class AgreementOver(Refusal):
    """No places can be drawn."""

    code = "agreement_over"
    kind = Kind.ENDED
    field = "agreement"
    sentence = _("This agreement does not run now. Choose another source of places.")


class AgreementFull(Refusal):
    """Other classes have the places."""

    code = "agreement_full"
    kind = Kind.CONFLICT
    field = "seats"
    sentence = _(
        "The agreement of your institution has %(free)s places left. Take fewer, or ask whoever looks "
        "after it at your institution."
    )


class AgreementEndsSooner(Refusal):
    """A class cannot outlast it."""

    code = "agreement_ends_sooner"
    kind = Kind.INVALID
    field = "last_day"
    sentence = _("The agreement of your institution ends on %(until)s. Let the class end by then.")
