"""Why not: the refusals of projects and their members."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal
from licet.projects.states import Fixer


class ProjectNameNeeded(Refusal):
    """A project was to be called nothing, or something that cannot be shown."""

    code = "project_name_needed"
    kind = Kind.INVALID
    field = "name"
    sentence = _("Give the project a name, such as the name of the building.")


class ProjectNameTooLong(Refusal):
    """A project's name has a limit, so that it fits where it is shown. `limit` in characters."""

    code = "project_name_too_long"
    kind = Kind.INVALID
    field = "name"
    sentence = _("This name is too long. Shorten it to %(limit)s characters or less.")


class ProjectNameTaken(Refusal):
    """Another running project of the team has this name."""

    code = "project_name_taken"
    kind = Kind.CONFLICT
    field = "name"
    sentence = _("The team has a project called %(name)s already. Choose another name.")


class ProjectIsArchived(Refusal):
    """Nothing changes in an archived project."""

    code = "project_archived"
    kind = Kind.ENDED
    sentence = _("This project is archived. Bring it back first; then it can be changed.")


class NotOfTheTeam(Refusal):
    """Addresses that do not belong to the team, given by somebody who may not invite to it."""

    code = "not_of_the_team"
    kind = Kind.CONFLICT
    field = "emails"
    sentence = _(
        "These people do not belong to the team: %(emails)s. "
        "Ask an administrator of the team to invite them to the project."
    )


class WishAnswered(Refusal):
    """Somebody else answered before."""

    code = "invitation_wish_answered"
    kind = Kind.CONFLICT
    sentence = _("The request to invite %(email)s was answered already. Reload the page.")


class ProductNotHeld(Refusal):
    """A project was to need a product of which the team never had a license."""

    code = "product_not_held"
    kind = Kind.INVALID
    field = "products"
    sentence = _("The team has no licenses of this product. Buy some first.")


class LeftTheProject(Refusal):
    """Somebody else removed this person from the project, or the person left it."""

    code = "left_the_project"
    kind = Kind.CONFLICT
    sentence = _("%(person)s no longer belongs to the project. Reload the page to see who does.")


# --- why somebody may not use a product in a project -------------------------------------------------


class NotPermitted(Refusal):
    """The base of these answers; `fixed_by`: who can do something about it (a role, never a name)."""

    code = "not_permitted_in_project"
    kind = Kind.FORBIDDEN
    sentence = _("You may not use this product in this project. Ask an administrator of the project.")
    fixed_by: ClassVar[Fixer] = Fixer.PROJECT_ADMIN


class ProjectMemberRequired(NotPermitted):
    """The person belongs to the team, but not to this project; without a `project`, to none at all."""

    code = "project_member_required"
    sentence = _(
        "You do not belong to the project %(project)s. Ask an administrator of the project to add you."
    )
    none = _(
        "%(product)s is licensed for work on projects, and you belong to none. "
        "Ask an administrator of your team to add you to one."
    )

    def __str__(self) -> str:
        return str(self.sentence if self.params["project"] else self.none) % self.params


class ProjectRests(NotPermitted):
    """The project is archived."""

    code = "project_rests"
    kind = Kind.ENDED
    sentence = _(
        "The project %(project)s is archived. An administrator of the team %(team)s can bring it back."
    )
    fixed_by = Fixer.TEAM_ADMIN


class LicenseRequired(NotPermitted):
    """The person edits in the project and holds no license of the product, in no team."""

    code = "license_required"
    sentence = _(
        "You need a license of %(product)s to work on the project %(project)s. "
        "Ask an administrator of the team %(team)s to assign you one."
    )
    fixed_by = Fixer.TEAM_ADMIN


class TeamLicenseRequired(LicenseRequired):
    """The person holds a license elsewhere, and the project wants one of its own team."""

    code = "team_license_required"
    sentence = _(
        "The project %(project)s needs a license of %(product)s that belongs to the team %(team)s; "
        "yours belongs to another team. Ask an administrator of the team %(team)s to assign you one."
    )


class HeldLicenseEnded(LicenseRequired):
    """The person holds a license, and the team's licenses of the product are not in force."""

    code = "held_license_ended"
    kind = Kind.ENDED
    sentence = _(
        "Your license of %(product)s is not in force: it has ended, is suspended, or has not begun. "
        "An administrator of the team %(team)s can renew it."
    )
