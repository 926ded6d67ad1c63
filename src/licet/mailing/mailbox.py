"""Where mail goes in demonstration mode (deepened by the mailing work)."""

from django.core.mail.backends.locmem import EmailBackend as MailboxBackend

__all__ = ["MailboxBackend"]
