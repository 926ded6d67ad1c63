"""10,000 contracts are due on one day: how long a renewal takes, what it asks of the database, and that a
worker that is killed in the middle leaves nothing twice and no number out. The same of their invoices.

Mails and PDFs, which follow from invoices, are left waiting: `bench.frame invoice` measures a document.
"""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.frame import Figure, prepare

MANY = int(os.environ.get("LICET_BENCH_RENEWALS", "10000"))
BATCH = 1_000
KILLED_AFTER = 12.0
NEXT_TRY = timedelta(minutes=10)
"""What a killed worker had in hand comes back into sight within that time."""


class _Counted:
    """Counts what is asked of the database."""

    calls = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.calls += 1
        return execute(sql, params, many, context)


def main() -> list[Figure]:
    """Make the contracts, kill a worker that renews them, let the next one finish, and count."""
    prepare()
    from django.db import connection

    from licet.kernel.actor import system
    from licet.orders import renewing
    from licet.orders.models import Order

    counted = _Counted()
    now = _contracts()
    due = f"renewing.renew_due(by=system(label='bench'), now={_spelled(now)})"
    _killed(code=f"from licet.kernel.actor import system\nfrom licet.orders import renewing\n{due}")
    done = Order.objects.filter(kind="renewal").count()
    by, start = system(label="bench"), time.perf_counter()
    with connection.execute_wrapper(counted):
        rest = renewing.renew_due(by=by, now=now)
    spent = time.perf_counter() - start
    statements = (counted.calls - 1) / max(rest, 1)
    numbers = list(Order.objects.order_by("number").values_list("number", flat=True))
    if done + rest != MANY or Order.objects.filter(kind="renewal").count() != MANY:
        raise SystemExit(f"{done} and {rest} renewals, {MANY} contracts")
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        raise SystemExit("the numbers of orders have a gap")
    return [
        Figure(what=f"renewal, one of {MANY:,} due on one day", value=1000 * spent / max(rest, 1), unit="ms"),
        Figure(what="renewals before the worker was killed", value=done, unit=""),
        Figure(what="renewals after it: none twice, no number left out", value=rest, unit=""),
        Figure(what="statements of one renewal", value=statements, unit=""),
        *_invoices(now=now),
    ]


def _invoices(*, now: datetime) -> list[Figure]:
    """Have a worker that is killed and the one after it write the invoices; count them, and look for gaps."""
    from licet.invoices.models import Invoice

    _killed(code=f"from bench import renewals; renewals.invoice_all(now={_spelled(now)})")
    done, start = Invoice.objects.count(), time.perf_counter()
    invoice_all(now=now + NEXT_TRY)
    spent, rest = time.perf_counter() - start, Invoice.objects.count() - done
    places = sorted(Invoice.objects.values_list("position", flat=True))
    subjects = Invoice.objects.values("subject").distinct().count()
    if done + rest != MANY + 1 or subjects != MANY + 1:
        raise SystemExit(f"{done} and {rest} invoices of {subjects} orders, {MANY + 1} orders")
    if places != list(range(places[0], places[0] + len(places))):
        raise SystemExit("the series of invoices has a gap")
    return [
        Figure(what="invoice of a renewal, number to snapshot", value=1000 * spent / max(rest, 1), unit="ms"),
        Figure(what="invoices before the worker was killed", value=done, unit=""),
        Figure(what="invoices after it: none twice, no number left out", value=rest, unit=""),
    ]


def invoice_all(*, now: datetime) -> None:
    """Do what a worker does, of the deliveries that write invoices; others are put off."""
    from licet.eventlog.change import dotted
    from licet.eventlog.deliveries import claim, run
    from licet.orders.invoicing import order_stands

    writes = dotted(handler=order_stands)
    while delivery := claim(now=now):
        if delivery.handler == writes:
            run(delivery=delivery, now=now, chance=lambda: 0.5)


def _contracts() -> datetime:
    """Buy one license through the shop, then copy its rows; return a moment at which all terms are over."""
    from licet.accounts.models import Person
    from licet.catalog import actions as catalog
    from licet.catalog.document import EXAMPLE, read
    from licet.kernel.actor import system
    from licet.licenses.models import License
    from licet.orders import actions as orders
    from licet.orders.models import Contract, ContractItem
    from licet.orders.queries import basket_of
    from licet.orders.rules import Address

    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    document = read(text=EXAMPLE.read_text(encoding="utf-8"))
    catalog.import_catalog(document=document, by=system(label="bench"), now=now)
    person = Person.objects.create_user("bench@example.com", "x" * 20, full_name="Bench", date_joined=now)
    orders.place(
        basket=basket_of(wanted={"atelier-structure-year": 1}, on=now.date()),
        team=None,
        team_name="Bench",
        address=Address(
            company="Bench",
            name="Bench",
            street="1 rue",
            postal_code="67000",
            city="Strasbourg",
            country="FR",
        ),
        checkout_key="bench-0001",
        language="en",
        by=person.actor(),
        now=now,
    )
    contract, item, license = Contract.objects.get(), ContractItem.objects.get(), License.objects.get()
    rows = range(1, MANY)
    for model, row, values in (
        (License, license, lambda n: {"public_id": f"lic_{n:012}"}),
        (Contract, contract, lambda n: {"public_id": f"con_{n:012}", "number": contract.number + n}),
        (
            ContractItem,
            item,
            lambda n: {"license_id": license.pk + n, "contract_id": contract.pk + n},
        ),
    ):
        fields = {each.attname: getattr(row, each.attname) for each in model._meta.concrete_fields}
        copies = (model(**{**fields, "id": row.pk + n, **values(n)}) for n in rows)
        model.objects.bulk_create(copies, batch_size=BATCH)
    return now + timedelta(days=366)


def _killed(*, code: str) -> None:
    """Let a worker run for some seconds and kill it without a warning."""
    code = f"import django; django.setup()\nfrom datetime import datetime\n{code}\n"
    worker = subprocess.Popen([sys.executable, "-c", code])
    time.sleep(KILLED_AFTER)
    worker.send_signal(signal.SIGKILL)
    worker.wait()


def _spelled(now: datetime) -> str:
    return f"datetime.fromisoformat({now.isoformat()!r})"
