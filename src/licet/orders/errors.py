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


class LicenseNotMovable(Refusal):
    """A license that ended, or that the vendor stopped, was to be moved."""

    code = "license_not_movable"
    kind = Kind.CONFLICT
    sentence = _(
        "Only licenses that are in force, or will be, can be moved. These have ended or were stopped."
    )


class LicenseIsPersonal(Refusal):
    """An education license belongs to whoever proved the status."""

    code = "license_personal"
    kind = Kind.CONFLICT
    sentence = _("This license was given to one person for studying or teaching. It stays where it is.")


class TooFewToMove(Refusal):
    """More was to be moved than can be spared. `most`: as many can be."""

    code = "too_few_to_move"
    kind = Kind.CONFLICT
    field = "seats"
    sentence = _(
        "So many cannot be spared: %(most)s can be moved. "
        "Those that people have, that are kept for somebody, or that wait before another person can have "
        "them stay. Take licenses back first."
    )


class LicenseMovesWhole(Refusal):
    """Two parts of a license with a limited number of changes would count apart."""

    code = "license_moves_whole"
    kind = Kind.CONFLICT
    field = "seats"
    sentence = _(
        "The terms of these licenses limit how often they change hands, so they move together or not at all. "
        "Take all of them back first."
    )


class LicenseHasCodes(Refusal):
    """A code of the license is somebody's, who belongs to the old team. `person`: who."""

    code = "license_has_codes"
    kind = Kind.CONFLICT
    field = "seats"
    sentence = _(
        "A license code of these licenses belongs to %(person)s, so at least one of them stays here. "
        "Move fewer, or ask us to revoke the code."
    )


class LicenseUsedOffline(Refusal):
    """Somebody uses it without a network. `until`: that long."""

    code = "license_used_offline"
    kind = Kind.CONFLICT
    field = "seats"
    sentence = _(
        "One of these licenses is in use offline until %(until)s, so at least one of them stays here. "
        "Move fewer, or wait until then."
    )


class TeamsOfDifferentOwners(Refusal):
    """Licenses move between teams of the same owner only."""

    code = "teams_of_different_owners"
    kind = Kind.FORBIDDEN
    field = "team"
    sentence = _(
        "Licenses can be moved between teams that have an owner in common. "
        "Ask an owner of both, or invite one of them to own the other team too."
    )


class ContractHasEnded(Refusal):
    """Nothing can be changed in what is over."""

    code = "contract_has_ended"
    kind = Kind.ENDED
    sentence = _("This contract has ended. Order again in the shop to go on.")


class TermIsOver(Refusal):
    """The term is over, and the contract was not renewed yet."""

    code = "term_is_over"
    kind = Kind.CONFLICT
    sentence = _("The term of this contract is over. Renew the contract first, then change it.")


class PlanDoesNotFit(Refusal):
    """A contract has one length of term and one currency."""

    code = "plan_does_not_fit"
    kind = Kind.INVALID
    field = "plan"
    sentence = _(
        "This offer has another period or currency than the contract. "
        "Choose one of the offers on this page, or order it in the shop."
    )


class OfferChanged(Refusal):
    """The price on the page was another one: asked again, never silently dearer."""

    code = "offer_changed"
    kind = Kind.CONFLICT
    sentence = _("The price has changed since you saw it. Check the new price, then confirm again.")


class TooManyToRemove(Refusal):
    """More than the contract has were to stay. `most`: as many it has."""

    code = "too_many_to_keep"
    kind = Kind.INVALID
    field = "quantity"
    sentence = _("The contract has %(most)s of these licenses. Enter a number from 0 to that.")


class NotRenewing(Refusal):
    """What ends with its term cannot be changed for the next one."""

    code = "not_renewing"
    kind = Kind.CONFLICT
    sentence = _("This contract ends with its term. Let it renew again first.")


class TooEarlyToRenew(Refusal):
    """A term can be renewed in its last weeks. `first`: from this day on."""

    code = "too_early_to_renew"
    kind = Kind.CONFLICT
    sentence = _("This contract can be renewed from %(first)s on.")


class ContractsDoNotFit(Refusal):
    """Only contracts of one team with equal terms can get one date."""

    code = "contracts_do_not_fit"
    kind = Kind.CONFLICT
    field = "into"
    sentence = _(
        "Contracts can be joined when they are of the same team, with the same length of term and currency."
    )


