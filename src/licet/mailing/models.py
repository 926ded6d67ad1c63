"""One table: mails, each under the key that makes it once only."""

from typing import ClassVar

from django.db import models


class MailQuerySet(models.QuerySet["Mail"]):
    """Mails, as the mailbox reads them."""

    def readable(self) -> "MailQuerySet":
        """Return the mails that were kept to be read (demonstration mode), newest first."""
        return self.exclude(text="").order_by("-pk")

    def about(self, words: str) -> "MailQuerySet":
        """Return those whose address or subject holds `words`."""
        return self.filter(models.Q(to__icontains=words) | models.Q(subject__icontains=words))


class Mail(models.Model):
    """One mail: the key that makes it once only, for whom, and when it went out.

    Behind a mail server the row holds no address, no subject and no body: those may tell
    names or carry a link that opens something, and nobody needs them once they are sent.
    `recipient` is a keyed hash, so that the operator can still answer "did you write to
    this address?". In demonstration mode, where this table is the mail server, all is kept.
    """

    key = models.CharField(max_length=200, unique=True)
    template = models.CharField(max_length=120, blank=True)
    recipient = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    to = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=254, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Mail"]] = MailQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["recipient", "-id"])]
