"""REF, what the door is measured against: the same process and protocol class, with no work behind it.

It reads the body, verifies the same proof where the call has one, signs as many bytes as the door does,
and answers the same bytes otherwise, whatever was asked. No database, no JSON is read.

    python -m bench.reference --port 8002
"""

import argparse
import hmac
import json
import os
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import nacl.bindings as sodium

from bench.load import b64
from bench.works import CHECKOUT, RENEW, VALIDATE

_, SECRET = sodium.crypto_sign_seed_keypair(b"r" * 32)
SIGNED = b"x" * 950
"""The bytes that are signed for one lease: header and claims, in base 64."""
CERTIFICATE = "c" * 620


class Reference:
    """A door without work."""

    def __init__(self) -> None:
        values = {"lease": "x" * 950 + ".%s", "certificate": CERTIFICATE, "renew_key": "k" * 43}
        self.body = json.dumps({**values, "server_time": 1}).encode()

    def answer(self, call: Any, *, now: datetime) -> Any:
        """Answer one call."""
        from licet.gateway.answers import Answer
        from licet.gateway.calls import read_proof, read_token

        if call.path == CHECKOUT:
            token = read_token(call.authorization)
            read_proof(text=call.proof, method=call.method, path=call.path, token=token, now=now)
        elif call.path == RENEW:
            hmac.digest(hmac.digest(b"k" * 32, b"l" * 22, "sha256"), call.body, "sha256")
        signature = sodium.crypto_sign(SIGNED, SECRET)[:64]
        return Answer(200, self.body % b64(signature).encode(), (("Content-Type", "application/json"),))

    def answer_all(self, several: Sequence[Any], *, now: datetime) -> list[Any]:
        """Answer several."""
        return [self.answer(call, now=now) for call in several]


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description="Serve REF.")
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "licet.config.settings")
    import django

    django.setup()
    from licet.gateway.door import CALLS
    from licet.gateway.server import serve

    for path in (VALIDATE, CHECKOUT, RENEW):
        CALLS.setdefault(path, next(iter(CALLS.values())))
    reference: Any = Reference()
    serve(host="127.0.0.1", port=port, lean=True, shared=False, door=reference)


if __name__ == "__main__":
    main()
