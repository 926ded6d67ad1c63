"""Making keys, replacing them, taking trust away. Chance comes in as 32 random bytes.

Every verb waits for the others at the one row of the keyring, so that two rotations do not retire each
other's key and two first starts do not make two pairs of roots.
"""

from contextlib import suppress
from datetime import datetime

from django.conf import settings

from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.signing import rules
from licet.signing.errors import KeyExists, KeyUnknown, NoRootKey
from licet.signing.events import KeyMade, KeyRevoked, KeyRotated
from licet.signing.manifest import publish
from licet.signing.models import Keyring, SigningKey
from licet.signing.policy import require_operator
from licet.signing.queries import master_key, names_this_site, next_serial, opened
from licet.signing.states import SIGNING, Purpose


def make_root(*, seed: bytes, by: Actor, now: datetime) -> SigningKey:
    """Make a root key here. Several may stand side by side; the oldest certifies. Operators only."""
    require_operator(by)
    with change(by=by, now=now) as record:
        Keyring.objects.locked()
        root = _root(seed=seed, record=record)
        publish(record=record)
    return root


def make_key(
    *,
    seed: bytes,
    purpose: Purpose = Purpose.LEASE,
    not_before: datetime | None = None,
    by: Actor,
    now: datetime,
) -> SigningKey:
    """Make a key that signs from `not_before` (now) on, published at once. Operators only.

    Refuses without a root at hand (NoRootKey), and a seed that was used before (KeyExists).
    """
    require_operator(by)
    with change(by=by, now=now) as record:
        Keyring.objects.locked()
        key = certified(purpose=purpose, seed=seed, not_before=not_before or now, record=record)
        publish(record=record)
    return key


def rotate(*, seed: bytes, purpose: Purpose = Purpose.LEASE, by: Actor, now: datetime) -> SigningKey:
    """Let another key sign for a purpose from now on; the others retire and stay published. Operators only.

    The other key is made and certified here, or, where the roots are kept elsewhere, the next one that
    was certified in advance takes its turn early. Refuses where there is none (NoRootKey).
    """
    require_operator(by)
    with change(by=by, now=now) as record:
        Keyring.objects.locked()
        key = _turned(purpose=purpose, seed=seed, record=record)
        publish(record=record)
    return key


def ensure(*, root_seed: bytes, seed: bytes, by: Actor, now: datetime) -> SigningKey | None:
    """See to it that everything can be signed: make what is missing, replace what is due.

    Due is also a key whose certificate names another address than the site has now: devices
    would refuse what it signs. Where there is no root yet, two are made: one certifies, one is spare.
    Roots that are kept elsewhere are left in peace: then keys that were certified in advance take
    their turn, and without one everything stays as it is.

    Safe to call at every start and by several processes at once. Returns the key that signs
    leases, None where it waits for its certificate. Operators only.
    """
    require_operator(by)
    if _wanting(now):
        with suppress(_NothingToDo), change(by=by, now=now) as record:
            Keyring.objects.locked()
            if not _replaced(root_seed=root_seed, seed=seed, record=record):
                raise _NothingToDo
            publish(record=record)
    return SigningKey.objects.signing(Purpose.LEASE, now).first()


def revoke(*, kid: str, seed: bytes, by: Actor, now: datetime) -> SigningKey:
    """Take all trust away from a key: nothing that it signed, before or after, is believed any more.

    Another key takes its place at once where one can be had (as in `rotate`). For a root this ends
    everything that it certified. Calling again changes nothing. Operators only; refuses a key that
    is not known (KeyUnknown).
    """
    require_operator(by)
    with suppress(_NothingToDo), change(by=by, now=now) as record:
        Keyring.objects.locked()
        key = SigningKey.objects.filter(kid=kid).first()
        if key is None:
            raise KeyUnknown(kid=kid)
        if key.revoked_at is not None:
            raise _NothingToDo
        _distrust(key, record=record)
        for purpose in _wanting(now):
            with suppress(NoRootKey):
                _turned(purpose=purpose, seed=_seed(seed, purpose), record=record)
        publish(record=record)
    return SigningKey.objects.get(kid=kid)


class _NothingToDo(Exception):
    pass


def _seed(chance: bytes, purpose: Purpose) -> bytes:
    """Return the seed of one purpose's key: the chance itself for leases, spread for the others."""
    if purpose is Purpose.LEASE:
        return chance
    return rules.derived(key=chance, purpose=f"seed of the {purpose.value} key")


def _wanting(now: datetime) -> list[Purpose]:
    """Return the purposes whose key is missing, due, or named after another address."""
    return [purpose for purpose in SIGNING if _is_due(purpose, now)]


def _is_due(purpose: Purpose, now: datetime) -> bool:
    able = list(SigningKey.objects.signing(purpose, now))
    if not able or len(able) > 1:  # more than one: the turn of the next has come
        return True
    return able[0].not_before <= now - rules.ROTATE_AFTER or not names_this_site(able[0])


