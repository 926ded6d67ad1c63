"""Roots that are kept elsewhere: their public halves come in, requests go out, certificates come in."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.signing import ceremony, envelope, rules
from licet.signing.actions import certified, retire_others, stored
from licet.signing.errors import (
    BadKeyFile,
    CertificateEnded,
    CertificateForAnotherServer,
    CertificateNotAskedFor,
    NothingRequested,
    RootsAway,
    RootUnknown,
)
from licet.signing.events import KeyCertified, RootImported, RootTakenOffline
from licet.signing.manifest import publish
from licet.signing.models import Keyring, SigningKey
from licet.signing.policy import require_operator
from licet.signing.queries import next_serial, private_half
from licet.signing.states import SIGNING, Purpose

PERIODS = 4
"""How many turns of 90 days a request covers, unless it says otherwise: about a year."""


def import_root(*, text: str, file: str, by: Actor, now: datetime) -> SigningKey:
    """Trust a root by its public half (`licet-root-public/1`). Importing again changes nothing.

    Applications pin it from then on; roots that the database already has stay trusted. Operators
    only; refuses BadKeyFile.
    """
    require_operator(by)
    jwk = ceremony.read_public(text=text, file=file)
    kid = rules.thumbprint(jwk=jwk)
    known = SigningKey.objects.filter(kid=kid).first()
    if known is not None:
        return known
    with change(by=by, now=now) as record:
        Keyring.objects.locked()
        root, made = SigningKey.objects.get_or_create(
            kid=kid,
            defaults={
                "purpose": Purpose.ROOT,
                "public_jwk": jwk,
                "created_at": now,
                "not_before": now,
            },
        )
        record(RootImported(key=root.pk, kid=kid))
        if made:
            publish(record=record)
    return root


def request(*, periods: int = PERIODS, chance: Callable[[int], bytes], by: Actor, now: datetime) -> str:
    """Return a request (`licet-key-request/1`) for keys of every purpose for so many turns of 90 days.

    What is certified already counts; what was asked for and not answered is asked for again, with the
    same keys. Operators only; refuses NothingRequested where nothing is left to ask for.
    """
    require_operator(by)
    wanted = {purpose: _missing_turns(purpose, periods=periods, now=now) for purpose in SIGNING}
    if any(wanted.values()):
        with suppress(_MadeAlready), change(by=by, now=now) as record:
            Keyring.objects.locked()  # another request at this moment makes the same keys
            for purpose in SIGNING:
                for turn in _missing_turns(purpose, periods=periods, now=now):
                    stored(purpose=purpose, seed=chance(32), not_before=turn, record=record)
            if not record.facts:
                raise _MadeAlready
    waiting = list(SigningKey.objects.requested())
    if not waiting:
        raise NothingRequested
    first = next_serial()
    pieces = [
        ceremony.request(
            seed=private_half(name=key.kid, sealed=key.sealed),
            issuer=settings.LICET_BASE_URL,
            purpose=Purpose(key.purpose),
            serial=first + number,
            until=max(key.not_before, now) + rules.certificate_lasts(purpose=Purpose(key.purpose)),
            now=now,
        )
        for number, key in enumerate(waiting)
    ]
    return ceremony.request_file(issuer=settings.LICET_BASE_URL, requests=pieces)


def import_certificates(*, text: str, file: str, by: Actor, now: datetime) -> list[SigningKey]:
    """Take in what a root answered (`licet-key-certificates/1`); keys whose turn it is sign at once.

    All or nothing; what was imported before is passed over. Operators only. Refuses BadKeyFile,
    CertificateForAnotherServer, RootUnknown, CertificateNotAskedFor, CertificateEnded.
    """
    require_operator(by)
    values = envelope.read(text=text, form=ceremony.CERTIFICATES, file=file)
    papers = values.get("certificates")
    if not isinstance(papers, list) or not papers:
        raise BadKeyFile(file=file, form=ceremony.CERTIFICATES)
    parsed = [_parsed(paper, file=file) for paper in papers]
    new = {paper: each for paper, each in zip(papers, parsed, strict=True) if not _has_one(each)}
    if not new:
        return []
    with change(by=by, now=now) as record:
        Keyring.objects.locked()
        taken = [_taken(paper, each, file=file, record=record) for paper, each in new.items()]
        for purpose in SIGNING:
            newest = SigningKey.objects.signing(purpose, now).first()
            if newest is not None:
                retire_others(key=newest, record=record)
        publish(record=record)
    return taken


def root_files(*, passphrase: str, chance: Callable[[int], bytes], now: datetime) -> dict[str, str]:
    """Return the text of a file (`licet-root/1`) for each root whose private half lies here, by `kid`.

    Every file was opened again before it is returned. Refuses RootsAway where there is none.
    """
    files = {}
    for root in SigningKey.objects.roots().exclude(sealed=""):
        seed = private_half(name=root.kid, sealed=root.sealed)
        bits = chance(envelope.CHANCE)
        text = ceremony.root_file(seed=seed, passphrase=passphrase, chance=bits, now=now)
        ceremony.open_root(text=text, passphrase=passphrase, file=root.kid)
        files[root.kid] = text
    if not files:
        raise RootsAway
    return files


def take_roots_offline(
    *, periods: int = PERIODS, chance: Callable[[int], bytes], by: Actor, now: datetime
) -> list[SigningKey]:
    """Erase the private halves of the roots here; call it when the files of `root_files` are safe.

    Before, keys for so many turns of 90 days are certified in advance. What certifies from then on is
    `licet keys certify` beside a root's file. Operators only; refuses RootsAway where no private half
    lies here.
    """
    require_operator(by)
    with change(by=by, now=now) as record:
        Keyring.objects.locked()
        roots = list(SigningKey.objects.filter(purpose=Purpose.ROOT).exclude(sealed=""))
        if not roots:
            raise RootsAway
        for purpose in SIGNING:
            for turn in _missing_turns(purpose, periods=periods, now=now):
                certified(purpose=purpose, seed=chance(32), not_before=turn, record=record)
        for root in roots:
            root.sealed = ""
            root.save(update_fields=["sealed"])
            record(RootTakenOffline(key=root.pk, kid=root.kid))
        publish(record=record)
    return roots


class _MadeAlready(Exception):
    pass


def _missing_turns(purpose: Purpose, *, periods: int, now: datetime) -> list[datetime]:
    """Return when each further key is to begin, so that the coming `periods` turns have one each."""
    mine = SigningKey.objects.filter(purpose=purpose, retired_at=None)
    turns = sorted(
        key.not_before for key in mine if key.ends_at is None or key.ends_at > now + rules.OVERLAP[purpose]
    )
    lasting = [turn for turn in turns if turn + rules.ROTATE_AFTER > now]
    start = max(now, lasting[-1] + rules.ROTATE_AFTER) if lasting else now
    more = periods - len(lasting)
    return [start + number * rules.ROTATE_AFTER for number in range(more)]


def _parsed(paper: Any, *, file: str) -> rules.Parsed:
    try:
        parsed = rules.parse(paper)
        numbers = [parsed.claims[name] for name in ("nbf", "exp", "serial")]
        if any(type(each) is not int for each in numbers):
            raise ValueError("not whole numbers")
        datetime.fromtimestamp(parsed.claims["exp"])  # noqa: DTZ006  # only whether it is a moment
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        raise BadKeyFile(file=file, form=ceremony.CERTIFICATES) from None
    return parsed


def _has_one(parsed: rules.Parsed) -> bool:
    """Whether the key has a certificate already, be it this one or that of an earlier request."""
    key = SigningKey.objects.filter(kid=str(parsed.claims.get("sub"))).exclude(certificate="")
    return parsed.claims.get("iss") == settings.LICET_BASE_URL and key.exists()


def _taken(paper: str, parsed: rules.Parsed, *, file: str, record: Record) -> SigningKey:
    """Check one certificate against what was asked for, and write it."""
    claims, kid = parsed.claims, str(parsed.claims.get("sub"))
    if claims.get("iss") != settings.LICET_BASE_URL:
        raise CertificateForAnotherServer(server=str(claims.get("iss"))[:200])
    signed_by = str(parsed.header.get("kid"))
    root = SigningKey.objects.roots().filter(kid=signed_by).first()
    if root is None:
        raise RootUnknown(kid=signed_by[:43])
    if parsed.header.get("typ") != rules.CERTIFICATE_TYPE or not parsed.signed_by(jwk=root.public_jwk):
        raise BadKeyFile(file=file, form=ceremony.CERTIFICATES)
    key = SigningKey.objects.requested().filter(kid=kid).first()
    if key is None or claims.get("jwk") != key.public_jwk or claims.get("use") != key.purpose:
        raise CertificateNotAskedFor(kid=kid[:43])
    ends_at = datetime.fromtimestamp(claims["exp"], tz=record.now.tzinfo)
    if ends_at <= record.now + timedelta(days=1):
        raise CertificateEnded(kid=kid)
    begin = datetime.fromtimestamp(claims["nbf"], tz=record.now.tzinfo)
    key.certificate, key.serial, key.ends_at = paper, claims["serial"], ends_at
    key.not_before = max(key.not_before, begin)
    key.save(update_fields=["certificate", "serial", "ends_at", "not_before"])
    record(KeyCertified(key=key.pk, kid=kid, purpose=key.purpose, serial=key.serial))
    return key
