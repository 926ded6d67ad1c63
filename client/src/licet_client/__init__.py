"""The application's side of Licet: sign in, check out a lease, verify it offline.

from licet_client import Client

client = Client("https://licenses.vendor.example", "my-application")
client.sign_in()                          # once, in the system browser
lease = client.checkout("my-product")     # needs the network
lease = client.status("my-product")       # needs none
if lease.allows("export"):
    ...
"""

from licet_client.asynchronous import AsyncClient
from licet_client.client import Client, Profile
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

__all__ = [
    "AsyncClient",
    "Client",
    "ClockSetBack",
    "Condition",
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
