"""What the pools get back when somebody leaves: a step of the one verb above that ends everything."""

from collections.abc import Sequence

from licet.eventlog.change import Record
from licet.licenses.models import Pool
from licet.seats.actions import free_reservations_of_member, give_back_each
from licet.seats.models import Seat
from licet.teams.models import Member


def give_back_all(*, member: Member, record: Record) -> Sequence[Seat]:
    """Put every seat that the member holds back, and free what is kept for the member. A step.

    Returns the seats. The caller has locked the team, so that no pool is made meanwhile. All pools of the
    team are locked in the order of their keys: whoever gives the member a seat at this moment comes before
    or after it, and two who lock several never wait for each other.
    """
    pools = Pool.objects.select_for_update(no_key=True).filter(team=member.team_id)
    list(pools.order_by("pk").values_list("pk"))
    held = list(Seat.objects.held().filter(member=member).select_related("member__person").order_by("pool"))
    given = give_back_each(seats=held, record=record) if held else []
    free_reservations_of_member(member=member, record=record)
    return given
