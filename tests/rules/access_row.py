"""One row of the access table: who meets what at an address."""

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
