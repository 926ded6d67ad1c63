"""Why an order is not placed, and what to do then."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class QuantityOutOfRange(Refusal):
    """Nothing, less than nothing, or more than a shop should promise."""

    code = "quantity_out_of_range"
    kind = Kind.INVALID
    field = "quantity"
    sentence = _("Enter a number of licenses from 1 to %(most)s. For more than that, contact us.")


class TooManyLines(Refusal):
    """The basket is full."""

    code = "too_many_lines"
    kind = Kind.INVALID
    sentence = _("A basket holds %(most)s different products at most. Order these first, then the others.")


class MixedCurrency(Refusal):
    """One order is one document, and one document has one currency."""

    code = "mixed_currency"
    kind = Kind.CONFLICT
    field = "plan"
    sentence = _(
        "Your basket holds prices in %(held)s, this one is in %(wanted)s. Order what is in the basket first."
    )


class PlanUnknown(Refusal):
    """Nothing is sold under this code."""

    code = "plan_unknown"
    kind = Kind.INVALID
    field = "plan"
    sentence = _("Choose one of the offers of this product.")


class BasketEmpty(Refusal):
    """There is nothing to order."""

    code = "basket_empty"
    kind = Kind.INVALID
    sentence = _("Your basket is empty. Choose a product first.")


class ProductWithdrawn(Refusal):
    """What was in the basket is not sold any more."""

    code = "product_withdrawn"
    kind = Kind.ENDED
    sentence = _("%(products)s: no longer sold. Remove it from your basket, then order the rest.")


class PriceChanged(Refusal):
    """The catalog changed between the page and the order: asked again, never silently dearer."""

    code = "price_changed"
    kind = Kind.CONFLICT
    sentence = _(
        "Prices have changed since you saw them: %(products)s. Check the new prices, then order again."
    )


class AddressIncomplete(Refusal):
    """Part of the billing address is missing or not usable."""

    code = "address_incomplete"
    kind = Kind.INVALID
    sentence = _("The billing address is not complete. Check these fields: %(fields)s.")


class CheckoutKeyMissing(Refusal):
    """Without the key of the checkout nobody could tell one order sent twice from two orders."""

    code = "checkout_key_missing"
    kind = Kind.INVALID
    sentence = _("Open the review of your order again and order from there.")
