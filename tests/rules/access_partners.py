"""The access table of partners: their own pages, the customer's, the desk's, the public one."""

from typing import Any

from tests.rules.access_row import Row
from tests.rules.tenants import Tenant


def _yes(tenant: Tenant) -> dict[str, Any]:
    return {"answer": "yes"}


def _nobody(tenant: Tenant) -> dict[str, Any]:
    return {"hint": "nobody@nowhere.example"}


PEOPLE = "login 404 404 200 200 404"
"""Of the partner: who may order for it; the vendor's people have the desk."""

OTHER = "login 405 405 405 405 405"
"""Another method than the address has; who is not signed in is asked to be first."""

PARTNERS: dict[str, Row] = {
    "partner_finder": Row(get="200", post="405"),
    "partner_home": Row(get="login away 200 away away 200", post=OTHER),
    "partner_page": Row(get=PEOPLE, post=OTHER),
    "partner_ask": Row(get=OTHER, post="login 404 404 away away 404", body=_nobody),
    "partner_customer": Row(get=PEOPLE, post=OTHER),
    "partner_order": Row(get=PEOPLE, post="login 404 404 422 422 404"),
    "partner_stop": Row(get=OTHER, post="login 404 404 away away 404"),
    "partner_vouchers": Row(get=PEOPLE, post=OTHER),
    "partner_vouchers_buy": Row(get=PEOPLE, post="login 404 404 422 422 404"),
    "partner_batch": Row(get=PEOPLE, post=OTHER),
    "partner_codes": Row(get=OTHER, post=PEOPLE),
    "partner_sold": Row(get=OTHER, post="login 404 404 away away 404"),
    "team_partners": Row(get="login 404 403 200 200 404", post=OTHER),
    "team_partner_end": Row(get="login 404 403 404 404 404", post="login 404 403 404 404 404"),
    "certificate": Row(get="login 404 403 404 404 404", post=OTHER),
    "voucher_undo": Row(get=OTHER, post="login 404 403 404 404 404"),
    "partner_access": Row(get="login 404 404 404 200 404", post="login 404 404 404 away 404", body=_yes),
    "voucher_redeem": Row(get="login away away away away away", post="login away away away away away"),
    "desk_partners": Row(get="login 404 404 404 404 200", post="405"),
    "desk_partner_new": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "desk_partner": Row(get="login 404 404 404 404 200", post="405"),
    "desk_partner_edit": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "desk_partner_state": Row(get="405", post="login 404 404 404 404 away"),
    "desk_partner_vouchers": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "desk_vouchers": Row(get="login 404 404 404 404 200", post="405"),
    "desk_vouchers_new": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "desk_voucher_batch": Row(get="login 404 404 404 404 200", post="405"),
    "desk_voucher_codes": Row(get="405", post="login 404 404 404 404 200"),
    "desk_voucher_cancel": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "desk_voucher_batch_cancel": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
}
