"""What the pools get back when somebody leaves: a step of the one verb above that ends everything."""

from collections.abc import Iterable

from licet.eventlog.change import Record
from licet.licenses.models import Pool
from licet.seats.actions import free_reservations_of_invitation, free_reservations_of_member, give_back
from licet.seats.models import Seat
from licet.teams.models import Invitation, Member


def give_back_all(*, member: Member, withdrawn: Iterable[Invitation], record: Record) -> list[Seat]:
    """Put every seat that the member holds back, and free what is kept for the member. A step.

    So is what was kept for the `withdrawn` invitations. Returns the seats. The caller has locked the
    team, so that no pool is made meanwhile. All pools of the team are locked in the order of their keys:
    whoever gives the member a seat at this moment comes before or after it, and two who lock several
    never wait for each other.
    """
    pools = Pool.objects.select_for_update(no_key=True).filter(team=member.team_id)
    list(pools.order_by("pk").values_list("pk"))
    held = Seat.objects.held().filter(member=member).select_related("member__person").order_by("pool")
    given = [give_back(seat=seat, record=record) for seat in held]
    free_reservations_of_member(member=member, record=record)
    for invitation in withdrawn:
        free_reservations_of_invitation(invitation=invitation, record=record)
    return given
