"""The demonstration's mailbox: everybody reads every mail there, and nowhere else."""

import pytest
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from licet.mailing.models import Mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings):
    settings.LICET_MAILBOX = True
    settings.EMAIL_BACKEND = "licet.mailing.mailbox.MailboxBackend"


@pytest.fixture
def mail(demonstration):
    message = EmailMultiAlternatives(
        "Your <code>", "Go to https://licet.example/x\n\n<b>ABCD</b>", to=["ada@example.org"]
    )
    message.attach_alternative("<html><head></head><body><script>1</script>Hello</body></html>", "text/html")
    message.send()
    return Mail.objects.get()


@pytest.mark.parametrize("page", ["mailbox", "mail", "mail_letter"])
def test_outside_the_demonstration_there_is_no_mailbox(client, mail, settings, page):
    settings.LICET_MAILBOX = False
    arguments = [] if page == "mailbox" else [mail.pk]
    assert client.get(reverse(page, args=arguments)).status_code == 404


def test_an_empty_mailbox_says_what_to_do_first(client, demonstration):
    assert "No mail yet" in client.get(reverse("mailbox")).content.decode()


def test_mails_are_listed_and_found_by_address_and_subject(client, mail):
    for query in ({}, {"q": "ADA@"}, {"q": "code"}):
        assert "Your &lt;code&gt;" in client.get(reverse("mailbox"), query).content.decode()
    assert "No mail with these words" in client.get(reverse("mailbox"), {"q": "zzz"}).content.decode()


def test_a_mail_shows_its_text_with_links_and_its_letter_in_a_frame(client, mail):
    answer = client.get(reverse("mail", args=[mail.pk]))
    page = answer.content.decode()
    assert '<a href="https://licet.example/x"' in page
    assert "&lt;b&gt;ABCD&lt;/b&gt;" in page
    assert reverse("mail_letter", args=[mail.pk]) in page
    assert "frame-src 'self'" in answer["Content-Security-Policy"]


def test_a_letter_runs_nothing_and_is_framed_by_us_alone(client, mail):
    answer = client.get(reverse("mail_letter", args=[mail.pk]))
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_top">' in answer.content.decode()


def test_the_policy_of_other_pages_stays_strict(client, mail):
    client.get(reverse("mail_letter", args=[mail.pk]))
    policy = client.get(reverse("mailbox"))["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
