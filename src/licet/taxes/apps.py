from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TaxesConfig(AppConfig):
    name = "licet.taxes"

    def ready(self) -> None:
        """Bring the shipped rates in wherever tables have just been made or emptied."""
        from licet.taxes.seeding import seed

        post_migrate.connect(seed, sender=self, dispatch_uid="licet.taxes.seed")
