"""Who is a verified teacher, and where."""

from dataclasses import dataclass
from datetime import datetime

from licet.education.models import Entitlement, EntitlementQuerySet, Programme
from licet.education.states import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """A license as a teacher, and the institution of the request that brought it."""

    entitled: Entitlement
    institution_id: int | None
    country: str


def teaching(*, person: int | None, programme: Programme, now: datetime) -> Teaching | None:
    """Return where somebody teaches by a license that runs, or None."""
    found = _licenses(person, now).filter(programme=programme).first()
    return _where(found) if found else None


def taught(*, person: int | None, now: datetime) -> list[Teaching]:
    """Return everything under which somebody may make classes: one for each programme."""
    return [_where(each) for each in _licenses(person, now).order_by("pk")]


def _licenses(person: int | None, now: datetime) -> EntitlementQuerySet:
    standing = Entitlement.objects.standing().filter(person=person, role=Role.TEACHER, valid_until__gt=now)
    return standing.select_related("programme")


def _where(entitled: Entitlement) -> Teaching:
    case = entitled.spans.select_related("case__institution").latest("pk").case
    return Teaching(entitled=entitled, institution_id=case.institution_id, country=case.country)
