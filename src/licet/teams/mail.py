"""Who is written to after what happened in a team."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from licet.accounts.models import Person
from licet.accounts.queries import owner_of
from licet.eventlog.models import Event
from licet.mailing import actions as mailing
from licet.teams import policy, queries
from licet.teams.events import InvitationAccepted, InvitationSent, RecoveryDeclined, RoleChanged
from licet.teams.models import Invitation, Member, Recovery, Team
from licet.teams.permissions import RANK, Permission
from licet.teams.states import InvitationState, Role

Brings = Callable[[Invitation], dict[str, Any]]


def invitation(*, event: Event, now: datetime, brings: Brings | None = None) -> None:
    """Send the link to the invited address, unless it was replaced, answered or withdrawn meanwhile.

    Whoever has an account reads it in the account's language, others in the one that the sender chose.
    `brings` says what goes along with the membership: packages above know, and give it.
    """
    fact = event.fact()
    assert isinstance(fact, InvitationSent)
    invited = _invitation(fact.invitation)
    if invited.version != fact.version or invited.state != InvitationState.SENT:
        return
    account = owner_of(email=invited.email)
    mailing.send(
        to=invited.email,
        language=account.language if account else invited.language,
        template="teams/ownership_offered" if fact.name == "ownership.offered" else "teams/invitation",
        context={
            "team": invited.team.name,
            "sender": invited.invited_by.name,
            "sender_email": invited.invited_by.email,
            "role": invited.role,
            "message": invited.message,
            "link": queries.link(invitation=invited),
            "expires_at": invited.expires_at(),
            "name": account.name if account else "",
            "has_account": account is not None,
            "hands_over": invited.hands_over,
            **(brings(invited) if brings else {}),
        },
        key=f"{event.pk}:invitation",
        now=now,
    )


def accepted(*, event: Event, now: datetime) -> None:
    """Tell the sender that somebody has joined."""
    fact = event.fact()
    assert isinstance(fact, InvitationAccepted)
    sent = _invitation(fact.invitation)
    member = Member.objects.select_related("person").get(pk=fact.member)
    context = {
        **_about(sent.team),
        "person": member.person.name,
        "email": sent.email,
        "role": fact.role,
        "handed_over": sent.hands_over and fact.role == Role.OWNER,
    }
    _tell([sent.invited_by], "teams/accepted", context, event=event, now=now)


def declined(*, event: Event, now: datetime) -> None:
    """Tell the sender that somebody said no."""
    sent = _invitation(event.facts["invitation"])
    context = {**_about(sent.team), "email": sent.email}
    _tell([sent.invited_by], "teams/declined", context, event=event, now=now)


def asked_for(*, event: Event, now: datetime) -> None:
    """Tell the sender, or whoever may invite where the sender no longer may, that a new link is wanted."""
    sent = _invitation(event.facts["invitation"])
    admins = queries.allowed(team=sent.team, permission=Permission.INVITE_MEMBERS)
    to = [sent.invited_by] if policy.inviter_still_may(invitation=sent) else admins
    again = f"{_address('invite', sent.team)}?{urlencode({'email': sent.email})}"
    context = {**_about(sent.team), "email": sent.email, "invite": again}
    _tell(to, "teams/asked_for", context, event=event, now=now)


def new_administrator(*, event: Event, now: datetime) -> None:
    """Tell the owners, but not the one who did it, that somebody may now administer the team."""
    fact = event.fact()
    assert isinstance(fact, InvitationAccepted | RoleChanged)
    if RANK[Role(fact.role)] <= max(RANK[Role.MEMBER], RANK[Role(fact.before or Role.MEMBER)]):
        return
    member = Member.objects.select_related("person", "team").get(pk=fact.member)
    owners = [
        each for each in queries.owners(team=member.team) if each.pk not in (event.actor_id, member.person_id)
    ]
    context = {
        **_about(member.team),
        "person": member.person.name,
        "email": member.person.email,
        "role": fact.role,
        "actor": event.actor_label,
        "invited": isinstance(fact, InvitationAccepted),
    }
    _tell(owners, "teams/new_administrator", context, event=event, now=now)


def role_changed(*, event: Event, now: datetime) -> None:
    """Tell the person whose role somebody else has changed."""
    fact = event.fact()
    assert isinstance(fact, RoleChanged)
    member = Member.objects.select_related("person", "team").get(pk=fact.member)
    if member.person_id == event.actor_id:
        return
    context = {**_about(member.team), "role": fact.role, "actor": event.actor_label}
    _tell([member.person], "teams/role_changed", context, event=event, now=now)


def team_archived(*, event: Event, now: datetime) -> None:
    """Tell everybody of the team that it is gone, and its owners how to bring it back."""
    team = Team.objects.get(pk=event.team)
    until = datetime.fromisoformat(event.facts["until"])
    for member in _everybody(team):
        context = {
            "team": team.name,
            "actor": event.actor_label,
            "oneself": member.person_id == event.actor_id,
            "owner": member.role == Role.OWNER,
            "until": until,
            "restore": _address("team_restore", team),
            "account": str(settings.LICET_BASE_URL) + reverse("account_home"),
        }
        _tell([member.person], "teams/archived", context, event=event, now=now)


def team_restored(*, event: Event, now: datetime) -> None:
    """Tell everybody of the team that it is back."""
    team = Team.objects.get(pk=event.team)
    context = {**_about(team), "actor": event.actor_label}
    _tell((member.person for member in _everybody(team)), "teams/restored", context, event=event, now=now)


def recovery(*, event: Event, now: datetime) -> None:
    """Tell everybody who manages the team, and who asked, how far a recovery is; owners how to stop it.

    Not who did it. A no of the vendor is between the vendor and who asked.
    """
    found = Recovery.objects.select_related("team", "asked_by__person").get(pk=event.facts["recovery"])
    asker = found.asked_by.person
    managers = [each for each in _everybody(found.team) if each.role in (Role.OWNER, Role.ADMIN)]
    people = {each.person_id: each.person for each in managers} | {asker.pk: asker}
    if event.name == RecoveryDeclined.name:
        people = {asker.pk: asker}
    owners = {each.person_id for each in managers if each.role == Role.OWNER}
    for person in people.values():
        if person.pk == event.actor_id:
            continue
        context = {
            **_about(found.team),
            "stage": event.name.partition(".")[2],
            "person": asker.name,
            "email": asker.email,
            "reason": found.reason,
            "decision": found.decision,
            "until": found.takes_effect_at,
            "owner": person.pk in owners,
            "asker": person.pk == asker.pk,
            "url": _address("team_recovery", found.team),
        }
        _tell([person], "teams/recovery", context, event=event, now=now)


def _everybody(team: Team) -> list[Member]:
    found = Member.objects.active().filter(team=team, person__is_active=True)
    return list(found.select_related("person").order_by("pk"))


def _invitation(pk: int) -> Invitation:
    return Invitation.objects.select_related("team", "invited_by").get(pk=pk)


def _about(team: Team) -> dict[str, Any]:
    return {"team": team.name, "members": _address("team_members", team), "home": _address("team_home", team)}


def _address(name: str, team: Team) -> str:
    return str(settings.LICET_BASE_URL) + reverse(name, args=[team.public_id])


def _tell(
    people: Iterable[Person], template: str, context: dict[str, Any], *, event: Event, now: datetime
) -> None:
    for person in people:
        mailing.send(
            to=person.email,
            language=person.language,
            template=template,
            context={**context, "name": person.name},
            key=f"{event.pk}:{template}:{person.pk}",
            now=now,
        )
