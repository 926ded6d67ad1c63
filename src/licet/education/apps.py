from importlib import import_module

from django.apps import AppConfig


class EducationConfig(AppConfig):
    name = "licet.education"

    def import_models(self) -> None:
        """Find the tables that stand with their own slice, too."""
        super().import_models()
        for slice_ in ("agreements", "issuers", "proofs.mailbox", "proofs.class_code", "joining"):
            import_module(f"licet.education.{slice_}.models")
