"""Places that are in use offline: a device goes on with a seat until a date, whatever happens to the seat.

While the seat is held, `Seat.borrowed_until` says until when. Whoever loses such a seat frees no place: it is
kept for that member until the date, so that nobody else runs on it at the same time. Getting the seat
back takes the kept place over; bringing the borrowed permission back earlier frees it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from licet.eventlog.change import Record
from licet.licenses.models import Pool
from licet.seats.events import BorrowedPlaceFreed, PlaceStaysBorrowed
from licet.seats.models import Reservation, Seat
from licet.seats.states import KeptFor
from licet.teams.models import Member


def set_borrowed(*, pool: Pool, member: Member, until: datetime | None, record: Record) -> None:
    """Write until when the member's place is in use offline; None: it was brought back. A step.

    Who lost the seat meanwhile has the kept place shortened, prolonged or freed instead.
    """
    # Whoever takes this seat back at the same moment comes before (and kept a place) or after (and will).
    pool = Pool.objects.locked(pool.pk)
    if Seat.objects.held().filter(pool=pool, member=member).update(borrowed_until=until):
        return
    kept = Reservation.objects.open(record.now).filter(pool=pool, member=member, reason=KeptFor.BORROWED)
    if until is not None and until > record.now:
        kept.update(expires_at=until)
    elif kept.update(ended_at=record.now):
        pool.reserved -= 1
        pool.save(update_fields=["reserved"])
        record(
            BorrowedPlaceFreed(
                pool=pool.pk,
                member=member.pk,
                product=pool.product.code,
                person_name=member.person.name,
                product_name=pool.product.names,
            ),
            team=pool.team_id,
        )


def keep_borrowed(*, seats: Sequence[Seat], pools: Mapping[int, Pool], record: Record) -> list[int]:
    """Keep the places of those of these seats that are in use offline, for who holds them. A step.

    Returns these seats' keys. The caller has locked the pools, and writes their counts and the seats.
    """
    still = Seat.objects.held().filter(pk__in=[each.pk for each in seats], borrowed_until__gt=record.now)
    until = {pk: end for pk, end in still.values_list("pk", "borrowed_until") if end is not None}
    lent = [each for each in seats if each.pk in until]
    members = {each.member_id for each in lent}
    known = Reservation.objects.kept().filter(pool__in=list(pools), member__in=members)
    kept = {(each.pool_id, each.member_id): each for each in known}
    for seat in lent:
        end, here = until[seat.pk], kept.get((seat.pool_id, seat.member_id))
        if here is None:
            here = Reservation(team_id=seat.team_id, pool_id=seat.pool_id, member_id=seat.member_id)
            here.reserved_at = record.now
            pools[seat.pool_id].reserved += 1
        here.reason, here.expires_at = KeptFor.BORROWED, end
        here.save()
        record(
            PlaceStaysBorrowed(
                seat=seat.pk,
                pool=seat.pool_id,
                member=seat.member_id,
                product=pools[seat.pool_id].product.code,
                until=end.isoformat(),
                person_name=seat.member.person.name,
                product_name=pools[seat.pool_id].product.names,
            ),
            team=seat.team_id,
        )
    return [each.pk for each in lent]
