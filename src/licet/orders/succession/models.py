"""One table: who goes on with a contract after its partner, and how."""

from django.db import models

from licet.accounts.models import Person
from licet.orders.models import INVOICE, Contract
from licet.teams.models import Team


class Succession(models.Model):
    """A team carries a contract on after its term, without the partner.

    `prices`: what one license costs per period, in minor units by the plan's code, as was shown; with VAT
    where `display` is gross. `agreed`: as on an order. The rest is what the contract has from then on.
    """

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    billed_to = models.JSONField()
    display = models.CharField(max_length=5)
    payment_method = models.CharField(max_length=20, default=INVOICE)
    language = models.CharField(max_length=8)
    prices = models.JSONField()
    agreed = models.JSONField(default=dict)
    decided_at = models.DateTimeField()
