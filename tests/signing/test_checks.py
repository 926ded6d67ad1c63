"""Who may read and change the files of secrets."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from licet.signing.checks import secret_files


@pytest.mark.parametrize(
    ("mode", "found"),
    [
        (0o600, []),
        (0o400, []),
        (0o440, []),
        (0o644, ["signing.W001"]),
        (0o660, ["signing.E001"]),
        (0o602, ["signing.E001"]),
    ],
)
def test_a_file_of_secrets(tmp_path: Path, settings: Settings, mode: int, found: list[str]) -> None:
    path = tmp_path / "master.key"
    path.write_text("secret")
    path.chmod(mode)
    settings.LICET_SECRET_FILES = [str(path)]
    assert [each.id for each in secret_files(None)] == found
