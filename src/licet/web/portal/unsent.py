"""Changed boxes that are not applied yet: kept in the session while somebody searches and turns pages."""

from collections.abc import Collection, Mapping, Sequence

from licet.seats.wishes import Wish
from licet.teams.models import Team
from licet.web.actor import Request
from licet.web.portal.wishes import read, written

_KEY = "matrix"


def kept(request: Request, *, team: Team, held: Mapping[str, Collection[str]]) -> list[Wish]:
    """Return what is kept for a team, without what is so by now and who is no longer there.

    `held`: the codes of the products that everybody has, by public id.
    """
    return [
        wish
        for wish in _read(request, team=team)
        if wish.member in held and wish.held is not (wish.product in held[wish.member])
    ]


def keep(request: Request, *, team: Team, people: Collection[str], wishes: Sequence[Wish]) -> None:
    """Keep what is wished for these people, in place of what was wished for them before."""
    others = [wish for wish in _read(request, team=team) if wish.member not in set(people)]
    both = others + list(wishes)
    if both:
        request.session[_KEY] = {**request.session.get(_KEY, {}), team.public_id: written(both)}
    else:
        forget(request, team=team)


def forget(request: Request, *, team: Team) -> None:
    """Keep nothing for a team."""
    if team.public_id in request.session.get(_KEY, {}):
        every = dict(request.session[_KEY])
        del every[team.public_id]
        request.session[_KEY] = every


def _read(request: Request, *, team: Team) -> list[Wish]:
    return read(request.session.get(_KEY, {}).get(team.public_id, "")) or []
