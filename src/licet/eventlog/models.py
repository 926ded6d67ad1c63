"""Four tables: events, the heads of their hash chains, deliveries, what is done again and again."""

from django.db import models

from licet.eventlog.facts import Fact, every_fact
from licet.eventlog.states import DeliveryState

INSTALLATION = 0
"""The chain key of facts that belong to no team."""


class Chain(models.Model):
    """The head of one team's hash chain; its row lock puts the team's facts in one order."""

    key = models.BigIntegerField(primary_key=True)
    head = models.CharField(max_length=64, default="")
    length = models.PositiveBigIntegerField(default=0)


class Event(models.Model):
    """One fact: written once, in the transaction of the change it tells."""

    name = models.CharField(max_length=64)
    at = models.DateTimeField()
    team = models.BigIntegerField(default=INSTALLATION)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=254, blank=True)
    facts = models.JSONField()
    labels = models.JSONField(default=dict)
    position = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["team", "-id"]), models.Index(fields=["name", "-id"])]
        constraints = [models.UniqueConstraint(fields=["team", "position"], name="event_chain_position")]

    def fact(self) -> Fact:
        """Return the fact as its class; raises KeyError for a name that no class bears any more."""
        return every_fact()[self.name].restored(facts=self.facts, labels=self.labels)

    def sentence(self) -> str:
        """Return what happened as a sentence in the active language."""
        fact = self.fact()
        values = {**self.facts, **fact.told(), "actor": self.actor_label or "-"}
        return str(type(fact).sentence) % values


class Delivery(models.Model):
    """One consequence of one event: the handler's dotted name and how far it got."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    handler = models.CharField(max_length=160)
    state = models.CharField(max_length=8, default=DeliveryState.DUE)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(state="due"), name="delivery_due"),
            models.Index(fields=["state", "id"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in DeliveryState]), name="delivery_state_known"
            )
        ]


class Routine(models.Model):
    """Something of the schedule, by its name, and when it is due again."""

    name = models.CharField(max_length=80, primary_key=True)
    due_at = models.DateTimeField()
