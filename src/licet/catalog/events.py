"""The facts of the catalog."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CatalogImported(Fact):
    """The vendor's file came in; `changes` lists what differed, as `added product site-plan`."""

    name = "catalog.imported"
    sentence = _("%(actor)s imported the catalog (%(count)s changes).")

    count: int
    changes: list[str]


@dataclass(frozen=True, kw_only=True)
class AccountChanged(Fact):
    """Customers pay to another account from now on; of both only country and last four signs stand here."""

    name = "catalog.account_changed"
    sentence = _("%(actor)s changed the bank account from %(before)s to %(after)s.")

    before: str
    after: str
