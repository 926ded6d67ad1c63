"""Requests that wait at the education desk of a running server, with papers that were really read.

Run as a program (`python -m tests.flows.desk_scene`, with LICET_DATA and DJANGO_SETTINGS_MODULE in its
surroundings); a process of its own, because the tests' own Django stands on another database.
"""

import io
import os
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.browser import Server

APPLICANTS = ("Amélie Fontaine", "Björn Åkesson", "Chiara Lombardi", "Maximilien de la Tour-Beaumarchais")


def build(server: "Server") -> None:
    """Send four requests to this server's desk, Amélie's first."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.flows.desk_scene"],
        env={
            **os.environ,
            "LICET_DATA": str(server.folder / "data"),
            "DJANGO_SETTINGS_MODULE": "licet.config.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]


def paper(*, name: str) -> bytes:
    """Draw a certificate of enrolment."""
    from PIL import Image, ImageDraw

    sheet = Image.new("RGB", (900, 1270), "white")
    pen = ImageDraw.Draw(sheet)
    lines = (
        "UNIVERSITE DES EXEMPLES",
        "",
        "CERTIFICAT DE SCOLARITE",
        "",
        name,
    )
    for number, line in enumerate((*lines, "est inscrit(e) pour l'annee 2026-2027.")):
        pen.text((120, 160 + 70 * number), line, fill="black", font_size=34)
    kept = io.BytesIO()
    sheet.save(kept, "PNG")
    return kept.getvalue()


def main() -> None:
    """Build all of it."""
    import django

    from licet.config.cli import provide_secrets

    provide_secrets(data=Path(os.environ["LICET_DATA"]))
    django.setup()
    from allauth.account.models import EmailAddress

    from licet.accounts.models import Person
    from licet.config.demonstration import OPERATOR
    from licet.education import applying, intake, reading, vault
    from licet.education.applying import Form
    from licet.education.errors import DocumentReadAlready
    from licet.education.models import Programme
    from licet.kernel import clock

    programme = Programme.objects.get(code="campus")
    for number, name in enumerate(APPLICANTS):
        now = clock.read() - timedelta(hours=60 - 10 * number)
        language = ("fr", "en", "en", "fr")[number]
        person = Person.objects.create_user(
            f"applicant{number}@home.example", None, full_name=name, language=language, date_joined=now
        )
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        form = Form(role="student", full_name=name, country="FR", institution_text="Université des Exemples")
        by = person.actor()
        case = applying.start(programme=programme, language=language, form=form, by=by, now=now)
        document = intake.receive(
            case=case,
            name="certificat.png",
            content=[paper(name=name)],
            chance=os.urandom(vault.CHANCE),
            by=by,
            now=now,
        )
        with suppress(DocumentReadAlready):  # the server's own worker may have been quicker
            reading.read(document=document, by=OPERATOR, now=now)
        applying.submit(case=case, by=by, now=now)


if __name__ == "__main__":
    main()
