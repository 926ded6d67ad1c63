"""Settings of the worker processes that `test_worker.py` kills."""

from licet.config.settings import *  # noqa: F403

LICET_SUBSCRIPTIONS = "tests.eventlog.facts.SLOW"
