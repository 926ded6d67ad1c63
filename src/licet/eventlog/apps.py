from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import import_string


class EventlogConfig(AppConfig):
    name = "licet.eventlog"

    def ready(self) -> None:
        """Load the table of consequences, and with it every event class, before the first request."""
        import_string(settings.LICET_SUBSCRIPTIONS)
