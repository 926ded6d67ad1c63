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


@dataclass(frozen=True, kw_only=True)
class ManifestPublished(Fact):
    """A numbered list of all keys was signed."""

    name = "key.manifest_published"
    sentence = _("%(actor)s published the list of keys, number %(serial)s.")

    serial: int
    kid: str


@dataclass(frozen=True, kw_only=True)
class RootImported(Fact):
    """The public half of a root that is kept elsewhere is trusted."""

    name = "key.root_imported"
    sentence = _("%(actor)s imported the root key %(kid)s.")

    key: int
    kid: str


@dataclass(frozen=True, kw_only=True)
class RootTakenOffline(Fact):
    """The private half of a root was erased here; it lies in a file elsewhere."""

    name = "key.root_taken_offline"
    sentence = _("%(actor)s took the root key %(kid)s offline.")

    key: int
    kid: str


@dataclass(frozen=True, kw_only=True)
class KeyCertified(Fact):
    """The certificate of a key came from a root that is kept elsewhere."""

    name = "key.certified"
    sentence = _("%(actor)s imported the certificate of the key %(kid)s.")

    key: int
    kid: str
    purpose: str
    serial: int


@dataclass(frozen=True, kw_only=True)
class KeyLost(Fact):
    """A private half cannot be opened any more; the key signs no more."""

    name = "key.lost"
    sentence = _("%(actor)s gave up the key %(kid)s, whose private half cannot be opened.")

    key: int
    kid: str
    purpose: str


@dataclass(frozen=True, kw_only=True)
class KeysResealed(Fact):
    """Private halves lie under another master key."""

    name = "key.resealed"
    sentence = _("%(actor)s sealed the keys under another master key.")

    keys: int


@dataclass(frozen=True, kw_only=True)
class KeysExported(Fact):
    """All private halves left in an encrypted file."""

    name = "key.exported"
    sentence = _("%(actor)s exported all keys into an encrypted file.")

    keys: int


@dataclass(frozen=True, kw_only=True)
class KeysRestored(Fact):
    """Private halves came back from an encrypted file."""

    name = "key.restored"
    sentence = _("%(actor)s restored the keys from an encrypted file.")

    keys: int


@dataclass(frozen=True, kw_only=True)
class KeysEnding(Fact):
    """In some days a purpose has no key that can sign; 0: it has none. `ends` is a moment."""

    name = "key.ending"
    sentence = _("The server needs a new certificate for its keys: days left: %(days)s.")

    days: int
    ends: str
    purposes: str  # codes, with commas
