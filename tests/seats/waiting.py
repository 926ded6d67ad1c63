"""People who ask for licenses."""

from datetime import timedelta

from licet.accounts.models import Person
from licet.licenses.models import Pool
from licet.seats import requests
from licet.seats.models import SeatRequest
from licet.teams.models import Member
from tests.world import World


def ask(world: World, pool: Pool, person: Person, *, message: str = "", minutes: int = 0) -> SeatRequest:
    """Let the person ask for a license, so many minutes after the test began."""
    now = world.now + timedelta(minutes=minutes)
    return requests.request_license(pool=pool, message=message, by=person.actor(), now=now)


def queue(world: World, pool: Pool, count: int) -> list[Member]:
    """Let so many new members ask, a minute apart; return them in the order of the line."""
    people = world.people(world.team, count)
    for minute, member in enumerate(people):
        ask(world, pool, member.person, minutes=minute)
    return people
