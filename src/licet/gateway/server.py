"""The dedicated gateway process: uvicorn with the door in it, and nothing else."""

import asyncio
import gc
import logging
import os
import socket
from pathlib import Path
from typing import IO, Any

import uvicorn
from django.conf import settings
from django.db import connections

from licet.gateway.asgi import DoorApplication
from licet.gateway.door import Door
from licet.gateway.grouping import Grouping
from licet.gateway.protocol import DoorProtocol, fits, watch
from licet.kernel import clock

log = logging.getLogger("licet.gateway")

GRACE_SECONDS = 30
"""How long a stop waits for calls that are on their way."""


class AlreadyRunning(Exception):
    """Another gateway process writes to this SQLite database."""


class GatewayServer(uvicorn.Server):
    """uvicorn's server, which makes the group of the loop first and ends it last."""

    def __init__(
        self, config: uvicorn.Config, *, door: Door, application: DoorApplication, threads: int
    ) -> None:
        super().__init__(config)
        self.door, self.application, self.threads = door, application, threads

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Make what answers calls, then listen."""
        loop = asyncio.get_running_loop()
        self.grouping = Grouping(door=self.door, clock=clock.read, loop=loop, threads=self.threads)
        DoorProtocol.grouping = self.application.grouping = self.grouping
        await super().startup(sockets)
        self.watching = loop.create_task(watch(lambda: list(self.server_state.connections)))
        # What a call makes is freed without the collector. It looks for circles seldom, never at what stays.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 50, 100)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen no more, answer what has come, and end."""
        await super().shutdown(sockets)
        self.watching.cancel()
        self.grouping.close()


def serve(*, host: str, port: int, lean: bool | None, shared: bool, door: Door | None = None) -> None:
    """Answer the door's calls until told to stop.

    `lean`: by our own protocol class (True), by plain ASGI (False), or by what fits uvicorn (None).
    `shared`: other gateway processes listen on the same port. Raises AlreadyRunning.
    """
    on_sqlite = connections["default"].vendor == "sqlite"
    lock = claim(folder=settings.DATA) if on_sqlite else None
    prepare_connections()
    if lean is None:
        lean = fits()
        if not lean:
            log.warning("this uvicorn is not the one the lean protocol was made for: plain ASGI instead")
    application = DoorApplication()
    protocol: Any = DoorProtocol if lean else "httptools"
    config = uvicorn.Config(
        application,
        http=protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=None if lean else DoorProtocol.most_connections,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    # on PostgreSQL two: one group waits for the disk while the next is read
    threads = 0 if on_sqlite else 2
    server = GatewayServer(config, door=door or Door(), application=application, threads=threads)
    with listening(host=host, port=port, shared=shared) as sock:
        log.info("the gateway answers on http://%s:%s", *sock.getsockname()[:2])
        server.run(sockets=[sock])
    if lock is not None:
        lock.close()


def listening(*, host: str, port: int, shared: bool) -> socket.socket:
    """Return a socket that listens; OSError where the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sock.bind((host, port))
    sock.setblocking(False)
    return sock


def claim(*, folder: Path) -> IO[str]:
    """Be the one gateway process that writes to this folder's SQLite; AlreadyRunning where there is another.

    Two of them would make each check-out dearer than one (they wait for each other's locks by sleeping).
    """
    file = (folder / "gateway.lock").open("a+", encoding="utf-8")
    try:
        import fcntl
    except ImportError:  # no Unix: the operator's care
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise AlreadyRunning from None
    return file


def prepare_connections() -> None:
    """Set this process's database connections up for the door alone.

    SQLite: one thread, the loop's, which reads in microseconds: Django is told that this is meant; and
    the door reads columns as they are stored. PostgreSQL: plans are made once, not for each array's length.
    """
    connection = connections["default"]
    connection.close()
    options = connection.settings_dict["OPTIONS"]
    if connection.vendor == "sqlite":
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        options["detect_types"] = 0
    else:
        earlier = options.get("options", "")
        options["options"] = f"{earlier} -c plan_cache_mode=force_generic_plan -c jit=off".strip()
