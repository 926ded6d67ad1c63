"""The people of the tests and what they have, built through the verbs.

    world.alice   owner of world.team          world.charlie   belongs to another team
    world.bob     member of world.team         world.victor    works for the vendor

Everything is built when first asked for, so that a test pays for what it uses.
"""

from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress

import licet
from licet.accounts.models import Person
from licet.catalog.actions import import_catalog
from licet.catalog.document import Document, read
from licet.catalog.models import Plan, Product
from licet.catalog.rules import Period, Terms
from licet.eventlog.change import change
from licet.kernel.actor import Actor, system
from licet.licenses import actions as licenses
from licet.seats import actions as seats
from licet.teams import actions as teams
from licet.teams.models import Invitation, Member, Team
from licet.teams.states import Role

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning: the moment at which every test starts."""

EXAMPLE = Path(licet.__file__).parent / "catalog" / "example" / "vendor.toml"
PASSWORD = "correct horse battery staple"
OPERATOR = system(label="test")


@cache
def _example() -> Document:
    return read(text=EXAMPLE.read_text(encoding="utf-8"))


class World:
    """Builders; each returns what it built."""

    def __init__(self, *, now: datetime = NOW) -> None:
        self.now = now

    # --- people -----------------------------------------------------------------------------

    def person(
        self,
        email: str,
        name: str = "",
        *,
        language: str = "en",
        staff: bool = False,
        roles: tuple[str, ...] = ("administrator",),
    ) -> Person:
        """Return a person with a verified address and `PASSWORD`; of the `staff`, with every duty."""
        person = Person.objects.create_user(
            email,
            PASSWORD,
            full_name=name,
            language=language,
            is_staff=staff,
            staff_roles=list(roles) if staff else [],
            date_joined=self.now,
        )
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        return person

    @cached_property
    def alice(self) -> Person:
        """Owner of the team; her language is French."""
        return self.person("alice@atelier.example", "Alice Martin", language="fr")

    @cached_property
    def bob(self) -> Person:
        """Member of the team."""
        person = self.person("bob@atelier.example", "Bob Keller", language="de")
        self.join(self.team, person)
        return person

    @cached_property
    def charlie(self) -> Person:
        """Owner of another team: a stranger to Alice's."""
        return self.person("charlie@other.example", "Charlie Stone")

    @cached_property
    def victor(self) -> Person:
        """One of the vendor's own people."""
        return self.person("victor@vendor.example", "Victor Lang", staff=True)

    # --- teams ------------------------------------------------------------------------------

    @cached_property
    def team(self) -> Team:
        """Alice's team."""
        return self.found("Atelier Nord", owner=self.alice)

    @cached_property
    def other_team(self) -> Team:
        """Charlie's team."""
        return self.found("Studio Stone", owner=self.charlie)

    def found(self, name: str, *, owner: Person) -> Team:
        """Return a new team of this owner."""
        return teams.create(name=name, by=owner.actor(), now=self.now)

    def join(
        self, team: Team, person: Person, *, role: Role = Role.MEMBER, by: Actor | None = None
    ) -> Member:
        """Let an owner invite the person, and the person accept; return the member."""
        if by is None:
            by = team.members.active().select_related("person").filter(role=Role.OWNER)[0].person.actor()
        teams.invite(
            team=team,
            emails=[person.email],
            role=role,
            message="",
            language=person.language,
            by=by,
            now=self.now,
        )
        invitation = Invitation.objects.pending().get(team=team, email=person.email)
        return teams.accept(invitation=invitation, by=person.actor(), now=self.now)

    def people(self, team: Team, count: int, *, start: int = 1) -> list[Member]:
        """Return `count` new members of the team, named Person 001 and so on."""
        return [
            self.join(team, self.person(f"person{number:03}@atelier.example", f"Person {number:03}"))
            for number in range(start, start + count)
        ]

    def crowd(self, team: Team, count: int, *, start: int = 1) -> list[Member]:
        """Return `count` new members, written in bulk: for what is tried with hundreds of people."""
        people = Person.objects.bulk_create(
            Person(
                email=f"crowd{number:04}@atelier.example",
                full_name=f"Crowd {number:04}",
                password="!",
                date_joined=self.now,
            )
            for number in range(start, start + count)
        )
        return Member.objects.bulk_create(
            Member(team=team, person=person, role=Role.MEMBER, joined_at=self.now) for person in people
        )

    def member(self, person: Person, team: Team | None = None) -> Member:
        """Return the person's membership of the team."""
        return Member.objects.active().get(team=team or self.team, person=person)

    # --- catalog ----------------------------------------------------------------------------

    @cached_property
    def product(self) -> Product:
        """A product of the catalog."""
        return self.catalog[0]

    @cached_property
    def other_product(self) -> Product:
        """Another one."""
        return self.catalog[1]

    @cached_property
    def catalog(self) -> list[Product]:
        """The products of the example vendor, in the order of its file."""
        import_catalog(document=_example(), by=OPERATOR, now=self.now)
        return list(Product.objects.offered().order_by("family__position", "position", "pk"))

    def plan(self, product: Product | None = None, *, period: Period = Period.YEAR) -> Plan:
        """Return the product's plan for this period."""
        return Plan.objects.offered().get(product=product or self.product, period=period)

    # --- licenses and seats -----------------------------------------------------------------

    def licenses(
        self,
        team: Team | None = None,
        product: Product | None = None,
        seats: int = 3,
        *,
        valid_from: datetime | None = None,
        valid_until: datetime | None = None,
        **terms: Any,
    ) -> Any:
        """Issue a license of so many seats for a year; return it (its pool is `license.pool`)."""
        start = valid_from or self.now
        team, product = team or self.team, product or self.product
        with change(by=OPERATOR, now=self.now) as record:
            return licenses.issue(
                team=team,
                product=product,
                seats=seats,
                terms=Terms(**terms),
                valid_from=start,
                valid_until=valid_until or start.replace(year=start.year + 1),
                record=record,
            )

    def seat(self, pool: Any, member: Member, *, by: Person | None = None) -> Any:
        """Give the member a seat of the pool."""
        return seats.assign(pool=pool, member=member, by=(by or self.alice).actor(), now=self.now)
