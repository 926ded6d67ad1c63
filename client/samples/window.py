"""A small application with a window that asks Licet whether it may run.

    python window.py --server http://localhost:8000 --application maquette-desktop --product atelier-structure

It shows what an application has to do: sign in through the browser, hold a lease while it runs, say
plainly when the license server is away or the seat is gone, take a lease along on a journey. Copy
from it what you need.
"""

import argparse
import queue
import threading
import tkinter as tk
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from tkinter import messagebox, ttk
from typing import Any

from licet_client import Client, Condition, Keeper, LicetError, NotSignedIn, Standing

COLORS = {
    Condition.GOOD: "#1a7f37",
    Condition.OFFLINE: "#9a6700",
    Condition.OUTAGE: "#9a6700",
    Condition.LOST: "#cf222e",
}
FEATURES = {"load-cases": "Load cases", "reinforcement": "Reinforcement", "report": "Report"}
"""What this application can do beyond the ordinary, by the feature of the license that opens it."""


class Window:
    """The application. Tk belongs to one thread: what threads find out comes through a queue."""

    def __init__(self, client: Client, product: str) -> None:
        self.client = client
        self.product = product
        self.keeper: Keeper | None = None
        self.found: queue.Queue[Callable[[], None]] = queue.Queue()
        self.root = tk.Tk()
        self.root.title("Example application")
        self.root.minsize(440, 260)
        self.root.protocol("WM_DELETE_WINDOW", self.close)
        self._build()
        self.root.after(100, self._look)

    def _build(self) -> None:
        page = ttk.Frame(self.root, padding=20)
        page.grid(sticky="nsew")
        self.root.columnconfigure(0, weight=1)
        self.root.rowconfigure(0, weight=1)
        page.columnconfigure(0, weight=1)
        self.state = tk.Label(page, text="Not started", font=("TkDefaultFont", 13, "bold"), anchor="w")
        self.plain = self.state.cget("foreground")
        self.state.grid(row=0, sticky="ew")
        self.detail = ttk.Label(page, text="Sign in to begin.", wraplength=400, justify="left")
        self.detail.grid(row=1, sticky="ew", pady=(4, 16))
        self.tools = ttk.Frame(page)
        self.tools.grid(row=2, sticky="ew", pady=(0, 16))
        self.feature = {
            code: ttk.Button(self.tools, text=text, state="disabled") for code, text in FEATURES.items()
        }
        for button in self.feature.values():
            button.pack(side="left", padx=(0, 8))
        row = ttk.Frame(page)
        row.grid(row=3, sticky="ew")
        for text, call in (
            ("Sign in", self.sign_in),
            ("Start", self.start),
            ("Take along for a week", self.borrow),
            ("Sign out", self.sign_out),
        ):
            ttk.Button(row, text=text, command=call).pack(side="left", padx=(0, 8))

    # --- what the buttons do: never in Tk's thread, the network may take its time -------------

    def sign_in(self) -> None:
        """Open the browser, then start."""
        self._say("Waiting for your browser …", "Sign in there and allow this application.")
        self._apart(self.client.sign_in, then=lambda profile: self.start())

    def start(self) -> None:
        """Hold a lease from now on; the thread of the keeper tells every change."""
        self.stop()
        self._say("Asking for a license …", "")
        keeper = self.client.keep(self.product, on_change=lambda standing: self._later(self.show, standing))
        self.keeper = keeper
        self._apart(keeper.start, then=lambda standing: None)

    def borrow(self) -> None:
        """Take a lease along that holds without network for a week."""
        until = datetime.now(UTC) + timedelta(days=7)
        self._apart(
            lambda: self.client.borrow(self.product, until=until),
            then=lambda lease: self._say(
                "Ready for the journey", f"Holds without network until {_local(lease.expires_at)}."
            ),
        )

    def sign_out(self) -> None:
        """Give everything back and forget it."""
        self.stop()
        self._apart(self.client.sign_out, then=lambda nothing: self._say("Signed out", "Sign in to begin."))

    def stop(self) -> None:
        """End the keeper, which gives an online lease back."""
        keeper, self.keeper = self.keeper, None
        if keeper is not None:
            threading.Thread(target=keeper.stop).start()

    def close(self) -> None:
        """Close the window, giving the lease back first."""
        if self.keeper is not None:
            self.keeper.stop()
        self.root.destroy()

    # --- what the user sees --------------------------------------------------------------------

    def show(self, standing: Standing) -> None:
        """Say how we stand with the license."""
        lease, error = standing.lease, standing.error
        sentence = error.sentence(self.client.language) if error else ""
        if standing.condition is Condition.GOOD and lease:
            rest = "also without network" if lease.borrowed else "renewed by itself"
            self._say("Licensed", f"Valid until {_local(lease.expires_at)}; {rest}.")
        elif standing.condition is Condition.OFFLINE and lease:
            self._say("Working offline", f"{sentence} Your license holds until {_local(lease.expires_at)}.")
        elif standing.condition is Condition.OUTAGE and lease:
            self._say(
                "The license server is away", f"{sentence} You can go on until {_local(lease.outage_until)}."
            )
        else:
            self._say("No license", sentence)
        self.state.configure(foreground=COLORS[standing.condition])
        for code, button in self.feature.items():
            button.configure(state="normal" if lease and lease.allows(code) else "disabled")
        if standing.condition is Condition.LOST and self.keeper and not isinstance(error, NotSignedIn):
            messagebox.showwarning("No license", f"{sentence}\n\nSave your work.")

    def _say(self, state: str, detail: str) -> None:
        self.state.configure(text=state, foreground=self.plain)
        self.detail.configure(text=detail)

    def _apart(self, call: Callable[[], Any], *, then: Callable[[Any], object]) -> None:
        def run() -> None:
            try:
                result = call()
            except LicetError as error:
                self._later(self._say, "That did not work", error.sentence(self.client.language))
            else:
                self._later(then, result)

        threading.Thread(target=run, daemon=True).start()

    def _later(self, call: Callable[..., object], *values: Any) -> None:
        self.found.put(lambda: (call(*values), None)[1])

    def _look(self) -> None:
        while not self.found.empty():
            self.found.get()()
        self.root.after(100, self._look)


def _local(moment: datetime) -> str:
    return f"{moment.astimezone():%d %b, %H:%M}"


def main() -> None:
    """Read the command line and open the window."""
    parser = argparse.ArgumentParser(description="A small application that asks Licet whether it may run.")
    parser.add_argument("--server", default="http://localhost:8000", help="address of the license server")
    parser.add_argument("--application", default="maquette-desktop", help="id of the application")
    parser.add_argument("--product", default="atelier-structure", help="code of the product")
    asked = parser.parse_args()
    Window(Client(asked.server, asked.application, language="en"), asked.product).root.mainloop()


if __name__ == "__main__":
    main()
