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
