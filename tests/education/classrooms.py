"""Teachers, classes and agreements for tests, built through the verbs."""

from collections.abc import Sequence
from datetime import date
from itertools import count

from licet.accounts.models import Person
from licet.education import applying
from licet.education.agreements import actions as agreements
from licet.education.agreements.models import Agreement
from licet.education.directory import Institution
from licet.education.models import Case
from licet.education.proofs.class_code import actions as classes
from licet.education.proofs.class_code import carding, enlisting, places
from licet.education.proofs.class_code.models import Class, Place
from licet.education.proofs.class_code.roster import Pupil
from licet.education.states import Finding, Kind, Strength
from tests.education.conftest import Campus
from tests.world import NOW, OPERATOR

END = date(2026, 9, 1)
_drawn = count(10_000)


def school(name: str = "Lycée du Rhin") -> Institution:
    """Return an institution of the directory."""
    found = Institution.objects.filter(names={"": name}).first()
    return found or Institution.objects.create(names={"": name}, country="FR", kind=Kind.SCHOOL, words=name)


def draft(campus: Campus, person: Person, role: str = "pupil", at: Institution | None = None) -> Case:
    """Return a request that is filled in and not sent."""
    form = applying.Form(
        role=role,
        full_name=person.full_name,
        country="FR",
        institution=at,
        institution_text="" if at else "Lycée du Rhin",
    )
    return applying.fill(case=campus.started(person), form=form, by=person.actor(), now=NOW)


def teacher(
    campus: Campus, email: str = "ines@home.example", name: str = "Ines Weber", at: Institution | None = None
) -> Person:
    """Return somebody who has a license as a teacher."""
    person = campus.world.person(email, name)
    case = draft(campus, person, role="teacher", at=at)
    given = applying.Found(kind="upload", strength=Strength.PAPER, finding=Finding.OPEN, facts={})
    applying.add_proof(case=case, found=given, by=person.actor(), now=NOW)
    campus.approved(applying.submit(case=case, by=person.actor(), now=NOW))
    return person


def wanted(*, seats: int = 2, name: str = "2 B", ends_on: date = END) -> classes.Wanted:
    """Return what a teacher says about a class."""
    return classes.Wanted(name=name, seats=seats, ends_on=ends_on, language="fr")


def made(campus: Campus, by: Person, *, seats: int = 2, agreement: Agreement | None = None) -> Class:
    """Return a class."""
    return classes.make(
        programme=campus.programme, wanted=wanted(seats=seats), agreement=agreement, by=by.actor(), now=NOW
    )


def joined(campus: Campus, of: Class, person: Person | None = None) -> Place:
    """Return the place of somebody who has entered the code."""
    person = person or campus.student
    code = classes.code(of=of)
    return places.join(case=draft(campus, person), code=code, by=person.actor(), now=NOW)


def listed(of: Class, *names: str, email: str = "") -> list[Place]:
    """Put pupils on the list."""
    pupils = [Pupil(number, name, email) for number, name in enumerate(names, start=1)]
    return enlisting.add(of=of, pupils=pupils, by=of.teacher.actor(), now=NOW)


def chances(number: int = 1) -> Sequence[Sequence[bytes]]:
    """Return random bytes for so many cards."""
    return [[next(_drawn).to_bytes(15) for _product in range(2)] for _card in range(number)]


def carded(of: Class, *names: str) -> list[Place]:
    """Put pupils on the list, and give them cards."""
    listed(of, *names)
    return dealt(of, number=len(names))


def dealt(of: Class, *, number: int) -> list[Place]:
    """Let the teacher order cards, and the worker make so many; return the places that have one now."""
    before = set(of.places.filter(card=True).values_list("pk", flat=True))
    run = carding.order(of=of, by=of.teacher.actor(), now=NOW)
    carding.make_some(run=run, chances=chances(number), by=OPERATOR, now=NOW)
    carding.finish(run=run, sheet=b"", by=OPERATOR, now=NOW)
    return list(of.places.filter(card=True).exclude(pk__in=before).order_by("pk"))


def agreed(
    campus: Campus,
    *,
    seats: int = 10,
    at: Institution | None = None,
    ends_on: date = END,
    product: bool = False,
) -> Agreement:
    """Return an agreement of a school; its contact is the world's Alice."""
    wanted = agreements.Wanted(
        institution=at or school(),
        programme=campus.programme,
        product=campus.world.product if product else None,
        seats=seats,
        starts_on=NOW.date(),
        ends_on=ends_on,
        contact=campus.world.alice.email,
    )
    return agreements.make(wanted=wanted, by=campus.victor.actor(), now=NOW)
