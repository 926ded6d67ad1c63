"""Why a class is not made, joined or changed, and what to do then."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class TeacherNeeded(Refusal):
    """No license as a teacher."""

    code = "teacher_needed"
    kind = Kind.FORBIDDEN
    sentence = _("Only verified teachers have classes. Ask for your own license as a teacher first.")


class ColleagueNeeded(Refusal):
    """The other one is no verified teacher there."""

    code = "colleague_needed"
    kind = Kind.INVALID
    field = "email"
    sentence = _(
        "No verified teacher of your institution has this address. Your colleague has to ask for a license "
        "as a teacher first."
    )


class ColleagueYourself(Refusal):
    """One's own address."""

    code = "colleague_yourself"
    kind = Kind.INVALID
    field = "email"
    sentence = _("This is your own address. Enter that of the colleague who takes the class.")


class ClassNotOffered(Refusal):
    """Taken back, or taken."""

    code = "class_not_offered"
    kind = Kind.CONFLICT
    sentence = _("This class is not offered to anybody now.")


class ClassHasTeacher(Refusal):
    """It is not the vendor's to give."""

    code = "class_has_teacher"
    kind = Kind.CONFLICT
    field = "email"
    sentence = _("This class has a teacher, who can hand it over. The vendor does so only where nobody can.")


class ClassNameNeeded(Refusal):
    """Nobody would find it again."""

    code = "class_name_needed"
    kind = Kind.INVALID
    field = "name"
    sentence = _("Give the class a name, such as 2 B.")


class SeatsOutOfRange(Refusal):
    """None, or far too many."""

    code = "class_seats_out_of_range"
    kind = Kind.INVALID
    field = "seats"
    sentence = _("A class has between 1 and %(most)s places.")


class SeatsTaken(Refusal):
    """Fewer places than people."""

    code = "class_seats_taken"
    kind = Kind.CONFLICT
    field = "seats"
    sentence = _("%(taken)s places of the class are taken. Remove pupils first, or leave so many places.")


class ClassEndOutOfRange(Refusal):
    """Over already, or far away."""

    code = "class_end_out_of_range"
    kind = Kind.INVALID
    field = "last_day"
    sentence = _("Choose a last day between tomorrow and %(latest)s.")


class ClassYearOver(Refusal):
    """Into the next school year it goes with those who stay, not by its last day."""

    code = "class_year_over"
    kind = Kind.INVALID
    field = "last_day"
    sentence = _(
        "The school year of this class ends on %(until)s. Choose a day until then, or carry the class on to "
        "the next school year."
    )


class ClassYearSame(Refusal):
    """Carried on into the year that it is in."""

    code = "class_year_same"
    kind = Kind.INVALID
    field = "last_day"
    sentence = _("Choose a last day in the next school year: between %(first)s and %(last)s.")


class ClassNotCarried(Refusal):
    """Too early, too late, or it was ended."""

    code = "class_not_carried"
    kind = Kind.ENDED
    sentence = _(
        "A class is carried on from 90 days before the end of its school year until 180 days after it. "
        "Make a new class instead."
    )


class ClassUnknown(Refusal):
    """No class has this code."""

    code = "class_unknown"
    kind = Kind.INVALID
    field = "code"
    sentence = _("No class has this code. Compare it with what your teacher gave you.")


class ClassIsOver(Refusal):
    """Its time has ended, or the teacher ended it."""

    code = "class_is_over"
    kind = Kind.ENDED
    field = "code"
    sentence = _("This class is over. Ask your teacher for the code of this year's class.")


class ClassClosed(Refusal):
    """The teacher lets nobody join at present."""

    code = "class_closed"
    kind = Kind.CONFLICT
    field = "code"
    sentence = _("Nobody can join this class at the moment. Ask your teacher to open it again.")


class ClassFull(Refusal):
    """Every place is taken."""

    code = "class_full"
    kind = Kind.CONFLICT
    field = "code"
    sentence = _("All places of this class are taken. Tell your teacher, or use another way of proving.")


class JoinedAlready(Refusal):
    """Once is enough."""

    code = "class_joined_already"
    kind = Kind.CONFLICT
    field = "code"
    sentence = _("You have joined this class already. Your teacher will confirm you.")


class PlaceDecided(Refusal):
    """The other window was faster."""

    code = "place_decided"
    kind = Kind.CONFLICT
    sentence = _("This has been decided already. Look at the list again.")


class NobodyChosen(Refusal):
    """No tick."""

    code = "nobody_chosen"
    kind = Kind.INVALID
    sentence = _("Tick the pupils first, then choose what to do.")


class RosterTooLong(Refusal):
    """More people than places."""

    code = "roster_too_long"
    kind = Kind.CONFLICT
    field = "sheet"
    sentence = _(
        "The list has %(given)s new pupils, and %(free)s places are free. Make the class larger, or the "
        "list shorter. Nothing was added."
    )


class RosterEmpty(Refusal):
    """Nobody new."""

    code = "roster_empty"
    kind = Kind.INVALID
    field = "sheet"
    sentence = _("There is nobody in this list whom the class does not have already.")


class RosterTooMany(Refusal):
    """More rows than anybody has pupils."""

    code = "roster_too_many"
    kind = Kind.INVALID
    field = "sheet"
    sentence = _("A list has at most %(limit)s rows; this one has %(given)s. Split it.")


class NameMissing(Refusal):
    """A row without a name."""

    code = "roster_name_missing"
    kind = Kind.INVALID
    sentence = _("There is no name. Write a name or a nickname.")


class NameTooLong(Refusal):
    """No name."""

    code = "roster_name_too_long"
    kind = Kind.INVALID
    sentence = _("The name is longer than %(limit)s characters. Shorten it.")


class CellIsFormula(Refusal):
    """A spreadsheet would compute it."""

    code = "roster_formula"
    kind = Kind.INVALID
    sentence = _("%(cell)s is a formula, and no name or address. Write what you mean as text.")


class EmailUnreadable(Refusal):
    """No address."""

    code = "roster_email_unreadable"
    kind = Kind.INVALID
    sentence = _("%(cell)s is no e-mail address. Correct it, or leave it out: the pupil can have a card.")


class PupilTwice(Refusal):
    """Twice in one list."""

    code = "roster_twice"
    kind = Kind.CONFLICT
    sentence = _("%(who)s stands in row %(first)s already and counts once.")


class PupilThere(Refusal):
    """In the class already."""

    code = "roster_there"
    kind = Kind.CONFLICT
    sentence = _("%(who)s is in the class already.")


class SheetGone(Refusal):
    """Forgotten after a day, or never drawn."""

    code = "card_sheet_gone"
    kind = Kind.ENDED
    sentence = _(
        "This file is not kept any more. Open the class and have it made again; the cards stay the same."
    )


class CardGone(Refusal):
    """It was taken back."""

    code = "card_gone"
    kind = Kind.ENDED
    field = "code"
    sentence = _("This card does not work any more. Ask your teacher for a new one.")


class CardUnknown(Refusal):
    """A code of something else."""

    code = "card_unknown"
    kind = Kind.INVALID
    field = "code"
    sentence = _("No card has this code. Compare it with the card.")
