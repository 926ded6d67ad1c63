"""Money that comes: a card that is tried, a bank that tells."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from licet.eventlog.models import Event
from licet.kernel.actor import system
from licet.kernel.money import Money
from licet.orders import paying, settling
from licet.orders.models import Order
from licet.payments import receiving, statements
from licet.payments.actions import hand_over
from licet.payments.banking import BankEntry, StatementFile
from licet.payments.boundary import Urls
from licet.payments.models import Payment, ProviderEvent
from licet.payments.providers.testcard import provider as testcard
from licet.payments.states import Told
from tests.world import World

SITE = system(label="site")
URLS = Urls(back="https://x.example/back", cancelled="https://x.example/no", here="https://x.example/card")


@dataclass
class Till:
    """Pays orders."""

    world: World

    def begin(self, order: Order, method: str = "testcard", **other: Any) -> Payment:
        """Begin to pay, as who placed it; the provider knows of it."""
        by = order.placed_by.actor()
        values = {
            "order": order,
            "method": method,
            "email": order.placed_by.email,
            "by": by,
            "now": self.world.now,
        }
        payment = paying.begin(**{**values, **other})
        hand_over(payment=payment, urls=URLS, by=by, now=self.world.now)
        return payment

    def tell(self, payment: Payment, told: Told, amount: Money | None = None) -> ProviderEvent:
        """Let the provider tell; only stored."""
        headers, body = testcard.event(
            payment=payment.public_id, told=told, amount=amount or payment.amount, at=self.world.now
        )
        receiving.receive(code="testcard", headers=headers, body=body, by=SITE, now=self.world.now)
        return ProviderEvent.objects.get(event_id=f"tce_{payment.public_id}_{told}")

    def apply(self, payment: Payment, *many: Told, amount: Money | None = None) -> Payment:
        """Let the provider tell all this, and the worker apply it."""
        for told in many:
            settling.apply_event(event=self.tell(payment, told, amount), by=SITE, now=self.world.now)
        payment.refresh_from_db()
        return payment


def entry(reference: str = "", end_to_end: str = "", text: str = "", ref: str = "1", **other: Any) -> str:
    """Return an entry of a statement as XML."""
    amount, sign = other.get("amount", "1440.00"), other.get("sign", "CRDT")
    reason = f"<RtrInf><Rsn><Cd>{other['reason']}</Cd></Rsn></RtrInf>" if "reason" in other else ""
    structured = f"<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>" if reference else ""
    return f"""<Ntry><NtryRef>{ref}</NtryRef><Amt Ccy="{other.get("currency", "EUR")}">{amount}</Amt>
      <CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt>
      <AcctSvcrRef>S{ref}</AcctSvcrRef><NtryDtls><TxDtls>
      <Refs><EndToEndId>{end_to_end or "NOTPROVIDED"}</EndToEndId></Refs>
      <Amt Ccy="{other.get("currency", "EUR")}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>
      <RltdPties><Dbtr><Pty><Nm>Atelier Nord</Nm></Pty></Dbtr>
      <DbtrAcct><Id><IBAN>FR1420041010050500013M02606</IBAN></Id></DbtrAcct></RltdPties>
      <RmtInf><Ustrd>{text}</Ustrd>{structured}</RmtInf>{reason}</TxDtls></NtryDtls></Ntry>"""


def statement(*entries: str, number: str = "STM-1", iban: str = "FR7630006000011234567890189") -> bytes:
    """Return a camt.053 file."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>M</MsgId><CreDtTm>2026-03-02T18:00:00</CreDtTm></GrpHdr>
<Stmt><Id>{number}</Id><Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>{"".join(entries)}</Stmt>
</BkToCstmrStmt></Document>""".encode()


def imported(world: World, content: bytes, *, name: str = "march.xml") -> StatementFile:
    """Have a file taken in, read and matched, as web and worker do."""
    _ = world.catalog  # the vendor has an account
    file = statements.receive(name=name, content=[content], by=world.victor.actor(), now=world.now)
    work(world.now, {"statement.received": [statements.statement_received]})
    work(world.now, {"statement.read": [settling.statement_read]})
    file.refresh_from_db()
    return file


def work(now: datetime, handlers: dict[str, list[Callable[..., None]]]) -> None:
    """Do what the worker does for these events, twice: a handler must not mind."""
    for event in Event.objects.filter(name__in=handlers).order_by("pk"):
        for handler in handlers[event.name]:
            handler(event=event, now=now)
            handler(event=event, now=now)


def only_entry() -> BankEntry:
    """Return the one entry there is."""
    return BankEntry.objects.get()
