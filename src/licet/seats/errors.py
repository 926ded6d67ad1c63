"""Why a seat is not given or taken back."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from licet.kernel.dates import readable, written, written_moment
from licet.kernel.refusal import Kind, Refusal


class NoFreeSeat(Refusal):
    """Every license is held or kept. Where the last one went a moment ago, the sentence says to whom.

    `seats`: the pool's capacity; `reserved`: how many of them are kept; `receiver` and `giver`: names,
    empty where there is nothing to tell. `offline`: who lost one and still uses it until `free_at`.
    """

    code = "no_free_seat"
    kind = Kind.CONFLICT
    sentence = _("Every license is assigned. Buy more, or take one back first.")
    went = _("The last license went to %(receiver)s a moment ago. Buy more, or take one back first.")
    given = _(
        "%(giver)s gave the last license to %(receiver)s a moment ago. Buy more, or take one back first."
    )

    away = _(
        "No license is free. %(person)s still uses one offline; it is free on %(moment)s. "
        "Buy more, take another one back, or wait until then."
    )

    def __init__(
        self,
        *,
        seats: int,
        reserved: int = 0,
        receiver: str = "",
        giver: str = "",
        offline: str = "",
        free_at: datetime | None = None,
    ) -> None:
        super().__init__(seats=seats, reserved=reserved, receiver=receiver, giver=giver)
        self.offline, self.free_at = offline, free_at

    def __str__(self) -> str:
        if self.free_at is not None:
            return str(self.away) % {"person": self.offline, "moment": written_moment(self.free_at)}
        if self.params["receiver"]:
            return str(self.given if self.params["giver"] else self.went) % self.params
        if self.params["reserved"]:
            return ngettext(
                "No license is free: %(reserved)s is reserved, the others are assigned. "
                "Buy more, take one back, or withdraw an invitation that keeps one.",
                "No license is free: %(reserved)s are reserved, the others are assigned. "
                "Buy more, take one back, or withdraw an invitation that keeps one.",
                self.params["reserved"],
            ) % readable({"reserved": self.params["reserved"]})
        return ngettext(
            "The team's only license is assigned. Buy more, or take it back first.",
            "All %(seats)s licenses are assigned. Buy more, or take one back first.",
            self.params["seats"],
        ) % readable({"seats": self.params["seats"]})


@dataclass(frozen=True, slots=True)
class Shortage:
    """A product of which `wanted` licenses are needed and `missing` of them are not there.

    `again`: when places that others used until lately can be had; None where there are no such places.
    """

    product: str
    wanted: int
    missing: int
    again: datetime | None = None

    def __str__(self) -> str:
        if self.again is not None:
            return ngettext(
                "%(product)s: %(missing)s more license is needed; one that somebody else used "
                "can go to another person from %(moment)s on.",
                "%(product)s: %(missing)s more licenses are needed; those that others used "
                "can go to other people from %(moment)s on.",
                self.missing,
            ) % {"product": self.product, "missing": self.missing, "moment": written_moment(self.again)}
        return ngettext(
            "%(product)s: %(missing)s more license is needed.",
            "%(product)s: %(missing)s more licenses are needed.",
            self.missing,
        ) % readable({"product": self.product, "missing": self.missing})


class NotEnoughFree(Refusal):
    """More people are to have a license than there are free ones; nothing was reserved and nobody asked."""

    code = "not_enough_free"
    kind = Kind.CONFLICT
    field = "products"
    sentence = _(
        "There are not enough free licenses; nobody was invited yet. %(shortages)s "
        "Buy more, take some back, or reserve as many as there are."
    )

    def __init__(self, *, shortages: tuple[Shortage, ...]) -> None:
        super().__init__(shortages=shortages)

    def __str__(self) -> str:
        return str(self.sentence) % {"shortages": " ".join(str(each) for each in self.params["shortages"])}


class NoUsableLicense(Refusal):
    """The team's licenses of the product have ended, not begun, or are suspended: nothing can be given."""

    code = "no_usable_license"
    kind = Kind.ENDED
    sentence = _(
        "The team has no license of %(product)s that is in force today. "
        "Buy new ones, or wait until the ones you bought begin."
    )


