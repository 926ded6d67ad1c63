"""Who is written to after what happened in a team, and in which language."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core import mail as outbox

from licet.eventlog.models import Event
from licet.orders import closing
from licet.teams import actions as teams
from licet.teams import mail, policy, queries
from licet.teams.states import Role
from tests.teams.shared import DORA, ask, asked
from tests.world import World


def last(name: str) -> Event:
    return Event.objects.filter(name=name).latest("pk")


def letters() -> list[tuple[str, str]]:
    """Return whom was written to, in which language."""
    return [(each.to[0], each.extra_headers["Content-Language"]) for each in outbox.outbox]


def test_an_invitation_is_written_in_the_language_that_its_sender_chose(world: World) -> None:
    invitation = asked(world, language="de", message="See you soon")
    mail.invitation(event=last("invitation.sent"), now=world.now)
    assert letters() == [(DORA, "de")]
    (letter,) = outbox.outbox
    link = f"{settings.LICET_BASE_URL}/invitations/{queries.token(invitation=invitation)}/"
    for text in (letter.body, letter.alternatives[0][0]):
        assert link in text
        assert "See you soon" in text
    assert "Alice Martin" in letter.subject
    assert "Atelier Nord" in letter.subject


def test_whoever_has_an_account_reads_it_in_the_own_language(world: World) -> None:
    world.person(DORA, language="fr")
    asked(world, language="de")
    mail.invitation(event=last("invitation.sent"), now=world.now)
    assert letters() == [(DORA, "fr")]


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.MEMBER, "Members can receive licenses"),
        (Role.ADMIN, "as an administrator"),
        (Role.OWNER, "as an owner"),
    ],
)
def test_an_invitation_says_what_the_role_is(world: World, role: Role, words: str) -> None:
    asked(world, role=role)
    mail.invitation(event=last("invitation.sent"), now=world.now)
    (letter,) = outbox.outbox
    assert words in letter.body
    assert words in letter.alternatives[0][0]
    assert "\n\n\n\n" not in letter.body


def test_what_somebody_typed_is_text_in_the_mail(world: World) -> None:
    teams.rename(team=world.team, name="<b>Nord</b>\u00a0&", by=world.alice.actor(), now=world.now)
    asked(world, message="<script>alert(1)</script>")
    mail.invitation(event=last("invitation.sent"), now=world.now)
    html = outbox.outbox[0].alternatives[0][0]
    assert "<script>" not in html
    assert "<b>" not in html


def test_a_second_delivery_sends_nothing(world: World) -> None:
    asked(world)
    for _ in range(2):
        mail.invitation(event=last("invitation.sent"), now=world.now)
    assert len(outbox.outbox) == 1


def test_a_link_that_was_replaced_meanwhile_is_not_sent(world: World) -> None:
    asked(world)
    ask(world)
    mail.invitation(event=last("invitation.sent"), now=world.now)
    assert outbox.outbox == []
    mail.invitation(event=last("invitation.renewed"), now=world.now)
    assert letters() == [(DORA, "en")]


def test_what_was_withdrawn_meanwhile_is_not_sent(world: World) -> None:
    teams.withdraw(invitation=asked(world), by=world.alice.actor(), now=world.now)
    mail.invitation(event=last("invitation.sent"), now=world.now)
    assert outbox.outbox == []


def test_an_offer_of_ownership_is_a_mail_of_its_own(world: World) -> None:
    offer = teams.offer_ownership(member=world.member(world.bob), by=world.alice.actor(), now=world.now)
    mail.invitation(event=last("ownership.offered"), now=world.now)
    (letter,) = outbox.outbox
    assert letters() == [(world.bob.email, "de")]
    assert queries.token(invitation=offer) in letter.body


def test_the_sender_learns_who_accepted(world: World) -> None:
    world.join(world.team, world.person(DORA, "Dora"))
    mail.accepted(event=last("invitation.accepted"), now=world.now)
    assert letters() == [(world.alice.email, "fr")]
    assert "Dora" in outbox.outbox[0].subject
    assert f"/teams/{world.team.public_id}/members/" in outbox.outbox[0].body


def test_the_sender_learns_who_declined(world: World) -> None:
    invitation = asked(world)
    teams.decline(invitation=invitation, by=policy.holder(invitation=invitation), now=world.now)
    mail.declined(event=last("invitation.declined"), now=world.now)
    assert letters() == [(world.alice.email, "fr")]
    assert DORA in outbox.outbox[0].subject


def _ask_again(world: World, *, by_alice: bool) -> None:
    admin = world.person("ada@atelier.example", language="en")
    ada = world.join(world.team, admin, role=Role.ADMIN)
    invitation = asked(world, by=admin)
    if by_alice:
        teams.change_role(member=ada, role=Role.MEMBER, by=world.alice.actor(), now=world.now)
        late = world.now
    else:
        late = invitation.expires_at()
    teams.ask_again(invitation=invitation, by=policy.holder(invitation=invitation), now=late)
    mail.asked_for(event=last("invitation.asked_for"), now=late)


def test_the_sender_learns_that_a_new_one_is_wanted(world: World) -> None:
    _ask_again(world, by_alice=False)
    assert letters() == [("ada@atelier.example", "en")]
    assert f"/teams/{world.team.public_id}/invite/" in outbox.outbox[0].body


def test_whoever_may_invite_learns_it_where_the_sender_no_longer_may(world: World) -> None:
    _ask_again(world, by_alice=True)
    assert letters() == [(world.alice.email, "fr")]


def test_owners_learn_of_an_administrator_whom_an_administrator_appointed(world: World) -> None:
    admin = world.person("ada@atelier.example", "Ada")
    world.join(world.team, admin, role=Role.ADMIN)
    teams.change_role(member=world.member(world.bob), role=Role.ADMIN, by=admin.actor(), now=world.now)
    mail.new_administrator(event=last("member.role_changed"), now=world.now)
    assert letters() == [(world.alice.email, "fr")]
    assert "Bob Keller" in outbox.outbox[0].subject
    assert "Ada" in outbox.outbox[0].body


def test_owners_learn_of_an_administrator_who_was_invited(world: World) -> None:
    world.join(world.team, world.person(DORA, "Dora"), role=Role.ADMIN)
    mail.new_administrator(event=last("invitation.accepted"), now=world.now)
    assert letters() == [(world.alice.email, "fr")]


def test_owners_learn_of_a_new_owner(world: World) -> None:
    world.join(world.team, world.person(DORA, "Dora"), role=Role.OWNER)
    mail.new_administrator(event=last("invitation.accepted"), now=world.now)
    assert letters() == [(world.alice.email, "fr")]
    assert "Dora" in outbox.outbox[0].subject


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MEMBER])
def test_nobody_is_told_of_the_own_deed_or_of_a_lower_role(world: World, role: Role) -> None:
    bob = world.member(world.bob)
    teams.change_role(member=bob, role=Role.ADMIN, by=world.alice.actor(), now=world.now)
    if role is Role.MEMBER:
        teams.change_role(member=bob, role=Role.MEMBER, by=world.bob.actor(), now=world.now)
    mail.new_administrator(event=last("member.role_changed"), now=world.now)
    assert outbox.outbox == []


def test_a_new_member_is_no_news_for_owners(world: World) -> None:
    world.member(world.bob)
    mail.new_administrator(event=last("invitation.accepted"), now=world.now)
    assert outbox.outbox == []


def test_whose_role_was_changed_learns_it(world: World) -> None:
    bob = world.member(world.bob)
    teams.change_role(member=bob, role=Role.ADMIN, by=world.alice.actor(), now=world.now)
    mail.role_changed(event=last("member.role_changed"), now=world.now)
    assert letters() == [(world.bob.email, "de")]
    teams.change_role(member=bob, role=Role.MEMBER, by=world.bob.actor(), now=world.now)
    mail.role_changed(event=last("member.role_changed"), now=world.now)
    assert len(outbox.outbox) == 1


def test_every_mail_has_words_where_its_blanks_were(world: World) -> None:
    """No template variable is left empty: nothing reads like "the team  ." or "( )"."""
    handlers: dict[str, Callable[..., None]] = {
        "invitation.sent": mail.invitation,
        "invitation.accepted": mail.accepted,
        "ownership.offered": mail.invitation,
    }
    world.member(world.bob)
    ask(world)
    teams.offer_ownership(member=world.member(world.bob), by=world.alice.actor(), now=world.now)
    for name, handler in handlers.items():
        handler(event=last(name), now=world.now)
    assert len(outbox.outbox) == 3
    for letter in outbox.outbox:
        assert not re.search(r"\(\s*\)|\s[.,](?:\s|$)|[^-\n ]  [^ ]", letter.body.split("\n-- \n")[0])


def test_who_hands_over_is_told_that_it_is_done(world: World) -> None:
    world.alice.language = "en"
    world.alice.save()
    offer = teams.offer_ownership(
        member=world.member(world.bob), hand_over=True, by=world.alice.actor(), now=world.now
    )
    teams.accept(invitation=offer, by=world.bob.actor(), now=world.now)
    mail.accepted(event=last("invitation.accepted"), now=world.now)
    (letter,) = outbox.outbox
    assert "Bob Keller is now an owner of the team Atelier Nord." in letter.body
    assert "You are an administrator of the team now, as you asked." in letter.body


def test_an_offer_says_whether_its_sender_steps_back(world: World) -> None:
    world.bob.language = "en"
    world.bob.save()
    teams.offer_ownership(
        member=world.member(world.bob), hand_over=True, by=world.alice.actor(), now=world.now
    )
    mail.invitation(event=last("ownership.offered"), now=world.now)
    assert "As soon as you do, Alice Martin becomes an administrator." in outbox.outbox[0].body


def test_everybody_is_told_that_a_team_was_archived_and_owners_how_to_undo_it(world: World) -> None:
    world.member(world.bob)
    eve = world.person("eve@atelier.example", "Eve")
    world.join(world.team, eve, role=Role.OWNER)
    closing.archive(team=world.team, by=world.alice.actor(), now=world.now)
    for _ in range(2):
        mail.team_archived(event=last("team.archived"), now=world.now)
    assert letters() == [(world.alice.email, "fr"), (world.bob.email, "de"), (eve.email, "en")]
    restore = f"/teams/{world.team.public_id}/restore/"
    assert [restore in each.body for each in outbox.outbox] == [True, False, True]
    assert "Alice Martin archived the team Atelier Nord." in outbox.outbox[2].body
    assert "until 1 April 2026" in outbox.outbox[2].body


def test_everybody_is_told_that_it_is_back(world: World) -> None:
    eve = world.person("eve@atelier.example", "Eve")
    world.join(world.team, eve)
    closing.archive(team=world.team, by=world.alice.actor(), now=world.now)
    teams.restore(team=world.team, by=world.alice.actor(), now=world.now)
    mail.team_restored(event=last("team.restored"), now=world.now)
    assert [each.to[0] for each in outbox.outbox] == [world.alice.email, eve.email]
    assert "Alice Martin brought the team Atelier Nord back." in outbox.outbox[1].body
