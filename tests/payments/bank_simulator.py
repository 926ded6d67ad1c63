"""A bank of this machine (mock-bank): takes files of debits, lets money come, ends days in statements."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import mockbank

OURS = "FR7630006000011234567890189"
"""The account of the vendor of the tests."""


@dataclass
class Bank:
    """What a customer of the bank can do, and what the bank can be made to do."""

    address: str

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Return the status and what the bank answers."""
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        asked = Request(f"{self.address}{path}", data=data, method=method)
        try:
            with urlopen(asked) as answer:
                return answer.status, _value(answer.read())
        except HTTPError as refused:
            with refused:
                return refused.code, _value(refused.read())

    def collect(self, *, content: str) -> tuple[int, Any]:
        """Hand in a file of direct debits."""
        return self.ask("POST", "/payments", content.encode())

    def receive(self, *, amount: int, **told: Any) -> None:
        """Let money come from somebody: `note` is free text, `reference` the structured one."""
        debtor = {"name": "Atelier Nord", "iban": "FR1420041010050500013M02606"}
        status, answer = self.ask(
            "POST", "/_mock/credits", {"account": "OURS", "amount": amount, "debtor": debtor, **told}
        )
        assert status == 201, answer

    def send_back(self, *, number: str, reason: str) -> None:
        """Let the debtor's bank take a collection back."""
        status, answer = self.ask("POST", f"/_mock/collections/{number}/refuse", {"reason": reason})
        assert status in (200, 201), answer

    def pass_to(self, *, day: date) -> None:
        """Let days pass, until the morning of one."""
        status, answer = self.ask("POST", f"/_mock/advance?to={day.isoformat()}")
        assert status == 200, answer

    def statements(self) -> list[bytes]:
        """Take the statements out of the mailbox that were not taken yet, the oldest first."""
        _, waiting = self.ask("GET", "/_mock/mailbox?type=camt.053")
        return [each["body"].encode() for each in waiting if each["account"] == "OURS"]


def _value(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return content.decode()


@contextmanager
def opened(*, day: date) -> Iterator[Bank]:
    """Open the bank on the morning of a day, with the vendor's account."""
    config = mockbank.Config(port=0, quiet=True, timezone="Europe/Paris", clock=f"{day.isoformat()}T09:00:00")
    server = mockbank.make_server(config)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        bank = Bank(f"http://127.0.0.1:{server.server_address[1]}")
        ours = {"id": "OURS", "name": "Maquette SAS", "iban": OURS, "bic": "AGRIFRPP"}
        status, answer = bank.ask("POST", "/_mock/accounts", ours)
        assert status == 201, answer
        yield bank
    finally:
        server.shutdown()
        server.server_close()
