"""A visitor, and the languages in which mails were written."""

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from django.utils.translation import get_language


@pytest.fixture
def written_in(monkeypatch):
    """The active language at each mail of django-allauth's, with the address it went to."""
    languages = []
    render = DefaultAccountAdapter.render_mail

    def noted(self, template_prefix, email, *args, **kwargs):
        languages.append((email, get_language()))
        return render(self, template_prefix, email, *args, **kwargs)

    monkeypatch.setattr(DefaultAccountAdapter, "render_mail", noted)
    return languages
