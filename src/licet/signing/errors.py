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
    """No key of the purpose may sign at this moment."""

    code = "no_signing_key"
    kind = Kind.BUSY
    sentence = _("There is no key that can sign this now. The command licet keys status says what to do.")


class NoRootKey(Refusal):
    """Nothing to certify a key with, and no key certified in advance."""

    code = "no_root_key"
    kind = Kind.BUSY
    sentence = _(
        "The root keys are kept elsewhere, and no further key was certified in advance. Ask for one: "
        "licet keys request, licet keys certify beside the root, licet keys import."
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


class NoManifest(Refusal):
    """The list of keys cannot be signed, or was not yet."""

    code = "no_manifest"
    kind = Kind.BUSY
    sentence = _("The list of keys is not published yet. Try again in a minute.")


class BadKeyFile(Refusal):
    """Not a file of the kind that was asked for, or damaged on its way."""

    code = "bad_key_file"
    kind = Kind.INVALID
    sentence = _(
        "%(file)s cannot be read as a file of the form %(form)s. Check which file it is, and copy it anew."
    )


class WrongPassphrase(Refusal):
    """The box does not open."""

    code = "wrong_passphrase"
    kind = Kind.INVALID
    sentence = _(
        "The file does not open with this passphrase. Type it again; if it is right, the file is damaged."
    )


class PassphraseTooShort(Refusal):
    """What protects a private key is not typed in a second."""

    code = "passphrase_too_short"
    kind = Kind.INVALID
    sentence = _("The passphrase needs at least %(least)s characters. Take several words.")


class RequestRefused(Refusal):
    """A root signs nothing that does not prove itself."""

    code = "request_refused"
    kind = Kind.INVALID
    sentence = _(
        "The request for the key %(kid)s does not prove that the server holds the key, or asks for more "
        "than a root may certify. Have the server write the request anew."
    )


class RequestFromAnotherTime(Refusal):
    """One of two clocks is far off, or the file is an old one."""

    code = "request_from_another_time"
    kind = Kind.INVALID
    sentence = _(
        "The request was made on %(made)s, far from this computer's date. Set the clock, or have the server "
        "write the request anew."
    )


class CertificateForAnotherServer(Refusal):
    """The certificate names another address."""

    code = "certificate_for_another_server"
    kind = Kind.INVALID
    sentence = _("This certificate is for the server %(server)s. Import it there; nothing was changed here.")


class CertificateNotAskedFor(Refusal):
    """There is no such key here."""

    code = "certificate_not_asked_for"
    kind = Kind.INVALID
    sentence = _(
        "This server has not asked for a certificate of the key %(kid)s. "
        "Import the answer to its own latest request."
    )


class CertificateEnded(Refusal):
    """Its end lies behind us."""

    code = "certificate_ended"
    kind = Kind.ENDED
    sentence = _("The certificate of the key %(kid)s has ended. Make a new request with licet keys request.")


class RootUnknown(Refusal):
    """Nobody here trusts who signed."""

    code = "root_unknown"
    kind = Kind.INVALID
    sentence = _(
        "This was signed by the root key %(kid)s, which this server does not trust. "
        "Import the root's public half first."
    )


class NothingRequested(Refusal):
    """There are keys for all turns that were asked about."""

    code = "nothing_requested"
    kind = Kind.CONFLICT
    sentence = _("There are certified keys for that long already. Ask for more periods to get more.")


class RootsAway(Refusal):
    """No root has its private half here."""

    code = "roots_away"
    kind = Kind.CONFLICT
    sentence = _("No root key lies in the database: there is nothing to take away.")


class KeysPresent(Refusal):
    """Restoring must not mix two installations."""

    code = "keys_present"
    kind = Kind.CONFLICT
    sentence = _("This installation has keys of its own already. Restore into an empty installation.")


class BundleOfAnotherServer(Refusal):
    """The bundle names another address."""

    code = "bundle_of_another_server"
    kind = Kind.INVALID
    sentence = _("These are the keys of %(server)s. Set LICET_URL to that address first.")


class NothingToReseal(Refusal):
    """Everything is sealed under the first master key already, or there is none to change from."""

    code = "nothing_to_reseal"
    kind = Kind.CONFLICT
    sentence = _(
        "Everything is sealed under the present master key. To change it, put a new one into "
        "LICET_MASTER_KEY and the old one into LICET_MASTER_KEY_FALLBACKS."
    )
