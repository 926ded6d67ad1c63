"""Uploading, reading and looking, as the tests do it."""

from datetime import datetime
from itertools import count

from licet.education import applying, intake, reading, vault
from licet.education.applying import Form
from licet.education.models import Case, Document
from licet.education.sandbox.running import Drawn, Outcome
from licet.eventlog.worker import drain
from tests.education import files
from tests.education.conftest import Campus
from tests.world import OPERATOR

_chance = count(1)

PICTURE = b"RIFF\x20\0\0\0WEBPVP8 our own picture"
READ = Outcome(pages=[Drawn(width=600, height=900, content=PICTURE)], text="Nadia Roux 2025-2026")
"""What the sandbox gives, where the test is not about the sandbox."""


def chance() -> bytes:
    """Return what a document takes."""
    return next(_chance).to_bytes(vault.CHANCE)


def draft(campus: Campus) -> Case:
    """Return a request that is filled in and not sent."""
    case = campus.started()
    form = Form(role="student", full_name="Nadia Roux", country="FR", institution_text="École du Rhin")
    return applying.fill(case=case, form=form, by=campus.student.actor(), now=campus.world.now)


def upload(
    campus: Campus, case: Case, content: bytes = b"", *, name: str = "paper.pdf", now: datetime | None = None
) -> Document:
    """Return a document of the case."""
    content = content or files.paper(words=f"Paper {next(_chance)}")
    return intake.receive(
        case=case,
        name=name,
        content=[content[:1000], content[1000:]],
        chance=chance(),
        by=case.person.actor(),
        now=now or campus.world.now,
    )


def ready(campus: Campus, document: Document) -> Document:
    """Return the document after the worker has read it."""
    return reading.read(document=document, by=OPERATOR, now=campus.world.now)


def queued(campus: Campus) -> Document:
    """Return the paper of a request that was sent and waits at the desk."""
    case = draft(campus)
    document = upload(campus, case)
    applying.submit(case=case, by=case.person.actor(), now=campus.world.now)
    drain(now=campus.world.now)
    document.refresh_from_db()
    document.case.refresh_from_db()
    return document
