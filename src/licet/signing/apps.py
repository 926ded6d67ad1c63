from django.apps import AppConfig


class SigningConfig(AppConfig):
    name = "licet.signing"

    def ready(self) -> None:
        """Have the files of secrets looked at by `check`."""
        from licet.signing import checks  # noqa: F401
