"""What a joining does: license, codes, seat, cases, team and classes go to the new account at once. Steps.

Where the new account was given a license meanwhile, that one stands: the old codes name the new ones, work
on for fourteen days, and are refused then.
"""

from collections.abc import Sequence

from licet.accounts.models import Person
from licet.education import events as education
from licet.education import granting, rules
from licet.education.joining.errors import InThatTeam
from licet.education.joining.events import AccountsJoined, JoiningWithdrawn
from licet.education.joining.models import Joining
from licet.education.joining.rules import JoiningState, Way
from licet.education.models import Case, Decision, Entitlement
from licet.education.proofs.class_code.models import Class
from licet.education.states import RUNNING, CaseState
from licet.eventlog.change import Record
from licet.licenses import codes
from licet.licenses.states import CodeState
from licet.seats.models import Seat
from licet.seats.signouts import end_sign_ins
from licet.teams import leaving
from licet.teams.models import Member, Team


def take_effect(*, joining: Joining, way: Way, record: Record) -> None:
    """Move what the old account has to the new one; `joining` is locked. VOID where nothing can move.

    Refuses InThatTeam.
    """
    entitled, own = _locked(joining)
    moves = (
        entitled is not None
        and entitled.person_id == joining.former_id
        and not (entitled.superseded_by_id or entitled.revoked_at)
        and not _has_judged(joining)
    )
    if entitled is None or not moves:
        return _void(joining, record=record)
    if own is not None:
        _supersede(entitled, by=own, record=record)
    elif not _hand_over(entitled, to=joining.person, record=record):
        return _void(joining, record=record)
    _hand_over_classes(joining, programme=entitled.programme_id)
    joining.decide(JoiningState.DONE)
    joining.way, joining.ended_at = way, record.now
    joining.save(update_fields=["state", "way", "ended_at"])
    record(
        AccountsJoined(
            joining=joining.pk,
            way=way.value,
            superseded=own is not None,
            person_name=joining.person.name,
        )
    )
    return None


def _locked(joining: Joining) -> tuple[Entitlement | None, Entitlement | None]:
    """Lock what moves, in the order of the other verbs: cases, people, entitlements; return both licenses."""
    found = joining.entitlement
    if found is None or joining.former_id is None:
        return None, None
    two = [joining.person_id, joining.former_id]
    cases = Case.objects.select_for_update(of=("self",), no_key=True).filter(programme=found.programme_id)
    # A decision on a request of either account, an answer of the applicant.
    list(cases.filter(person__in=two).order_by("pk").values_list("pk"))
    # A request that begins in either account at this moment.
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=two).order_by("pk").values_list("pk"))
    entitled = Entitlement.objects.locked(found.pk)
    own = Entitlement.objects.select_for_update(of=("self",), no_key=True).standing()
    return entitled, own.filter(person=joining.person_id, programme=entitled.programme_id).first()


def _has_judged(joining: Joining) -> bool:
    """Whether one of the two has decided on a request of the other: nobody may end up their own judge."""
    two = [joining.person_id, joining.former_id]
    return Decision.objects.filter(case__person__in=two, by__in=two).exists()


def _hand_over(entitled: Entitlement, *, to: Person, record: Record) -> bool:
    """Put the entitlement with all that hangs on it to the new account; False where its team is gone."""
    former = entitled.person
    # Competing: whoever changes the team's people, its seats or its licenses.
    team = Team.objects.locked(entitled.team_id)
    there = {each.person_id: each for each in Member.objects.active().filter(team=team)}
    if to.pk in there:
        raise InThatTeam
    member = there.get(former.pk)
    if member is None or team.archived_at is not None:
        return False
    held = Seat.objects.held().filter(member=member)
    seats: Sequence[Seat] = list(held.select_related("pool__product", "member").order_by("pk"))
    leaving.pass_on(member=member, to=to, record=record)
    end_sign_ins(seats=seats, record=record)
    _end_own_request(former, entitled=entitled, record=record)
    Case.objects.filter(person=to, programme=entitled.programme_id, state__in=sorted(RUNNING)).update(
        extends=entitled
    )
    Case.objects.filter(person=former, programme=entitled.programme_id).update(person=to)
    entitled.person = to
    entitled.save(update_fields=["person"])
    return True


def _hand_over_classes(joining: Joining, *, programme: int) -> None:
    """Put the classes of the old account, and what colleagues offer it, to the new one: the same teacher."""
    classes = Class.objects.filter(programme=programme)
    classes.filter(teacher=joining.former_id, offered_to=joining.person_id).update(offered_to=None)
    classes.filter(teacher=joining.person_id, offered_to=joining.former_id).update(offered_to=None)
    classes.filter(teacher=joining.former_id).update(teacher=joining.person_id)
    classes.filter(offered_to=joining.former_id).update(offered_to=joining.person_id)


def _end_own_request(former: Person, *, entitled: Entitlement, record: Record) -> None:
    """Withdraw what the old account still asks for: the new one asks, and one request runs per person."""
    for case in Case.objects.filter(
        person=former, programme=entitled.programme_id, state__in=sorted(RUNNING)
    ):
        case.decide(CaseState.WITHDRAWN)
        case.decided_at, case.claimed_by, case.claimed_until = record.now, None, None
        case.save(update_fields=["state", "decided_at", "claimed_by", "claimed_until"])
        case.documents.filter(destroyed_at=None).update(destroy_at=record.now)
        record(education.CaseWithdrawn(case=case.pk))


def _supersede(old: Entitlement, *, by: Entitlement, record: Record) -> None:
    stand = {each.license.pool.product_id: each.code for each in by.given.select_related("license__pool")}
    for given in old.given.select_related("license__pool", "code"):
        new = stand.get(given.license.pool.product_id)
        if new is not None and given.code.state == CodeState.ISSUED and new.state == CodeState.ISSUED:
            codes.point(code=given.code, new=new, overlap=rules.OVERLAP, record=record)
    granting.supersede(old=old, new=by, record=record)


def _void(joining: Joining, *, record: Record) -> None:
    joining.decide(JoiningState.VOID)
    joining.ended_at = record.now
    joining.save(update_fields=["state", "ended_at"])
    record(JoiningWithdrawn(joining=joining.pk))
