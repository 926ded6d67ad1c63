"""The demonstration: an invented vendor, a customer with licenses, and the people of both.

Everything is built through the verbs, so that what a visitor sees could have happened.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress

from licet.accounts.models import Person
from licet.catalog import actions as catalog
from licet.catalog.document import EXAMPLE, read
from licet.catalog.models import Plan, Vendor
from licet.education import importing as education
from licet.kernel import clock
from licet.kernel.actor import Actor, system
from licet.kernel.duties import StaffRole
from licet.licenses import codes
from licet.licenses.models import Pool
from licet.licenses.rules import CHANCE_BYTES
from licet.orders import actions as orders
from licet.orders import vouchers
from licet.orders.drafting import today
from licet.orders.queries import basket_of
from licet.orders.rules import Address
from licet.partners import actions as partners
from licet.projects import actions as projects
from licet.projects import inviting
from licet.projects.inviting import Carried
from licet.projects.states import ProjectRole
from licet.seats import actions as seats
from licet.teams.models import Invitation, Member, Team
from licet.teams.states import Role

PASSWORD = "demonstration"  # noqa: S105 - printed on the terminal, for this machine alone
OPERATOR = system(label="licet demo")


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody whom a visitor may be."""

    email: str
    name: str
    language: str
    who: str
    roles: tuple[str, ...] = ()


ALICE = Guest("alice@studio.example", "Alice Perrin", "fr", "owner of a team that has licenses")
BOB = Guest("bob@studio.example", "Bob Lindqvist", "en", "member of that team")
CLARA = Guest("clara@studio.example", "Clara Neumann", "de", "member of that team")
VICTOR = Guest(
    "victor@maquette.example",
    "Victor Okafor",
    "en",
    "works for the vendor: the desk",
    roles=tuple(role.value for role in StaffRole),
)
NORA = Guest(
    "nora@maquette.example",
    "Nora Haddad",
    "fr",
    "works for the vendor: education only",
    roles=(StaffRole.REVIEWER.value,),
)
PAULA = Guest("paula@contour.example", "Paula Lindt", "de", "sells for the vendor: a partner")
GUESTS = (ALICE, BOB, CLARA, VICTOR, NORA, PAULA)


def is_empty() -> bool:
    """Whether the database has neither a catalog nor people."""
    return not Vendor.objects.exists() and not Person.objects.exists()


def load() -> None:
    """Load the demonstration into an empty database."""
    now = clock.read()
    document = read(text=EXAMPLE.read_text(encoding="utf-8"))
    catalog.import_catalog(document=document, by=OPERATOR, now=now)
    education.import_programmes(document=document, by=OPERATOR, now=now)
    people = {guest: _person(guest, now) for guest in GUESTS}
    team = _customer(people[ALICE], now)
    members = [_join(team, people[ALICE], people[guest], now) for guest in (BOB, CLARA)]
    alice = Member.objects.active().get(team=team, person=people[ALICE])
    pool = Pool.objects.get(team=team, product__code="atelier-structure")
    for member in (alice, members[0]):
        seats.assign(pool=pool, member=member, by=people[ALICE].actor(), now=now)
    _project(team, people[ALICE], members=members, pool=pool, now=now)
    _codes(pool, holder=members[0], by=people[VICTOR].actor(), now=now)
    _partner(people[PAULA], by=people[VICTOR].actor(), now=now)


def _project(team: Team, owner: Person, *, members: list[Member], pool: Pool, now: datetime) -> None:
    """Build one project: an editor, one who lacks a license, and one who is invited with one."""
    by = owner.actor()
    school = projects.create(
        team=team, name="School extension, Lyon", products=[pool.product], by=by, now=now
    )
    for member in members:
        projects.add(project=school, member=member, role=ProjectRole.EDITOR, by=by, now=now)
    inviting.invite(
        team=team,
        emails=["nadia@engineers.example"],
        role=Role.MEMBER,
        message="",
        language="fr",
        pools=[pool],
        projects=[Carried(school, ProjectRole.EDITOR)],
        by=by,
        now=now,
    )


def _codes(pool: Pool, *, holder: Member, by: Actor, now: datetime) -> None:
    """Build a code of the team's license, which was replaced once, and some that wait for a team."""
    license = pool.licenses.get()
    first = codes.issue(license=license, member=holder, chance=_chance(), by=by, now=now)
    codes.supersede(code=first, chance=_chance(), by=by, now=now)
    codes.issue_open(
        product=pool.product,
        seats=5,
        days=90,
        terms=license.read_terms(),
        chances=[_chance() for _each in range(3)],
        redeem_until=now + timedelta(days=60),
        by=by,
        now=now,
    )


def _partner(owner: Person, *, by: Actor, now: datetime) -> None:
    """Build a partner near the customer, with vouchers to sell."""
    wanted = partners.Wanted(
        name="Contour Systems",
        contact=owner.full_name,
        street="Musterufer 12",
        postal_code="79098",
        city="Freiburg",
        country="DE",
        countries=("CH", "DE", "FR"),
        discount_percent=10,
        is_listed=True,
        website="https://contour.example",
        phone="+49 761 5550 100",
        languages=("de", "en", "fr"),
    )
    partner = partners.appoint(wanted=wanted, owner=owner.email, by=by, now=now)
    vouchers.make(
        partner=partner,
        plan=Plan.objects.select_related("product").get(code="atelier-structure-year"),
        quantity=2,
        chances=[_chance() for _each in range(3)],
        redeem_until=today(now=now) + timedelta(days=365),
        by=by,
        now=now,
    )


def _chance() -> bytes:
    return secrets.token_bytes(CHANCE_BYTES)


def _person(guest: Guest, now: datetime) -> Person:
    person = Person.objects.create_user(
        guest.email,
        PASSWORD,
        full_name=guest.name,
        language=guest.language,
        is_staff=bool(guest.roles),
        staff_roles=sorted(guest.roles),
        date_joined=now,
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def _customer(owner: Person, now: datetime) -> Team:
    address = Address(
        company="Studio Perrin",
        name=owner.full_name,
        street="8 quai des Exemples",
        postal_code="69002",
        city="Lyon",
        country="FR",
    )
    placed = now - timedelta(minutes=5)
    order = orders.place(
        basket=basket_of(wanted={"atelier-structure-year": 5, "place-share-year": 3}, on=today(now=placed)),
        team=None,
        team_name="Studio Perrin",
        address=address,
        checkout_key="demonstration",
        language=owner.language,
        by=owner.actor(),
        now=placed,
    )
    return order.team


def _join(team: Team, owner: Person, person: Person, now: datetime) -> Member:
    inviting.invite(
        team=team,
        emails=[person.email],
        role=Role.MEMBER,
        message="",
        language=person.language,
        by=owner.actor(),
        now=now,
    )
    invitation = Invitation.objects.get(team=team, email=person.email)
    return inviting.accept(invitation=invitation, by=person.actor(), now=now).member
