"""Where mail goes in demonstration mode: into the table, to be read on a page.

This is the door of Django's mail for what others send (django-allauth's codes and notices);
our own letters come through here too, but stand in the table already.
"""

from collections.abc import Sequence
from datetime import UTC
from email.message import Message
from email.utils import parsedate_to_datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import get_language

from licet.mailing.actions import AS_HTML, Letter
from licet.mailing.models import Mail
from licet.mailing.rules import recipient


class MailboxBackend(BaseEmailBackend):
    """Keep mails instead of sending them; refuse to pretend it outside of the demonstration."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each mail, a row for each recipient; return how many mails that were."""
        if not settings.LICET_MAILBOX:
            raise ImproperlyConfigured(
                "There is no mail server. Set LICET_MAIL_URL, such as smtp://host:587."
            )
        for message in email_messages:
            if not isinstance(message, Letter):
                _keep(message)
        return len(email_messages)


def _keep(message: EmailMessage) -> None:
    wire: Message = message.message()
    # the mail's own date and identifier: this package asks neither the clock nor chance;
    # Django writes the zone as -0000, which is UTC (RFC 5322, 3.3) and reads as naive
    sent = parsedate_to_datetime(str(wire["Date"])).replace(tzinfo=UTC)
    parts = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    html = "".join(str(content) for content, kind in parts if kind == AS_HTML)
    for address in message.recipients():
        Mail.objects.update_or_create(
            key=f"{wire['Message-ID']} {address}"[:200],
            defaults={
                "recipient": recipient(address=address, secret=settings.SECRET_KEY),
                "language": get_language() or settings.LANGUAGE_CODE,
                "to": address,
                "subject": str(message.subject)[:254],
                "text": str(message.body),
                "html": html,
                "created_at": sent,
                "sent_at": sent,
            },
        )
