"""What applications ask the door for in `bench.hot`: validate a code, check out, renew.

Each takes random customers, has its requests ready before the clock runs where it can, and checks
answers: all for their status, one in fifty for signature and content.
"""

import json
import random
from array import array
from collections import deque
from typing import Any

import nacl.bindings as sodium

from bench.load import Device, Request, b64, claims, keyed, post
from bench.rows import Copies

VALIDATE, CHECKOUT, RENEW = "/v1/codes/validate", "/v1/leases/checkout", "/v1/leases/renew"
EVERY = 50
"""One answer in so many is verified."""


class Verifier:
    """Verifies signatures of the server's keys, as its certificates name them."""

    def __init__(self, keys: list[dict[str, Any]]) -> None:
        self.keys = {key["kid"]: _unb64(key["x"]) for key in keys}
        self.seen = 0

    def look(self, text: str) -> dict[str, Any] | None:
        """Verify one answer in fifty and return its claims."""
        self.seen += 1
        if self.seen % EVERY:
            return None
        head, body, signature = text.split(".")
        public = self.keys[json.loads(_unb64(head))["kid"]]
        sodium.crypto_sign_open(_unb64(signature) + f"{head}.{body}".encode(), public)
        return claims(text)


def _unb64(text: str) -> bytes:
    import base64

    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Counter:
    """Numbers that grow over all runs on one world: every device's counter is behind them."""

    def __init__(self, start: int) -> None:
        self.value = start

    def next(self) -> int:
        """Return the next one."""
        self.value += 1
        return self.value


class Customers:
    """Random customers, none again before all others: two calls of one device would race each other."""

    def __init__(self, *, numbers: range, chance: random.Random) -> None:
        self.order = array("L", numbers)
        chance.shuffle(self.order)
        self.at = 0

    def next(self) -> int:
        """Return the number of the next one."""
        self.at = (self.at + 1) % len(self.order)
        return self.order[self.at]


class Validate:
    """Ask whether a code holds; random codes."""

    name = "validate a code"

    def __init__(
        self, *, copies: Copies, host: str, verifier: Verifier | None, chance: random.Random
    ) -> None:
        self.copies, self.host, self.verifier, self.chance = copies, host, verifier, chance
        self.ready: deque[Request] = deque()

    def prepare(self, count: int) -> None:
        """Make requests."""
        while len(self.ready) < count:
            code = self.copies.code(self.chance.randrange(self.copies.active))
            values = {"code": code, "product": self.copies.product, "nonce": b64(self.chance.randbytes(12))}
            self.ready.append(post(VALIDATE, values, host=self.host))

    def take(self) -> tuple[Request, None]:
        """Return a request."""
        if not self.ready:
            self.prepare(100)
        return self.ready.popleft(), None

    def done(self, what: None, status: int, body: bytes) -> None:
        """Look at the answer."""
        assert status == 200, body
        if self.verifier:
            self.verifier.look(json.loads(body)["answer"])


class CheckOut:
    """Ask for a lease with a fresh proof."""

    name = "check-out"

    def __init__(
        self,
        *,
        copies: Copies,
        address: str,
        host: str,
        verifier: Verifier | None,
        counter: Counter,
        chance: random.Random,
        numbers: range | None = None,
    ) -> None:
        """`numbers`: the customers who call; else all of them."""
        self.copies, self.host, self.verifier = copies, host, verifier
        self.counter, self.url = counter, address + CHECKOUT
        self.customers = Customers(numbers=numbers or range(copies.active), chance=chance)
        self.device = Device(copies.seed)
        self.ready: deque[Request] = deque()
        self.leases: deque[tuple[str, str]] = deque(maxlen=60_000)  # what `Renew` begins with

    def prepare(self, count: int) -> None:
        """Sign proofs; they hold for five minutes."""
        while len(self.ready) < count:
            token = self.copies.token(self.customers.next())
            proof = self.device.proof(address=self.url, token=token, counter=self.counter.next())
            values = {"product": self.copies.product, "process": "main"}
            headers = {"Authorization": f"DPoP {token}", "DPoP": proof}
            self.ready.append(post(CHECKOUT, values, host=self.host, **headers))

    def take(self) -> tuple[Request, None]:
        """Return a request."""
        if not self.ready:
            self.prepare(100)
        return self.ready.popleft(), None

    def done(self, what: None, status: int, body: bytes) -> None:
        """Look at the answer."""
        assert status == 200, body
        if self.verifier is None:
            return
        values = json.loads(body)
        self.verifier.look(values["lease"])
        self.leases.append((values["lease"], values["renew_key"]))


class Renew:
    """Renew what was checked out, each lease again and again, in turn.

    So soon after each other these are renewals that the door may keep in memory. With `once` each lease is
    renewed once; of a server that has just started, each of them is read and written.
    """

    name = "renew"

    def __init__(
        self,
        *,
        leases: deque[tuple[str, str]],
        host: str,
        verifier: Verifier | None,
        counter: Counter,
        once: bool = False,
    ) -> None:
        self.host, self.verifier, self.counter, self.once = host, verifier, counter, once
        self.leases: deque[tuple[str, str]] = deque()
        # A customer drawn twice checked out twice: the later lease is the one that goes on.
        for lease, secret in {claims(lease)["sub"]: (lease, secret) for lease, secret in leases}.values():
            self.leases.append((claims(lease)["jti"], secret))

    def prepare(self, count: int) -> None:
        """Nothing can be made beforehand: each request depends on the answer before."""

    def take(self) -> tuple[Request, tuple[str, str]]:
        """Return a request."""
        lease, secret = self.leases.popleft()
        values = keyed(lease=lease, secret=secret, counter=self.counter.next())
        return post(RENEW, values, host=self.host), (lease, secret)

    def done(self, what: tuple[str, str], status: int, body: bytes) -> None:
        """Look at the answer, go on with the next lease's secret."""
        assert status == 200, body
        if self.verifier is None:
            self.leases.append(what)
            return
        values = json.loads(body)
        self.verifier.look(values["lease"])
        if not self.once:
            self.leases.append((claims(values["lease"])["jti"], values["renew_key"]))
