"""Send a mail: rendered in the recipient's language, once for each key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template import Context, Engine, TemplateDoesNotExist
from django.utils import translation

from licet.kernel import brand
from licet.mailing.models import Mail
from licet.mailing.rules import message_id, one_line, reaches_nobody, recipient

AS_HTML = "text/html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that goes along; `kind` is its media type. The mailbox of the demonstration does not keep it."""

    name: str
    content: bytes
    kind: str


class Letter(EmailMultiAlternatives):
    """A mail that stands in our table already, so that the mailbox does not keep it twice."""


def send(
    *,
    to: str,
    language: str,
    template: str,
    context: Mapping[str, Any],
    key: str,
    now: datetime,
    attachments: Sequence[Attached] = (),
) -> Mail | None:
    """Send `mail/<template>.subject.txt`, `.txt` and, where there is one, `.html`, once for each `key`.

    For handlers of the worker: call it outside of every `change`, with a key such as
    `f"{event.pk}:invited"`. `language` is one of the installation's codes (an unknown one
    reads as the default). Templates get `context` and `brand`, `base_url`, `language`, `subject`.
    A second call with the same key sends nothing once the first one has sent; nothing is sent to somebody
    without a mailbox (None). Raises
    ValidationError for what is no address, and what the mail server raises: the worker tries again.
    """
    if reaches_nobody(address=to):
        return None
    validate_email(to)
    mail, _ = Mail.objects.get_or_create(
        key=key,
        defaults={
            "template": template,
            "recipient": recipient(address=to, secret=settings.SECRET_KEY),
            "language": language,
            "created_at": now,
        },
    )
    if mail.sent_at is not None:
        return mail
    letter = _letter(to=to, language=language, template=template, context=context, key=key)
    for each in attachments:
        letter.attach(each.name, each.content, each.kind)
    if settings.LICET_MAILBOX:
        mail.to, mail.subject, mail.text = to, str(letter.subject), str(letter.body)
        mail.html = "".join(str(content) for content, _ in letter.alternatives)
    letter.send()
    mail.sent_at = now
    mail.save()
    return mail


def sender() -> str:
    """Return who mails come from: the vendor's name, and the address of the setting."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or one_line(brand.current().name), address))


def _letter(*, to: str, language: str, template: str, context: Mapping[str, Any], key: str) -> Letter:
    vendor = brand.current()
    known = dict(settings.LANGUAGES)
    with translation.override(language if language in known else settings.LANGUAGE_CODE):
        values = {
            **context,
            "brand": vendor,
            "base_url": settings.LICET_BASE_URL,
            "language": translation.get_language(),
        }
        subject = one_line(_rendered(f"mail/{template}.subject.txt", values, escaped=False))
        values["subject"] = subject
        text = _rendered(f"mail/{template}.txt", values, escaped=False).strip() + "\n"
        html = _rendered_if_there(f"mail/{template}.html", values)
    letter = Letter(
        subject=subject,
        body=text,
        from_email=sender(),
        to=[to],
        reply_to=[vendor.support_email] if vendor.support_email else None,
        headers={
            "Message-ID": message_id(key=key, host=urlsplit(settings.LICET_BASE_URL).hostname or "localhost"),
            # RFC 3834: no out-of-office answers to this
            "Auto-Submitted": "auto-generated",
            "Content-Language": values["language"],
        },
    )
    if html:
        letter.attach_alternative(html, AS_HTML)
    return letter


def _rendered(name: str, values: Mapping[str, Any], *, escaped: bool) -> str:
    template = Engine.get_default().get_template(name)
    return str(template.render(Context(dict(values), autoescape=escaped)))


def _rendered_if_there(name: str, values: Mapping[str, Any]) -> str:
    try:
        return _rendered(name, values, escaped=True)
    except TemplateDoesNotExist as missing:
        if str(missing) != name:  # a broken `extends` inside it is a fault, not an absent mail
            raise
        return ""