class LicensesUnpaid(Refusal):
    """There are licenses left, and nobody new gets one before they are paid."""

    code = "licenses_unpaid"
    kind = Kind.CONFLICT
    sentence = _(
        "Nobody new can get a license of %(product)s before the open order is paid. "
        "An administrator finds it under Contracts; once it is paid, you can go on at once."
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


class TooManyChanges(Refusal):
    """More changes at once than one transaction should hold."""

    code = "too_many_changes"
    kind = Kind.INVALID
    sentence = _("These are %(given)s changes; at most %(limit)s can be made at once. Make them in parts.")


class ChangesDoNotFit(Refusal):
    """All or nothing was asked for, and some of the changes cannot be made: nothing was changed."""

    code = "changes_do_not_fit"
    kind = Kind.CONFLICT
    sentence = _(
        "Nothing was changed, because not all of it can be done. "
        "See below what stands in the way, or apply as many changes as fit."
    )


class InvitationNotOpen(Refusal):
    """A license was to be kept for somebody whose invitation is over, by an answer or by the clock."""

    code = "invitation_not_open"
    kind = Kind.ENDED
    sentence = _("The invitation to %(email)s is no longer open. Send it again, then reserve the license.")

    def __init__(self, *, email: str) -> None:
        super().__init__(email=email)


class NotYetReassignable(Refusal):
    """Places are free, and the terms of the licenses do not let another person have one yet.

    `again`: from when on they do; None where that depends on the licenses being renewed.
    """

    again: datetime | None = None


class CoolingDown(NotYetReassignable):
    """Somebody else used what is free until lately; the terms ask for some days in between."""

    code = "seat_cooling_down"
    kind = Kind.CONFLICT
    sentence = _(
        "What is free was used by somebody else lately. It can go to another person from %(moment)s on; "
        "whoever used it can have it back at once."
    )

    def __init__(self, *, again: datetime) -> None:
        super().__init__(again=again)
        self.again = again

    def __str__(self) -> str:
        return str(self.sentence) % {"moment": written_moment(self.params["again"])}


class ReassignmentsUsedUp(NotYetReassignable):
    """Somebody else used what is free, and it went to others as often as the terms allow (`quota`)."""

    code = "reassignments_used_up"
    kind = Kind.CONFLICT
    sentence = _("Used licenses can go to other people again as soon as the licenses are renewed.")

    def __init__(self, *, quota: int, again: datetime | None) -> None:
        super().__init__(quota=quota, again=again)
        self.again = again

    def __str__(self) -> str:
        if self.again is None:
            return ngettext(
                "A used license can go to another person %(quota)s time in this term, and has. "
                "It can again as soon as the licenses are renewed; whoever used it can have it back at once.",
                "Used licenses can go to other people %(quota)s times in this term, and have. "
                "They can again as soon as the licenses are renewed; "
                "whoever used one can have it back at once.",
                self.params["quota"],
            ) % readable({"quota": self.params["quota"]})
        return ngettext(
            "A used license can go to another person %(quota)s time in this term, and has. "
            "It can again from %(day)s on; whoever used it can have it back at once.",
            "Used licenses can go to other people %(quota)s times in this term, and have. "
            "They can again from %(day)s on; whoever used one can have it back at once.",
            self.params["quota"],
        ) % {"quota": self.params["quota"], "day": written(self.again)}


class UndoIsOver(Refusal):
    """Too late, or no longer the last changes of this person."""

    code = "undo_is_over"
    kind = Kind.ENDED
    sentence = _(
        "These changes can no longer be undone in one go. "
        "Change the licenses in the table of people and products."
    )


class UndoneAlready(Refusal):
    """The changes were undone before."""

    code = "undone_already"
    kind = Kind.CONFLICT
    sentence = _("These changes were undone already. Nothing needs to be done.")


class SheetTooLarge(Refusal):
    """The file is larger than a list of people needs; `limit` in megabytes."""

    code = "sheet_too_large"
    kind = Kind.INVALID
    field = "sheet"
    sentence = _("The file is larger than %(limit)s MB. Leave only the people and products that you change.")


class SheetNotText(Refusal):
    """A spreadsheet's own format, or another encoding than UTF-8."""

    code = "sheet_not_text"
    kind = Kind.INVALID
    field = "sheet"
    sentence = _(
        "This file is no CSV text in UTF-8. "
        "In your spreadsheet, choose “Save as” and there the format “CSV UTF-8”."
    )


class SheetIsEmpty(Refusal):
    """Nothing stands in the file."""

    code = "sheet_is_empty"
    kind = Kind.INVALID
    field = "sheet"
    sentence = _("The file is empty. Export the team's table first and change that one.")


class SheetWithoutAddresses(Refusal):
    """No heading of the first row is that of the addresses."""

    code = "sheet_without_addresses"
    kind = Kind.INVALID
    field = "sheet"
    sentence = _("No column has the heading “E-mail”. The first row holds the headings.")


class SheetTooLong(Refusal):
    """More rows than are read at once."""

    code = "sheet_too_long"
    kind = Kind.INVALID
    field = "sheet"
    sentence = _("The file has %(given)s rows; at most %(limit)s can be read at once. Split it.")


class AddressMissing(Refusal):
    """A row of a table without an e-mail address."""

    code = "address_missing"
    kind = Kind.INVALID
    sentence = _("No e-mail address stands in this row.")


class PersonTwice(Refusal):
    """A row for somebody who has one already; `first` is the number of that one."""

    code = "person_twice"
    kind = Kind.INVALID
    sentence = _("%(email)s stands in row %(first)s already; only that row counts.")


class ProductUnknown(Refusal):
    """A column that is named after no product of the team."""

    code = "product_unknown"
    kind = Kind.INVALID
    sentence = _("“%(product)s” is no product that the team has licenses of; this column does not count.")


class NeitherYesNorNo(Refusal):
    """A cell that says neither to give nor to take back."""

    code = "neither_yes_nor_no"
    kind = Kind.INVALID
    sentence = _("“%(word)s” is neither yes nor no; nothing changes for %(email)s.")


class PersonUnknown(Refusal):
    """An address or a name that nobody of the team has."""

    code = "person_unknown"
    kind = Kind.MISSING
    sentence = _("%(who)s does not belong to the team. Send an invitation first.")


class RequestAnswered(Refusal):
    """Somebody decided about the request before, the person withdrew it, or has a license by now."""

    code = "seat_request_answered"
    kind = Kind.CONFLICT
    sentence = _("This request is no longer open. Nothing needs to be done.")


class TeamToChoose(Refusal):
    """A code that is no team's yet lands on a team, and none was named."""

    code = "team_needed"
    kind = Kind.INVALID
    field = "team"
    sentence = _("Choose the team that gets the licenses.")


class NothingToForgive(Refusal):
    """No license of the team has a rule of reassignment."""

    code = "nothing_to_forgive"
    kind = Kind.CONFLICT
    sentence = _("The team has no licenses of this product whose reassignment is limited.")


class ForgivingNeedsReason(Refusal):
    """The team reads why."""

    code = "forgiving_needs_reason"
    kind = Kind.INVALID
    field = "reason"
    sentence = _("Say why: the team can read it in its history.")
