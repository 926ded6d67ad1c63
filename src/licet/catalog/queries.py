"""What pages and other packages read of the catalog."""

from licet.catalog.models import Vendor
from licet.kernel.brand import BankAccount, Brand


def brand() -> Brand:
    """Return the imported brand, or Licet's own where no vendor file has been imported yet."""
    row = Vendor.objects.first()
    if row is None:
        return Brand()
    values = dict(row.brand)
    return Brand(
        **{
            **values,
            "address": tuple(values.get("address", ())),
            "account": BankAccount(**values.get("account", {})),
        }
    )
