"""An uploaded paper: from the request until its case is in the queue, and the memory of the child."""

import io
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench.frame import Figure, prepare

ROUNDS = 12
MOST_MEMORY = 1500.0


def main() -> list[Figure]:
    """Send, submit and read in this process, the sandbox in its own; sign-in and middleware included."""
    prepare()
    from django.core.management import call_command
    from django.test import override_settings

    call_command("collectstatic", verbosity=0, interactive=False)
    hasher = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}
    with override_settings(ALLOWED_HOSTS=["testserver"], **hasher):
        figures = []
        for what, name, make in (
            ("a 2 MB PDF", "paper.pdf", _scanned),
            ("a 5 MB photo", "photo.jpg", _photo),
        ):
            figures += _measured(what, name, make)
        return figures


def _measured(what: str, name: str, make: Callable[[], bytes]) -> list[Figure]:
    from licet.education.sandbox import running

    contents = [make() for _ in range(ROUNDS)]
    times = sorted(_to_the_queue(name, content) for content in contents)
    drawn = [running.read(kind=name.rpartition(".")[2].replace("jpg", "jpeg"), content=contents[0])]
    assert not drawn[0].fault
    size = f"{what} ({len(contents[0]) / 1e6:.1f} MB)"
    blank = _blank()
    return [
        Figure(
            what=f"{size} from upload to queue, p50",
            value=statistics.median(times) * 1000,
            unit="ms",
            floor=blank * 1000,
            floor_of="the child on a blank page",
        ),
        Figure(
            what=f"{size} from upload to queue, p95", value=times[int(0.95 * (ROUNDS - 1))] * 1000, unit="ms"
        ),
        Figure(
            what=f"{size}: peak memory of the child",
            value=drawn[0].memory / 1e6,
            unit="MB",
            floor=MOST_MEMORY,
            floor_of="its limit",
            most=1.0,
        ),
    ]


def _to_the_queue(name: str, content: bytes) -> float:
    """Return the seconds from the upload until a person can take the case."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from licet.education.models import Case
    from licet.eventlog.worker import drain

    case = _draft()
    client = Client()
    client.force_login(case.person)
    there = reverse("campus_documents", args=[case.public_id])
    start = time.perf_counter()
    answer = client.post(there, {"files": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.status_code
    client.post(reverse("campus_review", args=[case.public_id]))
    drain(now=timezone.now())
    taken = time.perf_counter() - start
    assert Case.objects.get(pk=case.pk).state == "queued"
    return taken


def _draft() -> Any:
    """Return a new person's request, filled in."""
    from django.utils import timezone
    from tests.world import OPERATOR, World

    from licet.catalog.document import EXAMPLE, read
    from licet.education import applying, importing
    from licet.education.applying import Form
    from licet.education.models import Programme

    now = timezone.now()
    world = World(now=now)
    if not Programme.objects.exists():
        assert world.catalog
        text = EXAMPLE.read_text(encoding="utf-8")
        importing.import_programmes(document=read(text=text), by=OPERATOR, now=now)
    person = world.person(f"person{os.urandom(6).hex()}@home.example", "Nadia Roux")
    form = Form(role="student", full_name="Nadia Roux", country="FR", institution_text="École du Rhin")
    programme = Programme.objects.get(code="campus")
    return applying.start(programme=programme, language="en", form=form, by=person.actor(), now=now)


def _blank() -> float:
    from licet.education.health import SAMPLE
    from licet.education.sandbox import running

    start = time.perf_counter()
    for _ in range(3):
        running.read(kind="pdf", content=SAMPLE)
    return (time.perf_counter() - start) / 3


def _noise(width: int, height: int, *, form: str, **how: int) -> bytes:
    from PIL import Image

    image = Image.frombytes("L", (width // 4, height // 4), os.urandom((width // 4) * (height // 4)))
    out = io.BytesIO()
    image.resize((width, height)).convert("RGB").save(out, form, **how)
    return out.getvalue()


def _scanned() -> bytes:
    """Return a scan of one page as PDF."""
    return _noise(1860, 2631, form="PDF", quality=93)


def _photo() -> bytes:
    """Return a photo of twelve megapixels."""
    return _noise(4032, 3024, form="JPEG", quality=93)
