"""The refusals of signing: for operators, and for the door when it cannot sign."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class NoMasterKey(Refusal):
    """Nothing to seal private keys with."""

    code = "no_master_key"
    kind = Kind.BUSY
    sentence = _(
        "There is no master key. Set LICET_MASTER_KEY, or LICET_MASTER_KEY_FILE to a file that holds it: "
        "32 random bytes in URL-safe base 64."
    )


class BadMasterKey(Refusal):
    """Not 32 bytes in URL-safe base 64."""

    code = "bad_master_key"
    kind = Kind.BUSY
    sentence = _("The master key is not 32 bytes in URL-safe base 64. Check LICET_MASTER_KEY.")


class WrongMasterKey(Refusal):
    """Sealed under another master key, or damaged."""

    code = "wrong_master_key"
    kind = Kind.BUSY
    sentence = _(
        "The signing key %(kid)s cannot be opened with this master key. "
        "Start with the master key that the keys were made under."
    )


class NoSigningKey(Refusal):
    """No lease key may sign at this moment."""

    code = "no_signing_key"
    kind = Kind.BUSY
    sentence = _("There is no key that can sign leases now. Make one with the command licet keys ensure.")


class NoRootKey(Refusal):
    """Nothing to certify a lease key with."""

    code = "no_root_key"
    kind = Kind.BUSY
    sentence = _(
        "There is no root key to certify a new key with. Make one with the command licet keys ensure."
    )


class KeyExists(Refusal):
    """The same chance was given twice."""

    code = "key_exists"
    kind = Kind.CONFLICT
    sentence = _("This key exists already. Make each key from fresh random bytes.")


class KeyUnknown(Refusal):
    """No key has this identifier."""

    code = "key_unknown"
    kind = Kind.MISSING
    sentence = _("There is no key %(kid)s. The command licet keys list shows the keys.")
