"""Who gets an invoice by mail, once its files are there."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.invoices.models import Invoice
from licet.invoices.queries import file_name, file_of
from licet.invoices.states import FileKind
from licet.mailing import actions as mailing
from licet.teams import queries as teams


def prepared(*, event: Event, now: datetime) -> None:
    """Send the PDF to the buyer, or to the team's owners where nobody in particular bought, in the language
    of the document."""
    invoice = Invoice.objects.select_related("team", "buyer", "corrects", "standing").get(
        pk=event.facts["invoice"]
    )
    document = invoice.document()
    pdf = file_of(invoice=invoice, kind=FileKind.PDF)
    for person in _readers(invoice):
        mailing.send(
            to=person.email,
            language=invoice.language,
            template="invoices/issued",
            context={
                "invoice": invoice,
                "document": document,
                "team": invoice.team.name,
                "due": invoice.standing.open,
                "url": str(settings.LICET_BASE_URL) + reverse("invoice", args=[invoice.public_id]),
            },
            key=f"{event.pk}:invoice:{person.pk}",
            now=now,
            attachments=[
                mailing.Attached(
                    name=file_name(invoice=invoice, kind=FileKind.PDF),
                    content=bytes(pdf.content),
                    kind="application/pdf",
                )
            ],
        )


def _readers(invoice: Invoice) -> list[Person]:
    if invoice.buyer is not None:
        return [invoice.buyer]
    return list(teams.owners(team=invoice.team))
