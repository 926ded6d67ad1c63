"""A database with people, seats and devices for servers that run as processes of their own.

`python -m tests.gateway.staging 3` migrates the database that the environment names, gives three members
of a team a seat and a device each, and prints what their machines know as JSON. `Remote` is such a machine:
it makes its calls over a socket.
"""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.browser import ROOT, free_port

PATIENCE_SECONDS = 60


def surroundings(*, folder: Path, database: str = "") -> dict[str, str]:
    """Return the environment of a process on this data folder, or on a database of its own."""
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "TMPDIR"}}
    folder.mkdir(parents=True, exist_ok=True)
    made = {"LICET_DATA": str(folder), "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    made |= {"LICET_DEMO": "yes", "LICET_URL": "http://127.0.0.1:8000"}
    return kept | made | ({"DATABASE_URL": database} if database else {})


def stage(*, count: int, environment: dict[str, str]) -> dict[str, Any]:
    """Prepare a database; return what its machines know, and the product's code."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.gateway.staging", str(count)],
        env=environment | {"DJANGO_SETTINGS_MODULE": "licet.config.settings"},
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=PATIENCE_SECONDS * 3,
    )
    values: dict[str, Any] = json.loads(found.stdout)
    return values


class Process:
    """A server that answers the door's calls: `run` (WSGI), or the gateway with a transport."""

    def __init__(self, *, kind: str, environment: dict[str, str], folder: Path) -> None:
        self.port = free_port()
        command = ["run"] if kind == "wsgi" else ["gateway", "--transport", kind]
        self.log = folder / f"{kind}-{self.port}.log"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "licet", *command, "--port", str(self.port)],
            env=environment,
            cwd=ROOT,
            stdout=self.log.open("wb"),
            stderr=subprocess.STDOUT,
        )

    def wait(self) -> "Process":
        """Stay until it listens."""
        from licet.config.processes import answers

        if not answers(host="127.0.0.1", port=self.port, seconds=PATIENCE_SECONDS):
            self.process.kill()
            raise AssertionError(self.log.read_text())
        return self

    def stop(self) -> int:
        """Ask it to end, and wait for that."""
        self.process.terminate()
        return self.process.wait(timeout=PATIENCE_SECONDS)


class Wire:
    """A connection, read answer by answer."""

    def __init__(self, port: int, *, seconds: float = 10) -> None:
        self.link = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        self.rest = b""

    def send(self, data: bytes) -> None:
        """Write bytes as they are."""
        self.link.sendall(data)

    def read(self) -> tuple[int, dict[str, str], bytes]:
        """Return the next answer: status, headers in lower case, body. EOFError when the other side ends."""
        while b"\r\n\r\n" not in self.rest:
            self._more()
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = [line.split(":", 1) for line in lines]
        headers = {name.lower(): value.strip() for name, value in pairs}
        size = int(headers.get("content-length", "0"))
        while len(self.rest) < size:
            self._more()
        body, self.rest = self.rest[:size], self.rest[size:]
        return int(first.split(" ", 2)[1]), headers, body

    def _more(self) -> None:
        more = self.link.recv(65536)
        if not more:
            raise EOFError
        self.rest += more

    def close(self) -> None:
        """Hang up."""
        self.link.close()


def request(path: str, body: bytes, headers: dict[str, str] | None = None, *, method: str = "POST") -> bytes:
    """Return a whole request."""
    fields = {"Host": "127.0.0.1", "Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = [f"{name}: {value}" for name, value in (fields | (headers or {})).items()]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode("latin-1") + body


def remote(values: dict[str, Any], port: int) -> Any:
    """Return a machine from what `stage` printed, which calls the server on this port."""
    from datetime import UTC, datetime

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from tests.doorway import Machine, Reply

    class Remote(Machine):
        """A machine beyond a socket; one connection, kept."""

        def __init__(self) -> None:
            self.private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(values["seed"]))
            self.jwk, self.token = values["jwk"], values["token"]
            self.counter, self.nonce = values.get("counter", 0), ""
            self.now = datetime.now(UTC)
            self.wire: Wire | None = None

        def written(self, path: str, body: Any, **parts: Any) -> bytes:
            """Return a call as it goes over the wire."""
            headers = {"Authorization": parts.get("authorization"), "DPoP": parts.get("proof")}
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            return request(path, data, {name: value for name, value in headers.items() if value})

        def call(self, path: str, body: Any, **parts: Any) -> Reply:
            """Send one call and read its answer."""
            self.wire = self.wire or Wire(port)
            self.wire.send(self.written(path, body, **parts))
            status, headers, text = self.wire.read()
            return Reply(status, headers, json.loads(text))

    return Remote()


def main() -> None:
    """Prepare the database of the environment, under the secrets that the server will find."""
    import django

    from licet.config.cli import provide_secrets

    provide_secrets(data=Path(os.environ["LICET_DATA"]))
    django.setup()
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    # from the models, as quickly as tests/conftest.py makes them; `licet run` takes them for migrated
    modules, settings.MIGRATION_MODULES = (
        settings.MIGRATION_MODULES,
        {each.label: None for each in apps.get_app_configs()},
    )
    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    settings.MIGRATION_MODULES = modules
    call_command("migrate", verbosity=0, interactive=False, fake=True)
    call_command("createcachetable", verbosity=0)
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from django.test import override_settings

    from licet.kernel import clock
    from tests import doorway
    from tests.world import World

    count = int(sys.argv[1])
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        world = World(now=clock.read())
        doorway.keys(now=world.now)
        app = doorway.application(products=[world.product], now=world.now)
        pool = world.licenses(seats=count).pool
        machines = []
        for number in range(count):
            person = world.person(f"person{number}@atelier.example")
            world.seat(pool, world.join(world.team, person))
            machine = doorway.Machine(person=person, app=app, now=world.now)
            seed = machine.private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
            machines.append({"seed": seed.hex(), "jwk": machine.jwk, "token": machine.token})
    print(json.dumps({"product": world.product.code, "machines": machines}))


if __name__ == "__main__":
    main()
