"""Over the wire: a real SMTP server gets what a real mail program will read."""

import email
import email.policy
import socket

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from licet.mailing import actions as mailing
from licet.mailing.models import Mail

TEMPLATES = {
    "mail/test/hello.subject.txt": "Zugang für {{ name }}",
    "mail/test/hello.txt": "Grüße, {{ name }}",
    "mail/test/hello.html": "<p>Grüße, {{ name }}</p>",
}

pytestmark = [pytest.mark.django_db, pytest.mark.real_clock]


class Received(Message):
    """Keep what came."""

    def __init__(self):
        super().__init__()
        self.messages = []

    def handle_message(self, message):
        self.messages.append(email.message_from_bytes(message.as_bytes(), policy=email.policy.default))


@pytest.fixture
def server(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    handler = Received()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.LICET_MAILBOX = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "desk@vendor.example"
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", TEMPLATES)]},
        }
    ]
    yield handler
    controller.stop()


def test_a_mail_arrives_once_whole_and_leaves_no_copy(server, now):
    for _ in range(2):
        mailing.send(
            to="ada@example.org",
            language="de",
            template="test/hello",
            context={"name": "Zoë"},
            key="1:x",
            now=now,
        )
    (message,) = server.messages
    assert message["Subject"] == "Zugang für Zoë"
    assert message["From"].addresses[0].addr_spec == "desk@vendor.example"
    assert message["Content-Language"] == "de"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content().strip() == "Grüße, Zoë"
    assert message.get_body(("html",)).get_content().strip() == "<p>Grüße, Zoë</p>"
    kept = Mail.objects.get()
    assert (kept.to, kept.subject, kept.text, kept.html) == ("", "", "", "")
