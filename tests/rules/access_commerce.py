"""The access table of the desk's pages about customers, orders, invoices and the catalog."""

from tests.rules.access_row import Row

_SEEN = "login 404 404 404 404 200"
_TYPED = "login 404 404 404 404 422"
_AWAY = "login 404 404 404 404 away"

COMMERCE: dict[str, Row] = {
    "desk_search": Row(get=_SEEN, post=_SEEN),
    "desk_customers": Row(get=_SEEN, post="405"),
    "desk_customer": Row(get=_SEEN, post="405"),
    "desk_note_new": Row(get=_SEEN, post=_TYPED),
    # only its author changes a note
    "desk_note": Row(get=_SEEN, post=_TYPED),
    "desk_grant": Row(get=_SEEN, post=_TYPED),
    "desk_license": Row(get=_SEEN, post=_TYPED),
    "desk_orders": Row(get=_SEEN, post="405"),
    "desk_vat_doubts": Row(get=_SEEN, post="405"),
    "desk_order": Row(get=_SEEN, post=_TYPED),
    "desk_contracts": Row(get=_SEEN, post="405"),
    "desk_contract": Row(get=_SEEN, post=_AWAY),
    "desk_invoices": Row(get=_SEEN, post="405"),
    "desk_invoice": Row(get=_SEEN, post=_AWAY),
    "desk_invoice_file": Row(get=_SEEN, post="405"),
    "desk_figures": Row(get=_SEEN, post="405"),
    "desk_catalog": Row(get=_SEEN, post="405"),
    "desk_catalog_import": Row(get=_SEEN, post=_TYPED),
    "desk_coupons": Row(get=_SEEN, post=_TYPED),
    "desk_coupon_withdraw": Row(get="405", post=_AWAY),
    "desk_staff": Row(get=_SEEN, post="405"),
    # roles are given by whoever proved just now who they are
    "desk_staff_add": Row(get=_SEEN, post=_AWAY),
    "desk_staff_one": Row(get="login 404 404 404 404 404", post="login 404 404 404 404 404"),
    "desk_rates": Row(get=_SEEN, post=_TYPED),
}
