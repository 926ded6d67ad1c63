from importlib import import_module

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "licet.payments"

    def import_models(self) -> None:
        """Find the tables of the bank, too."""
        super().import_models()
        import_module("licet.payments.banking")

    def ready(self) -> None:
        """Have what providers need looked at by `check`."""
        from licet.payments import checks  # noqa: F401
