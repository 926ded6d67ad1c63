"""The desk's hand in the stories of the campus, through the verbs, in the data folder of a running server.

Run as a program: `begun ADDRESS` begins a request; `lasting ADDRESS ROLE` gives somebody an
education license whose end is near or has passed, and prints their session; `teacher ADDRESS` makes
a verified teacher; `approve CASE` waits until the request can be decided, then approves it as the
desk does.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.browser import Server

PATIENCE_SECONDS = 60


def desk(server: "Server", *order: str) -> dict[str, Any]:
    """Let the desk of this server do something; return what it says."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.flows.campus", *order],
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
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def begun(email: str) -> dict[str, Any]:
    """Begin a request that waits for a proof."""
    from licet.education import applying
    from licet.education.applying import Form
    from licet.education.models import Programme
    from licet.kernel import clock
    from tests.flows.scenes import signed_in
    from tests.world import World

    now = clock.read()
    person = World(now=now).person(email, "Nadia Roux", language="fr")
    form = Form(role="student", full_name="Nadia Roux", country="FR", institution_text="École du Rhin")
    programme = Programme.objects.get(code="campus")
    case = applying.start(programme=programme, language="fr", form=form, by=person.actor(), now=now)
    return {"session": signed_in(person), "case": case.public_id}


def lasting(email: str, role: str = "student") -> dict[str, Any]:
    """Give somebody a license on a paper of some months ago; it can be extended by now."""
    from licet.accounts.models import Person
    from licet.education import applying
    from licet.education.applying import Form, Found
    from licet.education.models import Programme
    from licet.education.states import Finding, Strength
    from licet.kernel import clock
    from tests.flows.scenes import signed_in
    from tests.world import World

    then = clock.read() - timedelta(days=330)
    person: Person = World(now=then).person(email, "Nadia Roux", language="fr")
    form = Form(
        role=role, full_name="Nadia Roux", country="FR", institution_text="École d'architecture du Rhin"
    )
    programme = Programme.objects.get(code="campus")
    case = applying.start(programme=programme, language="fr", form=form, by=person.actor(), now=then)
    paper = Found(kind="upload", strength=Strength.PAPER, finding=Finding.OPEN, facts={})
    applying.add_proof(case=case, found=paper, by=person.actor(), now=then)
    applying.submit(case=case, by=person.actor(), now=then)
    entitled = _approved(case, now=then)
    return {"session": signed_in(person), "license": entitled.public_id, "codes": _codes(entitled)}


def approve(public_id: str) -> dict[str, Any]:
    """Approve a request as soon as its papers are read."""
    from licet.education.models import Case
    from licet.education.states import AT_THE_DESK
    from licet.kernel import clock

    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        case = Case.objects.get(public_id=public_id)
        if case.state in AT_THE_DESK:
            entitled = _approved(case, now=clock.read())
            return {"license": entitled.public_id, "codes": _codes(entitled)}
        time.sleep(0.3)
    raise AssertionError(f"the request is still {case.state}")


def teacher(email: str) -> dict[str, Any]:
    """Make somebody a verified teacher, and their neighbour a pupil without a license."""
    from licet.accounts.models import Person
    from licet.education import applying
    from licet.education.applying import Form, Found
    from licet.education.models import Programme
    from licet.education.states import Finding, Strength
    from licet.kernel import clock
    from tests.flows.scenes import signed_in
    from tests.world import World

    now = clock.read()
    person: Person = World(now=now).person(email, "Inès Weber", language="fr")
    pupil: Person = World(now=now).person(f"eleve.{email}", "Léa Roux", language="fr")
    form = Form(role="teacher", full_name="Inès Weber", country="FR", institution_text="Lycée du Rhin")
    programme = Programme.objects.get(code="campus")
    case = applying.start(programme=programme, language="fr", form=form, by=person.actor(), now=now)
    paper = Found(kind="upload", strength=Strength.PAPER, finding=Finding.OPEN, facts={})
    applying.add_proof(case=case, found=paper, by=person.actor(), now=now)
    applying.submit(case=case, by=person.actor(), now=now)
    _approved(case, now=now)
    return {"session": signed_in(person), "pupil": signed_in(pupil)}


def _approved(case: Any, *, now: Any) -> Any:
    """Approve by one reviewer, and by another one where two have to look."""
    from secrets import token_bytes

    from licet.accounts.models import Person
    from licet.education import applicants, deciding

    for name in ("victor", "wanda"):
        reviewer = Person.objects.filter(email=f"{name}@maquette.example").first()
        if reviewer is None:
            reviewer = Person.objects.create_user(
                f"{name}@maquette.example",
                full_name="Wanda Koch",
                is_staff=True,
                staff_roles=["administrator"],
                date_joined=now,
            )
        deciding.claim(case=case, by=reviewer.actor(), now=now)
        entitled = deciding.approve(
            case=case,
            year=now.date(),
            ticks={"name": True, "institution": True, "period": True},
            chances=[token_bytes(15) for _ in case.programme.products],
            instead_of=applicants.earlier(case=case),
            by=reviewer.actor(),
            now=now,
        )
        if entitled is not None:
            return entitled
    raise AssertionError("two people were not enough")


def _codes(entitled: Any) -> list[str]:
    return sorted(entitled.given.values_list("code__ending", flat=True))


def main(order: str, *arguments: str) -> None:
    """Do one of the three and print what came of it."""
    import django

    from licet.config.cli import provide_secrets

    provide_secrets(data=Path(os.environ["LICET_DATA"]))
    django.setup()
    from django.conf import settings

    # nobody of these signs in with a password
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    orders: dict[str, Callable[..., dict[str, Any]]] = {
        "begun": begun,
        "lasting": lasting,
        "approve": approve,
        "teacher": teacher,
    }
    print(json.dumps(orders[order](*arguments)))


if __name__ == "__main__":
    main(*sys.argv[1:])
