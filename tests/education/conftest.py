"""An applicant, two reviewers and a programme of the vendor's file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from pathlib import Path

import pytest
from django.test import override_settings

from licet.accounts.models import Person
from licet.catalog.document import EXAMPLE, read
from licet.education import applying, deciding, importing
from licet.education.applying import Form, Found
from licet.education.models import Case, Entitlement, Programme
from licet.education.states import Finding, Strength
from tests.world import OPERATOR, World

_chance = count(1)


def chances(number: int = 2) -> list[bytes]:
    """Return as many random bytes as the example programme has products."""
    return [next(_chance).to_bytes(15) for _ in range(number)]


@dataclass
class Campus:
    """The personas of education, acting through the verbs."""

    world: World

    def __post_init__(self) -> None:
        assert self.world.catalog
        importing.import_programmes(
            document=read(text=EXAMPLE.read_text(encoding="utf-8")), by=OPERATOR, now=self.world.now
        )
        self.programme = Programme.objects.get(code="campus")
        self.student = self.world.person("nadia@home.example", "Nadia Roux")
        self.victor = self.world.victor
        self.wanda = self.world.person("wanda@maquette.example", "Wanda Koch", staff=True)

    def started(self, person: Person | None = None, *, now: datetime | None = None) -> Case:
        """Return a request that the applicant has begun."""
        person = person or self.student
        return applying.start(
            programme=self.programme, language="fr", by=person.actor(), now=now or self.world.now
        )

    def sent(self, person: Person | None = None, *, now: datetime | None = None, **proof: object) -> Case:
        """Return a request that is filled in and sent, with a paper's proof."""
        person, now = person or self.student, now or self.world.now
        case = self.started(person, now=now)
        form = Form(
            role="student", full_name=person.full_name, country="FR", institution_text="École du Rhin"
        )
        applying.fill(case=case, form=form, by=person.actor(), now=now)
        given = {"kind": "upload", "strength": Strength.PAPER, "finding": Finding.OPEN, "facts": {}, **proof}
        applying.add_proof(case=case, found=Found(**given), by=person.actor(), now=now)  # type: ignore[arg-type]
        return applying.submit(case=case, by=person.actor(), now=now)

    def claimed(self, case: Case, by: Person | None = None, *, now: datetime | None = None) -> Case:
        """Return the case in a reviewer's hand."""
        return deciding.claim(case=case, by=(by or self.victor).actor(), now=now or self.world.now)

    def approved(
        self,
        case: Case,
        by: Person | None = None,
        *,
        now: datetime | None = None,
        year: date | None = None,
        instead_of: Entitlement | None = None,
    ) -> Entitlement:
        """Take a case in hand and approve it."""
        self.claimed(case, by, now=now)
        entitled = deciding.approve(
            case=case,
            year=year,
            ticks={"name": True, "institution": True, "period": True},
            chances=chances(),
            instead_of=instead_of,
            by=(by or self.victor).actor(),
            now=now or self.world.now,
        )
        assert entitled, "no second person has to look"
        return entitled


@pytest.fixture
def campus(world: World) -> Campus:
    """The personas of education."""
    return Campus(world)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """The folder of the papers, this test's own."""
    with override_settings(LICET_DOCUMENTS=tmp_path / "documents"):
        yield tmp_path / "documents"
