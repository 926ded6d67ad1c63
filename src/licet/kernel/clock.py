"""The edge where time enters: surfaces, commands and the worker read it here and pass it on.

Concepts never ask the clock (a rule test forbids it); they get `now` as an argument.
"""

from datetime import datetime

from django.utils import timezone


def read() -> datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now()
