"""A stand-in for Stripe: answers the few calls that are made, and checks each against Stripe's own document.

`stripe-schemas.json` says where it comes from.
"""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jsonschema

from licet.kernel.money import Money
from licet.payments.providers.stripe.provider import API_VERSION, KEY
from licet.payments.states import Told

SCHEMAS = json.loads((Path(__file__).parent / "stripe-schemas.json").read_text())
SECRET = "whsec_1"


class StandIn:
    """What came in and what is there."""

    def __init__(self) -> None:
        self.address = ""
        self.sessions: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self.seen: list[tuple[str, dict[str, Any]]] = []
        self.faults: list[str] = []
        self.broken = 0

    def post(self, path: str, form: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
        self.seen.append((path, form))
        if self.broken:
            return self.broken, {"error": {"type": "api_error", "message": "down", "code": "down"}}
        try:
            jsonschema.validate(form, SCHEMAS["requests"][path])
        except jsonschema.ValidationError as fault:
            self.faults.append(fault.message)
            return 400, {"error": {"type": "invalid_request_error", "message": fault.message, "code": "bad"}}
        if key in self.answers:
            return 200, self.answers[key]
        made = self.session(form) if path.endswith("sessions") else self.refund(form)
        jsonschema.validate(made, SCHEMAS["answers"][made["object"]])
        self.answers[key] = made
        return 200, made

    def session(self, form: dict[str, Any]) -> dict[str, Any]:
        price = form["line_items"][0]["price_data"]
        number = f"cs_test_{len(self.sessions) + 1}"
        self.sessions[number] = {
            "id": number,
            "object": "checkout.session",
            "url": f"https://checkout.stripe.com/c/pay/{number}",
            "status": "open",
            "payment_status": "unpaid",
            "amount_total": int(price["unit_amount"]),
            "currency": price["currency"],
            "payment_intent": f"pi_{number}",
            "metadata": form.get("metadata", {}),
            "mode": "payment",
            "client_reference_id": form["client_reference_id"],
            "livemode": False,
            "created": 1772442000,
        }
        return self.sessions[number]

    def refund(self, form: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": f"re_{len(self.answers)}",
            "object": "refund",
            "amount": int(form["amount"]),
            "currency": "eur",
            "status": "succeeded",
            "payment_intent": form["payment_intent"],
            "created": 1772442000,
        }


@contextmanager
def running() -> Iterator[StandIn]:
    """Start it on a free port."""
    stand_in = StandIn()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            assert self.headers["Stripe-Version"] == API_VERSION
            self._say(*stand_in.post(self.path, nested(body), self.headers["Idempotency-Key"]))

        def do_GET(self) -> None:
            found = stand_in.sessions.get(self.path.rpartition("/")[2])
            self._say(*((200, found) if found else (404, {"error": {"code": "resource_missing"}})))

        def _say(self, status: int, value: dict[str, Any]) -> None:
            content = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *words: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    stand_in.address = f"http://127.0.0.1:{server.server_port}"
    yield stand_in
    server.shutdown()
    server.server_close()


def nested(body: str) -> dict[str, Any]:
    """Read `a[b][0][c]=1` as the values that it stands for; numbers as numbers."""
    root: dict[str, Any] = {}
    for name, value in parse_qsl(body, keep_blank_values=True):
        head, *rest = name.replace("]", "").split("[")
        node, key = root, head
        for each in rest:
            node = node.setdefault(key, {})
            key = each
        node[key] = int(value) if value.isdigit() else value
    return _lists(root)


def _lists(value: Any) -> Any:
    if isinstance(value, dict):
        if value and all(key.isdigit() for key in value):
            return [_lists(value[key]) for key in sorted(value, key=int)]
        return {key: _lists(each) for key, each in value.items()}
    return value


def signed(
    *, told: Told, payment: str, amount: Money, at: datetime, body: bytes | None = None, number: str = "1"
) -> tuple[dict[str, str], bytes]:
    """Return an event as Stripe sends it: headers and body, checked against Stripe's document."""
    body = event(told=told, payment=payment, amount=amount, at=at, number=number) if body is None else body
    moment = str(int(at.timestamp()))
    mac = hmac.new(SECRET.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"stripe-signature": f"t={moment},v1={'0' * 64},v1={mac}"}, body


def event(*, told: Told, payment: str, amount: Money, at: datetime, number: str = "1") -> bytes:
    """Return the body of an event."""
    kind, thing = {
        Told.SETTLED: ("checkout.session.completed", _session(payment, amount, "paid")),
        Told.PENDING: ("checkout.session.completed", _session(payment, amount, "unpaid")),
        Told.FAILED: (
            "checkout.session.expired",
            {**_session(payment, amount, "unpaid"), "status": "expired"},
        ),
        Told.REFUNDED: ("charge.refunded", _charge(payment, amount)),
        Told.CHARGED_BACK: ("charge.dispute.funds_withdrawn", _dispute(amount)),
        Told.REINSTATED: ("charge.dispute.funds_reinstated", _dispute(amount)),
    }[told]
    jsonschema.validate(thing, SCHEMAS["answers"][thing["object"]])
    value = {
        "id": f"evt_{number}_{told}",
        "object": "event",
        "type": kind,
        "created": int(at.timestamp()),
        "livemode": False,
        "data": {"object": thing},
    }
    jsonschema.validate(value, SCHEMAS["answers"]["event"])
    return json.dumps(value).encode()


def _session(payment: str, amount: Money, paid: str) -> dict[str, Any]:
    return {
        "id": "cs_test_1",
        "object": "checkout.session",
        "url": None,
        "status": "complete",
        "payment_status": paid,
        "amount_total": amount.amount,
        "currency": amount.currency.lower(),
        "payment_intent": "pi_cs_test_1",
        "metadata": {KEY: payment},
        "mode": "payment",
        "client_reference_id": payment,
        "livemode": False,
        "created": 1772442000,
    }


def _charge(payment: str, amount: Money) -> dict[str, Any]:
    return {
        "id": "ch_1",
        "object": "charge",
        "amount": amount.amount,
        "amount_refunded": amount.amount,
        "currency": amount.currency.lower(),
        "payment_intent": "pi_cs_test_1",
        "metadata": {KEY: payment},
        "refunded": True,
        "created": 1772442000,
    }


def _dispute(amount: Money) -> dict[str, Any]:
    return {
        "id": "dp_1",
        "object": "dispute",
        "amount": amount.amount,
        "currency": amount.currency.lower(),
        "payment_intent": "pi_cs_test_1",
        "charge": "ch_1",
        "metadata": {},
        "reason": "fraudulent",
        "status": "needs_response",
        "created": 1772442000,
    }
