"""What a person changes of the account, and what is noted when django-allauth changes it."""

from datetime import datetime

from django.conf import settings

from licet.accounts.errors import UnknownLanguage
from licet.accounts.events import LanguageChosen, Noted, StaffAppointed, StaffDismissed
from licet.accounts.models import Person
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden


def choose_language(*, person: Person, language: str, by: Actor, now: datetime) -> Person:
    """Write to a person, and show pages, in `language` (a code such as `fr`) from now on.

    Only for oneself. The language that is chosen already changes nothing. Refuses UnknownLanguage.
    """
    if by.id is None or by.id != person.pk:
        raise Forbidden
    if language not in dict(settings.LANGUAGES):
        raise UnknownLanguage
    if person.language == language:
        return person
    with change(by=by, now=now) as record:
        # one column in one statement: there is nothing that another click could undo
        Person.objects.filter(pk=person.pk).update(language=language)
        record(LanguageChosen(person=person.pk, language=language))
    person.language = language
    return person


def appoint(*, person: Person, staff: bool, by: Actor, now: datetime) -> Person:
    """Make a person one of the vendor's staff, or end that: the desk opens or closes at the next click.

    Only an operator's command may. Who is already what is asked for stays it, and nothing changes.
    """
    if not by.is_system:
        raise Forbidden
    if person.is_staff == staff:
        return person
    with change(by=by, now=now) as record:
        Person.objects.filter(pk=person.pk).update(is_staff=staff)
        fact = StaffAppointed if staff else StaffDismissed
        record(fact(person=person.pk, person_name=person.name))
    person.is_staff = staff
    return person


def note(*, fact: Noted, by: Actor, now: datetime) -> None:
    """Write into the log what has just happened to an account inside django-allauth.

    Only about oneself: `by` is the person whom the fact is about.
    """
    if by.id is None or by.id != fact.person:
        raise Forbidden
    with change(by=by, now=now) as record:
        record(fact)
