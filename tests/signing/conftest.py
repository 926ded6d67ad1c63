"""Cheap passphrases: what scrypt costs in earnest is no matter of these tests."""

import pytest
from pytest_django.fixtures import Settings

from licet.signing import envelope, rules


@pytest.fixture(autouse=True)
def master(settings: Settings) -> None:
    settings.LICET_MASTER_KEY = rules.b64(b"m" * 32)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope, "COST", 4)
