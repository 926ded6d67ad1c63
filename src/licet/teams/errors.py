"""Why not: the refusals of teams, members and invitations."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class TeamNameNeeded(Refusal):
    """A team was to be called nothing, or something that cannot be shown."""

    code = "team_name_needed"
    kind = Kind.INVALID
    field = "name"
    sentence = _("Give the team a name, such as the name of your company or department.")


class TeamNameTooLong(Refusal):
    """A team's name has a limit, so that it fits where it is shown. `limit` in characters."""

    code = "team_name_too_long"
    kind = Kind.INVALID
    field = "name"
    sentence = _("This name is too long. Shorten it to %(limit)s characters or less.")


class AddressNeeded(Refusal):
    """Nobody was to be invited."""

    code = "address_needed"
    kind = Kind.INVALID
    field = "emails"
    sentence = _("Enter at least one e-mail address.")


class TooManyAddresses(Refusal):
    """More addresses at once than one batch takes. `limit`, `given` in addresses."""

    code = "too_many_addresses"
    kind = Kind.INVALID
    field = "emails"
    sentence = _(
        "You entered %(given)s addresses; at most %(limit)s can be invited at once. "
        "Nobody was invited yet: split the list and send it in parts."
    )


class TooManyToday(Refusal):
    """One person has sent as many invitations as a day allows. `limit` in addresses."""

    code = "too_many_invitations_today"
    kind = Kind.CONFLICT
    field = "emails"
    sentence = _(
        "One person can invite at most %(limit)s people a day. "
        "Nobody of this list was invited: invite fewer people, or go on tomorrow."
    )


class MessageTooLong(Refusal):
    """The words that go with an invitation have a limit. `limit` in characters."""

    code = "message_too_long"
    kind = Kind.INVALID
    field = "message"
    sentence = _("Your message is too long. Shorten it to %(limit)s characters or less.")


class LanguageUnknown(Refusal):
    """A mail was to be written in a language that this installation does not speak."""

    code = "language_unknown"
    kind = Kind.INVALID
    field = "language"
    sentence = _("Mails cannot be written in this language. Choose one of the list.")


class RoleAboveOwn(Refusal):
    """Nobody grants, renews or takes away a role above the own one."""

    code = "role_above_own"
    kind = Kind.FORBIDDEN
    field = "role"
    sentence = _("Your own role in this team does not allow this. Ask an owner of the team to do it.")


class OwnershipNeedsConsent(Refusal):
    """A member was to be made owner without being asked."""

    code = "ownership_needs_consent"
    kind = Kind.INVALID
    field = "role"
    sentence = _(
        "Nobody becomes owner without having agreed. Offer the ownership: the person then accepts it."
    )


class AlreadyOwner(Refusal):
    """Ownership was to be offered to somebody who has it."""

    code = "already_owner"
    kind = Kind.CONFLICT
    sentence = _("This person is an owner of the team already.")


class LastOwner(Refusal):
    """The only owner was to become something else."""

    code = "last_owner"
    kind = Kind.CONFLICT
    field = "role"
    sentence = _(
        "A team is never without an owner, and this is the only one. "
        "Offer the ownership to somebody else first; once it is accepted, you can change this role."
    )


class TeamInUse(Refusal):
    """A team was to be archived while something of it runs."""

    code = "team_in_use"
    kind = Kind.CONFLICT
    sentence = _(
        "This team cannot be archived yet: "
        "it has licenses that have not ended, or an order that is not paid. "
        "Reload the page to see which, and until when."
    )


class TeamIsArchived(Refusal):
    """Something was to be added to a team that was archived."""

    code = "team_archived"
    kind = Kind.ENDED
    sentence = _("This team was archived. Its owners can bring it back within 30 days.")


class RestoreTooLate(Refusal):
    """An archived team was to come back after its time."""

    code = "restore_too_late"
    kind = Kind.ENDED
    sentence = _("The 30 days in which this team could be brought back are over. Create a new team.")


class LastOwnerStays(Refusal):
    """The only owner was to leave, or to be removed."""

    code = "last_owner_stays"
    kind = Kind.CONFLICT
    sentence = _(
        "A team is never without an owner, and %(person)s is the only one. "
        "Hand over first: offer the ownership to another member. "
        "Once it is accepted, nothing stands in the way."
    )


class InvitationHasExpired(Refusal):
    """Its term is over."""

    code = "invitation_expired"
    kind = Kind.ENDED
    sentence = _("This invitation has expired. Ask for a new one: the team is told with one click.")


