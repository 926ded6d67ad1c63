"""The application's side of Licet: sign in, check out a lease, verify it offline.

from licet_client import Client

client = Client("https://licenses.vendor.example", "my-application")
client.sign_in()                          # once, in the system browser
lease = client.checkout("my-product")     # needs the network
lease = client.status("my-product")       # needs none
if lease.allows("export"):
    ...
"""

from typing import TYPE_CHECKING, Any

from licet_client.client import Client, Profile
from licet_client.elsewhere import Elsewhere
from licet_client.errors import (
    ClockSetBack,
    InvalidLease,
    LicetError,
    NoLease,
    NotSignedIn,
    Refused,
    SignInFailed,
    Unreachable,
)
from licet_client.keeping import Condition, Keeper, Standing
from licet_client.lease import Lease, verify

if TYPE_CHECKING:
    from licet_client.asynchronous import AsyncClient

__all__ = [
    "AsyncClient",
    "Client",
    "ClockSetBack",
    "Condition",
    "Elsewhere",
    "InvalidLease",
    "Keeper",
    "Lease",
    "LicetError",
    "NoLease",
    "NotSignedIn",
    "Profile",
    "Refused",
    "SignInFailed",
    "Standing",
    "Unreachable",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Import what few programs need when they ask for it: asyncio takes a third of the whole import."""
    if name == "AsyncClient":
        from licet_client.asynchronous import AsyncClient

        return AsyncClient
    raise AttributeError(name)
