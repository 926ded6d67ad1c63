"""`check` notices in time that no mail can go out."""

from licet.mailing.checks import MAILBOX, mail_server


def test_an_installation_without_a_mail_server_is_warned(settings):
    settings.EMAIL_BACKEND, settings.LICET_MAILBOX = MAILBOX, False
    assert [each.id for each in mail_server(None)] == ["mailing.W001"]


def test_the_demonstration_needs_none(settings):
    settings.EMAIL_BACKEND, settings.LICET_MAILBOX = MAILBOX, True
    assert mail_server(None) == []


def test_a_mail_server_is_enough(settings):
    settings.EMAIL_BACKEND, settings.LICET_MAILBOX = "django.core.mail.backends.smtp.EmailBackend", False
    assert mail_server(None) == []
