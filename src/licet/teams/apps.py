from importlib import import_module

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "licet.teams"

    def import_models(self) -> None:
        """Find the table of notes, too."""
        super().import_models()
        import_module("licet.teams.notes.models")