class InvitationWasWithdrawn(Refusal):
    """The team took it back."""

    code = "invitation_withdrawn"
    kind = Kind.ENDED
    sentence = _(
        "The team has withdrawn this invitation. If you think that is a mistake, ask the person who sent it."
    )


class InvitationWasDeclined(Refusal):
    """The person said no before."""

    code = "invitation_declined"
    kind = Kind.ENDED
    sentence = _("This invitation was declined. If you changed your mind, ask for a new one.")


class InvitationWasUsed(Refusal):
    """Somebody accepted it before, and has left or has another account."""

    code = "invitation_used"
    kind = Kind.ENDED
    sentence = _("This invitation was accepted before and works only once. Ask the team to invite you again.")


class InvitationWasReplaced(Refusal):
    """A newer link was sent to the same address."""

    code = "invitation_replaced"
    kind = Kind.ENDED
    sentence = _(
        "A newer invitation replaced this one. Use the link in the latest mail, "
        "or sign in and look under Invitations."
    )


class InvitationNotYours(Refusal):
    """The acting account does not own the invited address. `address`: the invited one."""

    code = "invitation_not_yours"
    kind = Kind.FORBIDDEN
    sentence = _(
        "This invitation is for %(address)s, and your account does not have this address. "
        "Sign in with the account that has it, or make it the address of your account."
    )


class InviterMayNoLonger(Refusal):
    """Who sent it has left the team or lost the role that allowed it."""

    code = "inviter_may_no_longer"
    kind = Kind.ENDED
    sentence = _(
        "The person who invited you may no longer do so. "
        "Ask for a new invitation: the team is told with one click."
    )


class InvitationStillOpen(Refusal):
    """A new one was asked for where the present one works."""

    code = "invitation_still_open"
    kind = Kind.CONFLICT
    sentence = _("This invitation still works: you can accept it now.")


class AskedAlready(Refusal):
    """The team was asked for a new invitation within the last day."""

    code = "asked_already"
    kind = Kind.CONFLICT
    sentence = _("The team was told already and can send you a new invitation. You can ask again tomorrow.")


class InvitationIsDecided(Refusal):
    """An administrator acts on an invitation that is no longer pending."""

    code = "invitation_decided"
    kind = Kind.CONFLICT
    sentence = _(
        "This invitation was accepted, declined or withdrawn in the meantime. "
        "Reload the page to see how it stands."
    )


class SentJustNow(Refusal):
    """The same link was to be mailed again within minutes. `minutes`: the pause."""

    code = "sent_just_now"
    kind = Kind.CONFLICT
    sentence = _(
        "This invitation was sent a moment ago. Mail can take some minutes: "
        "wait %(minutes)s minutes before you send it again."
    )


class RecoveryReasonNeeded(Refusal):
    """Asked for, or decided, without a word why. `limit` in characters."""

    code = "recovery_reason_needed"
    kind = Kind.INVALID
    field = "reason"
    sentence = _("Say why, in at most %(limit)s characters. Everybody who manages the team can read it.")


class RecoveryEvidenceNeeded(Refusal):
    """A recovery was to be granted on nothing."""

    code = "recovery_evidence_needed"
    kind = Kind.INVALID
    field = "evidence"
    sentence = _("Say what you have seen: a proof of purchase, or that the domain of the address is theirs.")


class RecoveryForAdmins(Refusal):
    """A member asked to own a team that has an administrator. `person`: one of them."""

    code = "recovery_for_administrators"
    kind = Kind.FORBIDDEN
    sentence = _("This team has an administrator, who can ask for this: %(person)s.")


class RecoveryIsOpen(Refusal):
    """Two were to become owner at once."""

    code = "recovery_open"
    kind = Kind.CONFLICT
    sentence = _("Somebody of this team has asked already. Wait until that is decided.")


class RecoveryAskedLately(Refusal):
    """Asked again soon after a no. `again`: from then on."""

    code = "recovery_asked_lately"
    kind = Kind.CONFLICT
    sentence = _("This was asked not long ago, and it was not agreed. You can ask again from %(again)s on.")


class RecoveryIsOver(Refusal):
    """Decided, stopped or withdrawn meanwhile."""

    code = "recovery_over"
    kind = Kind.CONFLICT
    sentence = _("This was decided in the meantime. Reload the page to see how it stands.")
