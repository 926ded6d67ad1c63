"""Why a class is not made or joined, and what to do then."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class TeacherNeeded(Refusal):
    """No license as a teacher."""

    code = "teacher_needed"
    kind = Kind.FORBIDDEN
    sentence = _("Only verified teachers have classes. Ask for your own license as a teacher first.")


class ColleagueNeeded(Refusal):
    """The other one is no verified teacher."""

    code = "colleague_needed"
    kind = Kind.INVALID
    field = "email"
    sentence = _(
        "No verified teacher has this address. Your colleague has to ask for a license as a teacher first."
    )


class SeatsOutOfRange(Refusal):
    """None, or far too many."""

    code = "class_seats_out_of_range"
    kind = Kind.INVALID
    field = "seats"
    sentence = _("A class has between 1 and %(most)s places.")


class ClassUnknown(Refusal):
    """No class has this code."""

    code = "class_unknown"
    kind = Kind.INVALID
    field = "code"
    sentence = _("No class has this code. Compare it with what your teacher gave you.")


class ClassIsOver(Refusal):
    """The year has ended, or the teacher ended it."""

    code = "class_is_over"
    kind = Kind.ENDED
    field = "code"
    sentence = _("This class is over. Ask your teacher for the code of this year's class.")


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


class JoinerDecided(Refusal):
    """The other window was faster."""

    code = "joiner_decided"
    kind = Kind.CONFLICT
    sentence = _("This has been decided already. Look at the list again.")
