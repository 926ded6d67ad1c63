"""What the pools get back when somebody leaves: a step of the one verb above that ends everything."""

from collections.abc import Sequence

from licet.eventlog.change import Record
from licet.licenses.models import Pool
from licet.seats.actions import free_reservations, free_reservations_of_member, give_back_each
from licet.seats.models import Reservation, Seat, SeatRequest
from licet.teams.models import Member, Team


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


def purge(*, team: Team, record: Record) -> None:
    """End what people hold of a team that is gone, and delete what they asked for and what was kept. A step.

    Seats stay as rows: they say what a license was used for. The caller has locked the team.
    """
    pools = Pool.objects.select_for_update(no_key=True).filter(team=team)
    list(pools.order_by("pk").values_list("pk"))
    held = list(Seat.objects.held().filter(team=team).select_related("member__person").order_by("pool"))
    if held:
        give_back_each(seats=held, record=record)
    kept = list(Reservation.objects.kept().filter(team=team).select_related("invitation", "member__person"))
    free_reservations(reservations=kept, record=record)
    Reservation.objects.filter(team=team).delete()
    SeatRequest.objects.filter(team=team).delete()
