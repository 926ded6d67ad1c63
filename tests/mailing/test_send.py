"""`mailing.send`: rendered in the recipient's language, safe in its headers, once for each key."""

from datetime import UTC, datetime

import pytest
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.utils import translation

from licet.mailing import actions as mailing
from licet.mailing.models import Mail

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

TEMPLATES = {
    "mail/test/hello.subject.txt": "{% load i18n %}{% translate 'Yes' %}: {{ team }} & co\n",
    "mail/test/hello.txt": "{{ language }} {{ team }} {{ base_url }} {{ brand.name }}",
    "mail/test/hello.html": "<p>{{ team }}</p>",
    "mail/test/plain.subject.txt": "Plain",
    "mail/test/plain.txt": "Plain",
    "mail/test/broken.subject.txt": "Broken",
    "mail/test/broken.txt": "Broken",
    "mail/test/broken.html": "{% extends 'mail/nowhere.html' %}",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _templates(settings):
    settings.LICET_MAILBOX = False
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", TEMPLATES)]},
        }
    ]


def send(*, key="7:hello", template="test/hello", language="en", to="ada@example.org", team="Bridge & Sons"):
    return mailing.send(to=to, language=language, template=template, context={"team": team}, key=key, now=NOW)


def test_a_mail_goes_out_in_text_and_html_to_its_recipient_alone():
    send()
    (letter,) = outbox.outbox
    assert letter.to == ["ada@example.org"]
    assert "Bridge & Sons" in letter.body
    assert letter.alternatives[0][0] == "<p>Bridge &amp; Sons</p>"


def test_subject_and_text_are_not_escaped_as_html():
    send()
    assert outbox.outbox[0].subject == "Yes: Bridge & Sons & co"


def test_it_is_written_in_the_language_of_the_recipient_and_leaves_the_active_one_alone():
    with translation.override("en"):
        send(language="de")
        assert translation.get_language() == "en"
    assert outbox.outbox[0].subject.startswith("Ja:")
    assert outbox.outbox[0].body.startswith("de ")


def test_an_unknown_language_reads_as_the_default():
    send(language="xx")
    assert outbox.outbox[0].subject.startswith("Yes:")


def test_the_same_key_never_sends_twice():
    first = send()
    assert send().pk == first.pk
    assert len(outbox.outbox) == 1


def test_what_the_mail_server_refused_is_sent_by_the_next_attempt_under_the_same_message_id(monkeypatch):
    seen = []

    def refuse(self, messages):
        seen.append(messages[0].extra_headers["Message-ID"])
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", refuse)
        with pytest.raises(ConnectionRefusedError):
            send()
    assert Mail.objects.get().sent_at is None
    send()
    assert Mail.objects.get().sent_at == NOW
    assert outbox.outbox[0].extra_headers["Message-ID"] == seen[0]


def test_a_line_break_in_a_name_makes_no_header():
    send(team="Bridge\r\nBcc: everybody@example.org\u2028X")
    letter = outbox.outbox[0]
    assert letter.subject == "Yes: Bridge Bcc: everybody@example.org X & co"
    assert "Bcc" not in letter.message()


@pytest.mark.parametrize(
    "address", ["", "no-address", "a@example.org\nBcc: b@example.org", "a@example.org, b@example.org"]
)
def test_what_is_no_single_address_is_refused(address):
    with pytest.raises(ValidationError):
        send(to=address)
    assert outbox.outbox == []


def test_the_vendor_is_the_sender():
    send()
    assert outbox.outbox[0].from_email.endswith(">")
    assert outbox.outbox[0].message()["Auto-Submitted"] == "auto-generated"


def test_a_mail_without_html_is_text_alone():
    send(template="test/plain")
    assert outbox.outbox[0].alternatives == []


def test_a_broken_html_template_is_a_fault_and_sends_nothing():
    with pytest.raises(Exception, match="nowhere"):
        send(template="test/broken")
    assert outbox.outbox == []


def test_behind_a_mail_server_neither_address_nor_content_is_kept():
    mail = Mail.objects.get(pk=send().pk)
    assert (mail.to, mail.subject, mail.text, mail.html) == ("", "", "", "")
    assert mail.recipient
    assert "ada" not in mail.recipient


def test_in_the_demonstration_a_mail_stays_readable(settings):
    settings.LICET_MAILBOX = True
    settings.EMAIL_BACKEND = "licet.mailing.mailbox.MailboxBackend"
    send()
    (mail,) = Mail.objects.all()
    assert mail.to == "ada@example.org"
    assert "Bridge & Sons" in mail.text
    assert mail.html == "<p>Bridge &amp; Sons</p>"
    assert mail.sent_at == NOW


def test_in_the_demonstration_mails_of_others_are_kept_in_the_same_table(settings):
    settings.LICET_MAILBOX = True
    settings.EMAIL_BACKEND = "licet.mailing.mailbox.MailboxBackend"
    EmailMessage("Your code", "ABCD", to=["ada@example.org"], bcc=["log@example.org"]).send()
    kept = Mail.objects.order_by("to")
    assert [mail.to for mail in kept] == ["ada@example.org", "log@example.org"]
    assert kept[0].text == "ABCD"
    assert kept[0].sent_at is not None


def test_without_a_mail_server_and_outside_the_demonstration_sending_fails_aloud(settings):
    settings.EMAIL_BACKEND = "licet.mailing.mailbox.MailboxBackend"
    with pytest.raises(Exception, match="LICET_MAIL_URL"):
        send()
