"""What people are told about their codes. A mail never holds a code: it is looked at behind a sign-in."""

from datetime import datetime

from django.urls import reverse

from licet.accounts.models import Person
from licet.connect.models import Grant
from licet.eventlog.models import Event
from licet.licenses.events import CodeActivated
from licet.licenses.models import Code
from licet.mailing import actions as mailing


def code_issued(*, event: Event, now: datetime) -> None:
    """Tell the member for whom a code was made; one that replaces another is told of as that."""
    code = _code(event.facts["code"])
    if not Code.objects.filter(superseded_by=code, superseded_at=event.at).exists():
        _tell(code=code, old=None, event=event, now=now)


def code_superseded(*, event: Event, now: datetime) -> None:
    """Tell the member whose code was replaced which one to use now, and how long the old one works."""
    _tell(code=_code(event.facts["new_code"]), old=_code(event.facts["code"]), event=event, now=now)


def code_activated(*, event: Event, now: datetime) -> None:
    """Tell the holder that a device was signed in with the code: no page asked them."""
    fact = event.fact()
    assert isinstance(fact, CodeActivated)
    person = Person.objects.get(pk=fact.person)
    application = Grant.objects.select_related("application").get(public_id=fact.grant).application
    mailing.send(
        to=person.email,
        language=person.language,
        template="licenses/activated",
        context={
            "code": _code(fact.code),
            "application": application.named(language=person.language),
            "device": fact.device,
            "path": reverse("applications"),
        },
        key=f"{event.pk}:licenses/activated",
        now=now,
    )


def _tell(*, code: Code, old: Code | None, event: Event, now: datetime) -> None:
    if code.member is None:
        return
    person = code.member.person
    template = "licenses/superseded" if old else "licenses/issued"
    mailing.send(
        to=person.email,
        language=person.language,
        template=template,
        context={
            "product": code.product,
            "team": code.team,
            "code": code,
            "old": old,
            "path": reverse("my_licenses"),
        },
        key=f"{event.pk}:{template}",
        now=now,
    )


def _code(pk: int) -> Code:
    return Code.objects.whole().get(pk=pk)
