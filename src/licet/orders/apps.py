from importlib import import_module

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "licet.orders"

    def import_models(self) -> None:
        """Find the tables of coupons, quotes, declarations and successions, too."""
        super().import_models()
        import_module("licet.orders.promises")
        import_module("licet.orders.declarations")
        import_module("licet.orders.succession.models")
