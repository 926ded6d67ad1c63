"""What happened to keys."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact


@dataclass(frozen=True, kw_only=True)
class KeyMade(Fact):
    """A key exists, and may sign from its day on."""

    name = "key.made"
    sentence = _("%(actor)s made the key %(kid)s.")

    key: int
    kid: str
    purpose: str


@dataclass(frozen=True, kw_only=True)
class KeyRotated(Fact):
    """A new lease key signs; the one before is retired."""

    name = "key.rotated"
    sentence = _("%(actor)s replaced the key %(before)s by the key %(kid)s.")

    key: int
    kid: str
    before: str


@dataclass(frozen=True, kw_only=True)
class KeyRevoked(Fact):
    """Nothing that the key signed is believed any more."""

    name = "key.revoked"
    sentence = _("%(actor)s revoked the key %(kid)s.")

    key: int
    kid: str
    purpose: str
