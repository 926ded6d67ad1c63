"""Every write of signing: making keys and replacing them. Chance comes in as 32 random bytes."""

from datetime import datetime

from django.conf import settings

from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden
from licet.signing import rules
from licet.signing.errors import KeyExists, NoRootKey
from licet.signing.events import KeyMade, KeyRotated
from licet.signing.models import SigningKey
from licet.signing.queries import master_key, opened
from licet.signing.states import Purpose


def make_root(*, seed: bytes, by: Actor, now: datetime) -> SigningKey:
    """Make a root key. Several may stand side by side; the newest certifies. Operators only."""
    _operator(by)
    with change(by=by, now=now) as record:
        return _root(seed=seed, record=record)


def make_key(*, seed: bytes, not_before: datetime | None = None, by: Actor, now: datetime) -> SigningKey:
    """Make a lease key that signs from `not_before` (now) on, published at once. Operators only.

    Refuses without a root (NoRootKey), and a seed that was used before (KeyExists).
    """
    _operator(by)
    with change(by=by, now=now) as record:
        return _lease_key(seed=seed, not_before=not_before or now, record=record)


def rotate(*, seed: bytes, by: Actor, now: datetime) -> SigningKey:
    """Let a new lease key sign from now on and retire the others, which stay published. Operators only."""
    _operator(by)
    with change(by=by, now=now) as record:
        return _rotated(seed=seed, record=record)


def ensure(*, root_seed: bytes, seed: bytes, by: Actor, now: datetime) -> SigningKey:
    """See to it that leases can be signed: make what is missing, replace a lease key that is due.

    Due is also the key whose certificate names another address than the site has now: devices
    would refuse what it signs.

    Safe to call at every start. Of several processes that start together on the same day, each may
    make a key: the newest signs, the others stay published, nothing breaks. Operators only.
    """
    _operator(by)
    current = _current(now)
    if current is not None and current.not_before > now - rules.ROTATE_AFTER and _names_this_site(current):
        return current
    with change(by=by, now=now) as record:
        if _locked_roots() == []:
            _root(seed=root_seed, record=record)
        return _rotated(seed=seed, record=record)


def _operator(by: Actor) -> None:
    if not by.is_system:
        raise Forbidden


def _current(now: datetime) -> SigningKey | None:
    return SigningKey.objects.signing(now).filter(purpose=Purpose.LEASE, ends_at__gt=now).first()


def _names_this_site(key: SigningKey) -> bool:
    return bool(rules.parse(key.certificate).claims["iss"] == settings.LICET_BASE_URL)


def _locked_roots() -> list[SigningKey]:
    # Every verb that makes a key waits here, so that two rotations do not retire each other's key.
    return list(SigningKey.objects.select_for_update().filter(purpose=Purpose.ROOT).order_by("pk"))


def _root(*, seed: bytes, record: Record) -> SigningKey:
    return _stored(purpose=Purpose.ROOT, seed=seed, not_before=record.now, record=record)


def _rotated(*, seed: bytes, record: Record) -> SigningKey:
    before = list(SigningKey.objects.signing(record.now).filter(purpose=Purpose.LEASE))
    key = _lease_key(seed=seed, not_before=record.now, record=record)
    for old in before:
        old.retired_at = record.now
        old.save(update_fields=["retired_at"])
        record(KeyRotated(key=key.pk, kid=key.kid, before=old.kid))
    return key


def _lease_key(*, seed: bytes, not_before: datetime, record: Record) -> SigningKey:
    roots = [root for root in _locked_roots() if root.sealed and root.retired_at is None]
    if not roots:
        raise NoRootKey
    root = opened(key=roots[-1])
    jwk = rules.public_jwk(seed=seed)
    text = rules.certificate(
        root=root,
        issuer=settings.LICET_BASE_URL,
        kid=rules.thumbprint(jwk=jwk),
        jwk=jwk,
        serial=SigningKey.objects.filter(purpose=Purpose.LEASE).count() + 1,
        start=not_before,
    )
    return _stored(purpose=Purpose.LEASE, seed=seed, not_before=not_before, certificate=text, record=record)


def _stored(
    *, purpose: Purpose, seed: bytes, not_before: datetime, certificate: str = "", record: Record
) -> SigningKey:
    jwk = rules.public_jwk(seed=seed)
    kid = rules.thumbprint(jwk=jwk)
    if SigningKey.objects.filter(kid=kid).exists():
        raise KeyExists
    key = SigningKey.objects.create(
        kid=kid,
        purpose=purpose,
        public_jwk=jwk,
        sealed=rules.seal(key=master_key(), kid=kid, seed=seed),
        certificate=certificate,
        created_at=record.now,
        not_before=not_before,
        ends_at=not_before + rules.CERTIFICATE_LASTS if purpose is Purpose.LEASE else None,
    )
    record(KeyMade(key=key.pk, kid=kid, purpose=purpose.value))
    return key
