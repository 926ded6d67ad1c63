"""The same client for programs that run an event loop.

Every call runs in a thread, so that the loop goes on: the calls are few and wait for the network,
and one implementation is tested instead of two.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from licet_client.client import Client, Profile
from licet_client.elsewhere import Elsewhere
from licet_client.keeping import Keeper, Standing
from licet_client.lease import Lease

P = ParamSpec("P")
T = TypeVar("T")


async def _in_thread(call: Callable[P, T], /, *arguments: P.args, **named: P.kwargs) -> T:
    return await asyncio.to_thread(call, *arguments, **named)


class AsyncClient:
    """`Client`, with every method awaitable. Takes the same arguments, or a client that exists."""

    def __init__(self, server: str | Client, application: str = "", **more: Any) -> None:
        self.client = Client(server, application, **more) if isinstance(server, str) else server

    async def sign_in(self, *, show: Callable[[str], object] | None = None, timeout: float = 300) -> Profile:
        """Let the user sign in in the system browser; see `Client.sign_in`."""
        return await _in_thread(self.client.sign_in, show=show, timeout=timeout)

    async def sign_in_elsewhere(self, *, show: Callable[[Elsewhere], object]) -> Profile:
        """Let the user sign in with a browser on another device; see `Client.sign_in_elsewhere`."""
        return await _in_thread(self.client.sign_in_elsewhere, show=show)

    async def activate(self, code: str) -> Profile:
        """Sign in with a license code."""
        return await _in_thread(self.client.activate, code)

    async def profile(self) -> Profile:
        """Ask the server who is signed in here."""
        return await _in_thread(self.client.profile)

    async def sign_out(self) -> None:
        """Give every lease back and forget everything here."""
        await _in_thread(self.client.sign_out)

    async def checkout(self, product: str, *, project: str = "", instead_of: str = "") -> Lease:
        """Get a lease of the product from the server, verify and store it."""
        return await _in_thread(self.client.checkout, product, project=project, instead_of=instead_of)

    async def borrow(
        self, product: str, *, until: datetime, project: str = "", instead_of: str = ""
    ) -> Lease:
        """Take a lease along that holds without network until then."""
        return await _in_thread(
            self.client.borrow, product, until=until, project=project, instead_of=instead_of
        )

    async def renew(self, product: str) -> Lease:
        """Renew the stored lease."""
        return await _in_thread(self.client.renew, product)

    async def release(self, product: str) -> None:
        """Give the lease back at once."""
        await _in_thread(self.client.release, product)

    async def status(self, product: str) -> Lease:
        """Return the stored lease when it holds now. Needs no network."""
        return await _in_thread(self.client.status, product)

    @asynccontextmanager
    async def keep(
        self,
        product: str,
        *,
        on_change: Callable[[Standing], object] | None = None,
        release: bool = True,
    ) -> AsyncIterator[Keeper]:
        """Keep a lease alive while the block runs; `on_change` is called in the event loop's thread."""
        loop = asyncio.get_running_loop()

        def tell(standing: Standing) -> None:
            if on_change:
                loop.call_soon_threadsafe(on_change, standing)

        keeper = Keeper(self.client, product, on_change=tell, release=release)
        pause = await _in_thread(keeper.step)
        turning = asyncio.create_task(_turn(keeper, pause))
        try:
            yield keeper
        finally:
            turning.cancel()
            await asyncio.gather(turning, return_exceptions=True)
            if release:
                await _in_thread(keeper.give_back)


async def _turn(keeper: Keeper, pause: float | None) -> None:
    while pause is not None:
        await asyncio.sleep(pause)
        pause = await _in_thread(keeper.step)