class SamePlan(Refusal):
    """It is this plan already."""

    code = "same_plan"
    kind = Kind.INVALID
    field = "plan"
    sentence = _("These licenses are of this offer already. Choose another one.")


class NotInContract(Refusal):
    """The contract has no licenses of this plan."""

    code = "not_in_contract"
    kind = Kind.INVALID
    field = "plan"
    sentence = _("The contract has no such licenses. Open the contract again and choose from there.")


class TermsNotAgreed(Refusal):
    """The terms of sale were not ticked, or are others now."""

    code = "terms_not_agreed"
    kind = Kind.INVALID
    field = "terms"
    sentence = _("Read the terms of sale and tick that you agree. Without that we cannot take the order.")


class StartNotAsked(Refusal):
    """A consumer's licenses begin at once only where the consumer asks for it."""

    code = "start_not_asked"
    kind = Kind.INVALID
    field = "start"
    sentence = _("Tick that the licenses begin at once: they do, as soon as you have ordered.")


class CouponUnknown(Refusal):
    """There is no such code, or it is another customer's."""

    code = "coupon_unknown"
    kind = Kind.INVALID
    field = "coupon"
    sentence = _("We do not know this coupon code. Check how it is spelled, or leave the field empty.")


class CouponEnded(Refusal):
    """It is not valid yet, or no more."""

    code = "coupon_ended"
    kind = Kind.INVALID
    field = "coupon"
    sentence = _("This coupon is not valid today. Remove it to go on without it.")


class CouponUsed(Refusal):
    """All its uses are gone, or this customer's."""

    code = "coupon_used"
    kind = Kind.INVALID
    field = "coupon"
    sentence = _("This coupon has been used already. Remove it to go on without it.")


class CouponFitsNothing(Refusal):
    """It is for other products, another period or another currency."""

    code = "coupon_fits_nothing"
    kind = Kind.INVALID
    field = "coupon"
    sentence = _(
        "This coupon is for other products than those in your basket. Remove it to go on without it."
    )


class CouponNotSound(Refusal):
    """A coupon that cannot be."""

    code = "coupon_not_sound"
    kind = Kind.INVALID
    sentence = _(
        "A coupon needs a code of 3 to 30 letters, digits and hyphens, and either a percentage from 1 to 100 "
        "or an amount with its currency."
    )


class CouponNotInQuotes(Refusal):
    """What a coupon takes off a whole order stands on no quote."""

    code = "coupon_not_in_quotes"
    kind = Kind.CONFLICT
    field = "coupon"
    sentence = _(
        "This coupon lowers an order, not a quote. Order now with it, or ask for a quote without it."
    )


class CouponCodeTaken(Refusal):
    """A code stands for one coupon, for ever: invoices name it."""

    code = "coupon_code_taken"
    kind = Kind.CONFLICT
    field = "code"
    sentence = _("There is a coupon with this code already. Choose another code.")


class QuoteOver(Refusal):
    """It was accepted, withdrawn, or its day has passed."""

    code = "quote_over"
    kind = Kind.ENDED
    sentence = _("This quote can no longer be accepted. Ask for a new one, or order in the shop.")


class QuoteNotSound(Refusal):
    """A quote that cannot be."""

    code = "quote_not_sound"
    kind = Kind.INVALID
    sentence = _(
        "A quote needs at least one product that is sold, prices that are not below zero, "
        "an e-mail address, and from 1 to 365 days."
    )


class QuoteForOtherTeam(Refusal):
    """It was made for a team that somebody else runs."""

    code = "quote_for_other_team"
    kind = Kind.FORBIDDEN
    sentence = _("This quote is for a team that you do not run. Send it to one of the team's administrators.")


class DeclarationDone(Refusal):
    """It was carried out, or set aside, before."""

    code = "declaration_done"
    kind = Kind.ENDED
    sentence = _("This declaration was carried out or set aside before. Look at the order.")


class OrderNotOpen(Refusal):
    """What is paid, or cancelled, is not cancelled; `number`: the order's."""

    code = "order_not_open"
    kind = Kind.CONFLICT
    sentence = _(
        "Money has come for order %(number)s, or it was cancelled before. Send the money back first."
    )


class OrderIsMixed(Refusal):
    """An order changed a plan, and what came of it was renewed, reduced or changed since."""

    code = "order_is_mixed"
    kind = Kind.CONFLICT
    sentence = _(
        "Order %(number)s changed a plan, and its contract has gone on since. "
        "Correct its invoice with a credit note instead."
    )
