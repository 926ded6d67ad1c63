"""The personas of education, in the pages."""

from tests.education.conftest import campus, disk

__all__ = ["campus", "disk"]
