"""What `check` says about mail before the first one fails."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

MAILBOX = "licet.mailing.mailbox.MailboxBackend"


@register
def mail_server(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Warn where mails can neither be sent nor, as in the demonstration, be read on a page."""
    if settings.EMAIL_BACKEND == MAILBOX and not settings.LICET_MAILBOX:
        return [
            Warning(
                "There is no mail server: nobody can sign up, and no invitation arrives.",
                hint="Set LICET_MAIL_URL, such as smtp://user:password@host:587?tls=yes&from=desk@vendor.example",
                id="mailing.W001",
            )
        ]
    return []
