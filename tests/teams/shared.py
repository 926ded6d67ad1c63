"""Short words for the tests of teams: who is asked, and what is asked of them."""

from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.teams import actions as teams
from licet.teams.models import Invitation, Team
from licet.teams.states import Role
from tests.world import World

DORA = "dora@elsewhere.example"


def ask(
    world: World,
    *emails: str,
    team: Team | None = None,
    role: Role = Role.MEMBER,
    by: Person | None = None,
    message: str = "",
    language: str = "en",
) -> list[tuple[str, str]]:
    """Invite the addresses (Dora without any) and return what became of each, as plain pairs."""
    found = teams.invite(
        team=team or world.team,
        emails=emails or [DORA],
        role=role,
        message=message,
        language=language,
        by=(by or world.alice).actor(),
        now=world.now,
    )
    return [(each.email, each.outcome.value) for each in found]


def asked(world: World, email: str = DORA, **how: object) -> Invitation:
    """Invite one address and return its invitation."""
    ask(world, email, **how)  # type: ignore[arg-type]
    return Invitation.objects.get(team=how.get("team") or world.team, email=email)


def told(team: Team) -> list[str]:
    """Return the names of the team's facts, in their order."""
    return list(Event.objects.filter(team=team.pk).order_by("position").values_list("name", flat=True))
