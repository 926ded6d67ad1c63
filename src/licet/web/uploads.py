"""How uploaded files come in: from people who are signed in, into memory, never onto a disk in the clear."""

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest


class SignedInMemory(MemoryFileUploadHandler):
    """Keep files in memory where the whole body has no more than FILE_UPLOAD_MAX_MEMORY_SIZE bytes.

    Larger bodies, and those of strangers, are read to their end and dropped: the form finds no file.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.asked_by = request

    def handle_raw_input(self, *about: Any, **more: Any) -> None:
        """Called by Django before the body is read."""
        super().handle_raw_input(*about, **more)
        user = getattr(self.asked_by, "user", None)
        self.activated = bool(self.activated and user is not None and user.is_authenticated)
