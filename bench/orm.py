"""The same answers told through the ORM, as a plain Django view would: what the door is compared with.

No middleware, the same rules, the same claims, the same signature. Served by the web server (`bench.told`
measures both); the door in front of it is left out.
"""

import os
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "licet.config.settings")
django.setup()
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import transaction  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402

from licet.catalog.models import Product  # noqa: E402
from licet.connect.models import Token  # noqa: E402
from licet.gateway import calls, rows, telling  # noqa: E402
from licet.gateway.validation import Valid  # noqa: E402
from licet.kernel import clock  # noqa: E402
from licet.leases import queries, rules  # noqa: E402
from licet.leases.models import Device, Lease, UseDay  # noqa: E402
from licet.licenses import rules as codes  # noqa: E402
from licet.licenses.models import Code  # noqa: E402
from licet.licenses.states import CodeState, code_standing  # noqa: E402
from licet.signing.rules import b64  # noqa: E402

_keys = telling.Keys(chance=os.urandom)


def validate(request: HttpRequest) -> JsonResponse:
    """Answer whether a code works."""
    now = clock.read()
    asked = calls.read_code(calls.read_json(request.body))
    text = codes.read(text=asked.code) or ""
    found = Code.objects.select_related("license__pool__product", "member", "superseded_by", "allotment").get(
        code_hash=codes.code_hash(key=_keys.secret(codes.HASHING), code=text)
    )
    license = found.license
    assert license is not None
    right = rules.Right(
        team=license.team_id,
        team_id="",
        seat=0,
        seat_id="",
        license=license.pk,
        license_id=license.public_id,
        state=license.state,
        valid_from=license.valid_from,
        valid_until=license.valid_until,
        usable_until=license.usable_until,
        terms=license.terms,
    )
    standing = code_standing(
        state=CodeState(found.state),
        landed=True,
        redeem_until=None,
        works_until=found.works_until,
        now=now,
    )
    assert right.usable(now)
    row = rows.CodeRow(
        found.public_id,
        found.ending,
        found.state,
        None,
        found.superseded_at,
        found.works_until,
        "",
        False,
        license.pool.product.code,
        license.pool.product.names,
        right,
    )
    answer = Valid(row=row, standing=standing, nonce=asked.nonce, keys=_keys, now=now).answer()
    return _json(calls.read_json(answer.body))


def checkout(request: HttpRequest) -> JsonResponse:
    """Answer a check-out with a lease."""
    now = clock.read()
    token = calls.read_token(request.META["HTTP_AUTHORIZATION"])
    asked = calls.read_checkout(calls.read_json(request.body))
    proof = calls.read_proof(
        text=request.META["HTTP_DPOP"], method="POST", path=request.path, token=token, now=now
    )
    with transaction.atomic():
        found = Token.objects.select_related("grant__person", "grant__application").get(
            token_hash=sha256(token.encode()).hexdigest(), kind="access", spent_at=None, expires_at__gt=now
        )
        grant = found.grant
        person = grant.person
        device = Device.objects.select_for_update().get(person=person, jkt=proof.jkt)
        assert device.counter < proof.seq
        product = Product.objects.get(code=asked.product)
        right = rules.best(rights=queries.rights(person=person, product=product), now=now)
        assert right is not None
        used = queries.usages(seats=[right.seat])
        assert rules.over_limit(right=right, usages=used, device=device.pk, now=now) is None
        device.counter, device.last_seen_at = proof.seq, now
        device.save()
        mark, signer = _keys.mark(), _keys.signer(now=now)
        period = rules.period(right=right, mark=mark, key_until=signer.until, now=now)
        lease = _kept(right, device, grant, asked, proof, mark, period)
        UseDay.objects.get_or_create(team_id=right.team, seat_id=right.seat, day=now.astimezone(UTC).date())
    claims = rules.claims(
        right=right,
        period=period,
        issuer=settings.LICET_BASE_URL,
        audience=grant.application.client_id,
        person=person.public_id,
        product=asked.product,
        row=lease.pk,
        mark=mark,
        jkt=device.jkt,
        seq=proof.seq,
        nonce=proof.nonce,
        key_until=signer.until,
    )
    secret = calls.renewal_secret(key=_keys.renewal(), lease=claims["jti"])
    return _json(
        {
            "lease": signer.sign(claims),
            "certificate": signer.certificate,
            "renew_key": b64(secret),
            "server_time": calls.seconds(now),
        }
    )


def _json(values: dict[str, Any]) -> JsonResponse:
    answer = JsonResponse(values)
    answer["Content-Length"] = len(answer.content)  # a middleware's work, else
    return answer


def _kept(
    right: rules.Right,
    device: Device,
    grant: Any,
    asked: calls.CheckOut,
    proof: calls.Proof,
    mark: int,
    period: rules.Period,
) -> Lease:
    times: dict[str, datetime] = {
        "issued_at": period.issued_at,
        "expires_at": period.expires_at,
        "renew_after": period.renew_after,
    }
    lease, _ = Lease.objects.update_or_create(
        seat_id=right.seat,
        device=device,
        process=asked.process,
        released_at=None,
        defaults={
            **times,
            "team_id": right.team,
            "license_id": right.license,
            "grant": grant,
            "mark": mark,
            "previous_mark": None,
            "seq": proof.seq,
            "nonce": proof.nonce,
        },
    )
    return lease


urlpatterns = [path("v1/codes/validate", validate), path("v1/leases/checkout", checkout)]
application = WSGIHandler()