def _replaced(*, root_seed: bytes, seed: bytes, record: Record) -> bool:
    """Do what `ensure` finds to do; return whether there was anything."""
    done = False
    if not SigningKey.objects.filter(purpose=Purpose.ROOT).exists():
        _root(seed=root_seed, record=record)
        _root(seed=rules.derived(key=root_seed, purpose="seed of the spare root"), record=record)
        done = True
    for purpose in _wanting(record.now):
        able = [key for key in SigningKey.objects.signing(purpose, record.now) if names_this_site(key)]
        if len(able) > 1 and able[0].not_before > record.now - rules.ROTATE_AFTER:
            retire_others(key=able[0], record=record)
            done = True
            continue
        with suppress(NoRootKey):
            _turned(purpose=purpose, seed=_seed(seed, purpose), record=record)
            done = True
    return done


def _root(*, seed: bytes, record: Record) -> SigningKey:
    return stored(purpose=Purpose.ROOT, seed=seed, not_before=record.now, record=record)


def _turned(*, purpose: Purpose, seed: bytes, record: Record) -> SigningKey:
    """Let another key sign from now on: a new one under a root at hand, else one certified in advance."""
    if _root_at_hand() is not None:
        key = certified(purpose=purpose, seed=seed, not_before=record.now, record=record)
    else:
        waiting = SigningKey.objects.certified(purpose, record.now).filter(not_before__gt=record.now)
        ready = [each for each in waiting.order_by("not_before", "pk") if names_this_site(each)]
        if not ready:
            raise NoRootKey
        key = ready[0]
        key.not_before = record.now
        key.save(update_fields=["not_before"])
    retire_others(key=key, record=record)
    return key


def retire_others(*, key: SigningKey, record: Record) -> None:
    """Retire what signs beside this key for its purpose. A step."""
    for old in SigningKey.objects.signing(Purpose(key.purpose), record.now).exclude(pk=key.pk):
        old.retired_at = record.now
        old.save(update_fields=["retired_at"])
        record(KeyRotated(key=key.pk, kid=key.kid, before=old.kid))


def _distrust(key: SigningKey, *, record: Record) -> None:
    """Revoke a key; with a root, the keys that it certified."""
    key.revoked_at, key.retired_at = record.now, key.retired_at or record.now
    key.save(update_fields=["revoked_at", "retired_at"])
    record(KeyRevoked(key=key.pk, kid=key.kid, purpose=key.purpose))
    if key.purpose == Purpose.ROOT:
        for each in SigningKey.objects.exclude(purpose=Purpose.ROOT).exclude(certificate=""):
            if each.revoked_at is None and rules.parse(each.certificate).header["kid"] == key.kid:
                _distrust(each, record=record)


def _root_at_hand() -> SigningKey | None:
    """Return the root that certifies here: the oldest whose private half lies in the database."""
    return SigningKey.objects.roots().exclude(sealed="").filter(retired_at=None).first()


def certified(*, purpose: Purpose, seed: bytes, not_before: datetime, record: Record) -> SigningKey:
    """Make a key and have it certified by the root at hand. A step, under the keyring's lock; NoRootKey.

    Its certificate holds from now on, also when its turn comes later: it may have to step in early.
    """
    root = _root_at_hand()
    if root is None:
        raise NoRootKey
    jwk = rules.public_jwk(seed=seed)
    serial = next_serial()
    text = rules.certificate(
        root=opened(key=root),
        issuer=settings.LICET_BASE_URL,
        kid=rules.thumbprint(jwk=jwk),
        jwk=jwk,
        serial=serial,
        start=min(not_before, record.now),
        end=not_before + rules.certificate_lasts(purpose=purpose),
        purpose=purpose,
    )
    return stored(
        purpose=purpose,
        seed=seed,
        not_before=not_before,
        certificate=text,
        serial=serial,
        ends_at=not_before + rules.certificate_lasts(purpose=purpose),
        record=record,
    )


def stored(
    *,
    purpose: Purpose,
    seed: bytes,
    not_before: datetime,
    certificate: str = "",
    serial: int = 0,
    ends_at: datetime | None = None,
    record: Record,
) -> SigningKey:
    """Write a key with its private half sealed. A step, under the keyring's lock; refuses KeyExists."""
    jwk = rules.public_jwk(seed=seed)
    kid = rules.thumbprint(jwk=jwk)
    if SigningKey.objects.filter(kid=kid).exists():
        raise KeyExists
    key = SigningKey.objects.create(
        kid=kid,
        purpose=purpose,
        public_jwk=jwk,
        sealed=rules.seal(key=master_key(), kid=kid, seed=seed),
        serial=serial,
        certificate=certificate,
        created_at=record.now,
        not_before=not_before,
        ends_at=ends_at,
    )
    record(KeyMade(key=key.pk, kid=kid, purpose=purpose.value))
    return key
