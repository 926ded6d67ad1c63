"""Who works for the vendor, and as what. What each role may do stands in `kernel.duties`."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from licet.accounts.errors import LastAdministrator, NobodyHasThisAddress, StaffRoleNeeded, StaffRoleUnknown
from licet.accounts.events import StaffAppointed, StaffDismissed, StaffRolesChanged
from licet.accounts.models import Person
from licet.accounts.queries import owner_of
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty, StaffRole, roles_with
from licet.kernel.refusal import Forbidden

WORDS = {
    StaffRole.SUPPORT: _("Support"),
    StaffRole.ACCOUNTING: _("Accounting"),
    StaffRole.CATALOG: _("Catalog and partners"),
    StaffRole.REVIEWER: _("Education"),
    StaffRole.ADMINISTRATOR: _("Administrator of the desk"),
}
"""Roles as people read them."""


class _AsItWas(Exception):
    """Leaves a transaction that has nothing to write."""


def staff() -> list[Person]:
    """Return who works for the vendor and can sign in, by name."""
    return list(Person.objects.filter(is_staff=True, is_active=True).order_by("full_name", "email"))


def with_duty(*, duty: Duty) -> QuerySet[Person]:
    """Return who works for the vendor with a role that carries a duty (a statement, and that of the rows)."""
    return Person.objects.filter(pk__in=[each.pk for each in staff() if each.actor().serves(duty)])


def require_duty(*, by: Actor, duty: Duty) -> None:
    """Refuse whoever of the vendor's people has no role for this: StaffRoleNeeded."""
    if by.serves(duty):
        return
    givers = [each.name for each in staff() if StaffRole.ADMINISTRATOR in each.staff_roles]
    roles = ", ".join(str(WORDS[role]) for role in roles_with(duty=duty))
    raise StaffRoleNeeded(roles=roles, people=", ".join(givers) or "licet staff")


def set_roles(*, person: Person, roles: Collection[str], by: Actor, now: datetime) -> Person:
    """Say what somebody does at the vendor's; without any role the desk is closed, at the next click.

    For an administrator of the desk, and an operator's command. What is so already changes nothing. Refuses
    StaffRoleUnknown, LastAdministrator.
    """
    if not (by.is_system or by.serves(Duty.ADMINISTER)):
        raise Forbidden
    if not set(roles) <= set(StaffRole):
        raise StaffRoleUnknown
    try:
        with change(by=by, now=now) as record:
            # Against two administrators who take the role from each other at one moment: all rows, one order.
            list(Person.objects.select_for_update(no_key=True).filter(is_staff=True).order_by("pk"))
            person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
            before, after = sorted(person.staff_roles) if person.is_staff else [], sorted(set(roles))
            if before == after and person.is_staff == bool(after):
                raise _AsItWas
            others = any(
                StaffRole.ADMINISTRATOR in each.staff_roles for each in staff() if each.pk != person.pk
            )
            if StaffRole.ADMINISTRATOR in before and StaffRole.ADMINISTRATOR not in after and not others:
                raise LastAdministrator
            _write(person=person, before=before, after=after, record=record)
    except _AsItWas:
        return person
    return person


def add(*, email: str, roles: Collection[str], by: Actor, now: datetime) -> Person:
    """Let the person with this (proven) address work for the vendor. Refuses like `set_roles`.

    Refuses NobodyHasThisAddress, StaffRoleUnknown for no role at all.
    """
    if not (by.is_system or by.serves(Duty.ADMINISTER)):
        raise Forbidden
    if not roles:
        raise StaffRoleUnknown
    person = owner_of(email=email)
    if person is None:
        raise NobodyHasThisAddress
    return set_roles(person=person, roles=roles, by=by, now=now)


def _write(*, person: Person, before: list[str], after: list[str], record: Record) -> None:
    was = person.is_staff
    person.is_staff, person.staff_roles = bool(after), after
    person.save(update_fields=["is_staff", "staff_roles"])
    if was and not after:
        record(StaffDismissed(person=person.pk, person_name=person.name))
    elif after and not was:
        record(StaffAppointed(person=person.pk, person_name=person.name))
    fact = StaffRolesChanged(
        person=person.pk, before=before, after=after, person_name=person.name, roles=words_of(roles=after)
    )
    record(fact)


def words_of(*, roles: Collection[str]) -> dict[str, str]:
    """Return roles as people read them, by language, in the order of the table."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = ", ".join(str(WORDS[role]) for role in StaffRole if role in roles) or "-"
    return found
