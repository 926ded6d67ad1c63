from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    name = "licet.invoices"

    def ready(self) -> None:
        """Have the libraries that draw pages looked at by `check`."""
        from licet.invoices import checks  # noqa: F401
