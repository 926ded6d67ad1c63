"""The mail to the mailbox: code and link, in the applicant's language."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from licet.education.proofs.mailbox import rules
from licet.education.proofs.mailbox.events import MailboxAsked
from licet.education.proofs.mailbox.models import Loop
from licet.eventlog.models import Event
from licet.mailing import actions as mailing
from licet.signing.queries import secret


def asked(*, event: Event, now: datetime) -> None:
    """Send code and link, unless another mail was asked for or their time is over."""
    fact = event.fact()
    assert isinstance(fact, MailboxAsked)
    loop = Loop.objects.select_related("case__person").get(pk=fact.loop)
    if not loop.lives(now):
        return
    mailing.send(
        to=loop.address,
        language=loop.case.language,
        template="education/mailbox",
        context={
            "code": rules.grouped(code=rules.spell(key=secret(purpose=rules.CODES), name=loop.public_id)),
            "link": link(loop=loop),
            "name": loop.case.full_name or loop.case.person.name,
            "minutes": int(rules.LIFE.total_seconds() // 60),
        },
        key=f"{event.pk}:mailbox",
        now=now,
    )


def link(*, loop: Loop) -> str:
    """Return the address that the mail's button opens."""
    token = rules.token(key=secret(purpose=rules.LINKS), name=loop.public_id)
    return settings.LICET_BASE_URL + reverse("campus_mailbox_link", args=[loop.public_id, token])
