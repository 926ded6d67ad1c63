"""The web process never has in it what takes strangers' files apart."""

import json
import os
import subprocess
import sys

from tests.rules.source import ROOT

PARSERS = {"tddoc", "zxingcpp", "pyhanko", "pyhanko_certvalidator", "pypdfium2", "pillow_heif"}
SAY = """
import json, sys
from licet.config import wsgi
from django.urls import get_resolver
get_resolver().url_patterns
from django.test import Client
Client(raise_request_exception=False)
from licet.config import subscriptions
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_parsers_of_strangers_files_are_not_in_the_web_process() -> None:
    """All pages, all handlers of the worker: none of them imports one; the sandbox's child alone does."""
    here = {"PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "licet.config.settings"}
    ran = subprocess.run(
        [sys.executable, "-c", SAY], cwd=ROOT, env={**os.environ, **here},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert PARSERS & set(json.loads(ran.stdout.splitlines()[-1])) == set()
