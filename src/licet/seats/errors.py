"""Why a seat is not given or taken back."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from licet.kernel.refusal import Kind, Refusal


class NoFreeSeat(Refusal):
    """Every license is held or kept. Where the last one went a moment ago, the sentence says to whom.

    `seats`: the pool's capacity; `reserved`: how many of them are kept; `receiver` and `giver`: names,
    empty where there is nothing to tell.
    """

    code = "no_free_seat"
    kind = Kind.CONFLICT
    sentence = _("Every license is assigned. Buy more, or take one back first.")
    went = _("The last license went to %(receiver)s a moment ago. Buy more, or take one back first.")
    given = _(
        "%(giver)s gave the last license to %(receiver)s a moment ago. Buy more, or take one back first."
    )

    def __init__(self, *, seats: int, reserved: int = 0, receiver: str = "", giver: str = "") -> None:
        super().__init__(seats=seats, reserved=reserved, receiver=receiver, giver=giver)

    def __str__(self) -> str:
        if self.params["receiver"]:
            return str(self.given if self.params["giver"] else self.went) % self.params
        if self.params["reserved"]:
            return ngettext(
                "No license is free: %(reserved)s is reserved, the others are assigned. "
                "Buy more, take one back, or withdraw an invitation that keeps one.",
                "No license is free: %(reserved)s are reserved, the others are assigned. "
                "Buy more, take one back, or withdraw an invitation that keeps one.",
                self.params["reserved"],
            ) % {"reserved": self.params["reserved"]}
        return ngettext(
            "The team's only license is assigned. Buy more, or take it back first.",
            "All %(seats)s licenses are assigned. Buy more, or take one back first.",
            self.params["seats"],
        ) % {"seats": self.params["seats"]}


class NoUsableLicense(Refusal):
    """The team's licenses of the product have ended, not begun, or are suspended: nothing can be given."""

    code = "no_usable_license"
    kind = Kind.ENDED
    sentence = _(
        "The team has no license of %(product)s that is in force today. "
        "Buy new ones, or wait until the ones you bought begin."
    )


class NotAMember(Refusal):
    """The person has left the team."""

    code = "not_a_member"
    kind = Kind.CONFLICT
    sentence = _(
        "%(person)s no longer belongs to the team. Invite the person again, then assign the license."
    )


class AlreadyHeld(Refusal):
    """The person holds a license of this product already; `seat` is the primary key of the one."""

    code = "seat_already_held"
    kind = Kind.CONFLICT
    sentence = _("%(person)s already has a license of this product. Nothing needs to be done.")

    def __init__(self, *, seat: int, person: str) -> None:
        super().__init__(person=person)
        self.seat = seat


class AlreadyReleased(Refusal):
    """Somebody took the license back before."""

    code = "seat_already_released"
    kind = Kind.CONFLICT
    sentence = _("This license has been taken back already. Nothing needs to be done.")
