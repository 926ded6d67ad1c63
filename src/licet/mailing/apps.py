from django.apps import AppConfig


class MailingConfig(AppConfig):
    name = "licet.mailing"

    def ready(self) -> None:
        """Have mail looked at by `check`."""
        from licet.mailing import checks  # noqa: F401
