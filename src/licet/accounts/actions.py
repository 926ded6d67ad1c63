"""What a person changes of the account, and what is noted when django-allauth changes it."""

from contextlib import suppress
from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings

from licet.accounts.errors import UnknownLanguage
from licet.accounts.events import (
    AccountReopened,
    LanguageChosen,
    Noted,
    RegistrationForgotten,
)
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


def forget_unconfirmed(*, email: str, by: Actor, now: datetime) -> bool:
    """Remove the account that claims this address and never proved it; return whether there was one.

    Whoever typed an address first holds nothing by that: the next one may try at once. The account goes
    for good instead of being used again, so that a code which is still under way opens nothing of the
    next one's. Only for the sign-up itself (a system actor).
    """
    if not by.is_system:
        raise Forbidden
    with suppress(_NothingToForget), change(by=by, now=now) as record:
        # Both locked: its owner may be typing the code at this moment, and then it stays.
        claimed = Person.objects.select_for_update().filter(email=email.strip().lower())
        person = claimed.filter(last_login=None, is_staff=False).first()
        addresses = list(EmailAddress.objects.select_for_update().filter(user=person))
        if person is None or not addresses or any(each.verified for each in addresses):
            raise _NothingToForget
        record(RegistrationForgotten(person=person.pk))
        person.delete()
        return True
    return False


class _NothingToForget(Exception):
    pass


def note(*, fact: Noted, by: Actor, now: datetime) -> None:
    """Write into the log what has just happened to an account inside django-allauth.

    Only about oneself: `by` is the person whom the fact is about.
    """
    if by.id is None or by.id != fact.person:
        raise Forbidden
    with change(by=by, now=now) as record:
        record(fact)


def reopen(*, person: Person, by: Actor, now: datetime) -> Person:
    """Let a person whose account was closed sign in again. One that is open stays so, and nothing changes.

    Only an operator's command may. What ended when the account was closed stays ended.
    """
    if not by.is_system:
        raise Forbidden
    if person.is_active:
        return person
    with change(by=by, now=now) as record:
        Person.objects.filter(pk=person.pk).update(is_active=True)
        record(AccountReopened(person=person.pk, person_name=person.name))
    person.is_active = True
    return person
