"""Who gets what: every address of the site, every method, every persona.

The six outcomes of a row stand in the order of `PERSONAS`; one outcome alone is everybody's. An
outcome is a status, `login` (sent to sign in) or `away` (sent elsewhere). All are asked for the
things of one customer; the outsider owns another customer's team, staff is the vendor's. What a
persona may not know of is 404, what it sees and may not do is 403.

A row may say more: `query` and `body` go along with the request (made from the customer whose
things are asked for), `program` marks an address where no browser posts, so that no CSRF token is
wanted, and `open_link` one where whoever holds the address may see what it is about.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.rules.tenants import Tenant

PERSONAS = ("anonymous", "outsider", "member", "admin", "owner", "staff")


def _nothing(tenant: Tenant) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Row:
    """What GET and POST of one address give each persona."""

    get: str
    post: str
    query: Callable[[Tenant], dict[str, Any]] = _nothing
    body: Callable[[Tenant], dict[str, Any]] = _nothing
    program: bool = False
    open_link: bool = False

    def expected(self, method: str) -> dict[str, str]:
        """Return the outcome of each persona."""
        outcomes = (self.get if method == "GET" else self.post).split()
        if len(outcomes) == 1:
            outcomes *= len(PERSONAS)
        return dict(zip(PERSONAS, outcomes, strict=True))


def _app(tenant: Tenant) -> dict[str, Any]:
    return {"client_id": "unknown", "redirect_uri": "http://127.0.0.1/callback"}


ACCESS: dict[str, Row] = {
    # name                      anonymous outsider member admin owner staff
    "brand_css": Row(get="200", post="405"),
    "set_language": Row(get="405", post="away"),
    # --- applications
    "connect_authorize": Row(get="422", post="422", query=_app),
    "connect_token": Row(get="405", post="400", program=True),
    "connect_revoke": Row(get="405", post="400", program=True),
    "connect_metadata": Row(get="200", post="405"),
    "jwks": Row(get="200", post="405"),
    "api_devices": Row(get="401", post="401", program=True),
    "api_me": Row(get="401", post="401", program=True),
}
