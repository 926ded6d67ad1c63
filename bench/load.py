"""Applications that call the door, by the thousand: one event loop, kept connections, ready requests.

Closed loop: each connection sends its next request when it has the last answer. At a rate: each request
leaves at its moment, whatever became of the ones before, and latency counts from that moment.
"""

import asyncio
import base64
import gc
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

import nacl.bindings as sodium

Request = bytes


class Work(Protocol):
    """What is asked again and again."""

    def take(self) -> tuple[Request, Any]:
        """Return the next request, and what `done` needs in order to know it again."""
        ...

    def done(self, what: Any, status: int, body: bytes) -> None:
        """Look at its answer."""
        ...


@dataclass(slots=True)
class Result:
    """What a slice of load gave."""

    answers: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    def quantile(self, part: float) -> float:
        """Return the latency, in milliseconds, that this part of the answers did not pass."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] * 1e3 if ordered else 0.0


class Connection(asyncio.Protocol):
    """One kept connection with one request under way."""

    def __init__(self) -> None:
        self.buffer = b""
        self.waiting: asyncio.Future[tuple[int, bytes]] | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Put packets together until an answer is whole."""
        self.buffer += data
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        at = head.lower().index(b"content-length:") + 15
        length = int(head[at:].split(b"\r\n", 1)[0])
        if len(rest) < length:
            return
        self.buffer = rest[length:]
        waiting, self.waiting = self.waiting, None
        if waiting and not waiting.done():
            waiting.set_result((int(head[9:12]), rest[:length]))

    def connection_lost(self, error: Exception | None) -> None:
        """Tell who waits."""
        if self.waiting and not self.waiting.done():
            self.waiting.set_exception(error or ConnectionResetError("the server hung up"))

    async def send(self, request: Request) -> tuple[int, bytes]:
        """Send one request and return status and body of its answer."""
        assert self.transport
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self.waiting


async def closed(*, port: int, clients: int, seconds: float, work: Work) -> Result:
    """Let so many clients call one after the other for so long."""
    result, end = Result(), time.perf_counter() + seconds

    async def one(line: Connection) -> None:
        while (start := time.perf_counter()) < end:
            request, what = work.take()
            status, body = await line.send(request)
            result.latencies.append(time.perf_counter() - start)
            work.done(what, status, body)

    await _together(port=port, clients=clients, each=one, result=result)
    return result


async def paced(*, port: int, clients: int, seconds: float, rate: float, work: Work) -> Result:
    """Let requests leave at a rate (per second), spread over so many clients."""
    result, start = Result(), time.perf_counter() + 0.1
    numbers = itertools.count()

    async def one(line: Connection) -> None:
        while (moment := start + next(numbers) / rate) < start + seconds:
            pause = moment - time.perf_counter()
            if pause > 0:
                await asyncio.sleep(pause)
            request, what = work.take()
            status, body = await line.send(request)
            result.latencies.append(time.perf_counter() - moment)
            work.done(what, status, body)

    await _together(port=port, clients=clients, each=one, result=result)
    return result


async def _together(
    *, port: int, clients: int, each: Callable[[Connection], Coroutine[Any, Any, None]], result: Result
) -> None:
    loop = asyncio.get_running_loop()
    opened = [await loop.create_connection(Connection, "127.0.0.1", port) for _ in range(clients)]
    gc.collect()
    gc.disable()  # its pauses would be told as the server's
    begin = time.perf_counter()
    try:
        await asyncio.gather(*(each(line) for _, line in opened))
    finally:
        gc.enable()
    result.seconds = time.perf_counter() - begin
    result.answers = len(result.latencies)
    for transport, _ in opened:
        transport.close()


def post(path: str, values: dict[str, Any], *, host: str, **headers: str) -> Request:
    """Return a request's bytes."""
    body = json.dumps(values, separators=(",", ":")).encode()
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {host}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def b64(data: bytes) -> str:
    """Return URL-safe base 64 without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Device:
    """The one device key that all customers of the bench share; it makes proofs by the thousand."""

    def __init__(self, seed: bytes) -> None:
        self.public, self.secret = sodium.crypto_sign_seed_keypair(seed)
        jwk = {"crv": "Ed25519", "kty": "OKP", "x": b64(self.public)}
        header = {"alg": "EdDSA", "jwk": jwk, "typ": "dpop+jwt"}
        self.head = b64(json.dumps(header, separators=(",", ":")).encode())

    def proof(self, *, address: str, token: str, counter: int) -> str:
        """Return a proof of this call, in the form of DPoP."""
        claims = {
            "htm": "POST",
            "htu": address,
            "iat": int(time.time()),
            "jti": f"n{counter:015d}",
            "ath": b64(hashlib.sha256(token.encode()).digest()),
            "seq": counter,
        }
        text = f"{self.head}.{b64(json.dumps(claims, separators=(',', ':')).encode())}"
        return f"{text}.{b64(sodium.crypto_sign(text.encode(), self.secret)[:64])}"


def keyed(*, lease: str, secret: str, counter: int) -> dict[str, Any]:
    """Return the body of a renewal under the secret that came with the lease."""
    nonce = f"n{counter:015d}"
    text = f"licet-renew/1\n{lease}\n{counter}\n{nonce}"
    key = base64.urlsafe_b64decode(secret + "=")
    mac = b64(hmac.digest(key, text.encode(), "sha256"))
    return {"lease": lease, "seq": counter, "nonce": nonce, "mac": mac}


def claims(text: str) -> dict[str, Any]:
    """Return the claims of a JWS, unverified."""
    body = text.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found
