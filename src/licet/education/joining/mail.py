"""What both accounts are told: every address of the old one at once, with the link that says yes or no."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from licet.accounts.models import Person
from licet.education.joining import queries, rules
from licet.education.joining.events import AccountsJoined, BackupAsked, JoiningAsked, JoiningGranted
from licet.education.joining.models import Backup, Joining
from licet.education.joining.rules import JoiningState
from licet.eventlog.models import Event
from licet.mailing import actions as mailing
from licet.signing.queries import secret


def asked(*, event: Event, now: datetime) -> None:
    """Ask every address of the old account; a name that nobody has gets no mail."""
    fact = event.fact()
    assert isinstance(fact, JoiningAsked)
    joining = _joining(fact.joining)
    if fact.known and joining.runs(now):
        _to_former(joining, "education/joining_asked", {}, key=f"{event.pk}", now=now)


def granted(*, event: Event, now: datetime) -> None:
    """Tell both when it happens, and the old account how to stop it."""
    fact = event.fact()
    assert isinstance(fact, JoiningGranted)
    joining = _joining(fact.joining)
    if joining.state != JoiningState.WAITING:
        return
    context = {"until": datetime.fromisoformat(fact.until)}
    _to_former(joining, "education/joining_granted", context, key=f"{event.pk}", now=now)
    _to_new(joining, context | {"outcome": "waiting"}, key=f"{event.pk}", now=now)


def joined(*, event: Event, now: datetime) -> None:
    """Tell both that it has happened."""
    fact = event.fact()
    assert isinstance(fact, AccountsJoined)
    joining = _joining(fact.joining)
    _to_former(joining, "education/joining_done", {}, key=f"{event.pk}", now=now)
    context = {"outcome": "done", "superseded": fact.superseded}
    _to_new(joining, context, key=f"{event.pk}", now=now)


def ended(*, event: Event, now: datetime) -> None:
    """Tell who asked that the answer is no."""
    _to_new(_joining(event.facts["joining"]), {"outcome": "no"}, key=f"{event.pk}", now=now)


def backup_asked(*, event: Event, now: datetime) -> None:
    """Send the code to a second address."""
    fact = event.fact()
    assert isinstance(fact, BackupAsked)
    backup = Backup.objects.select_related("person").filter(pk=fact.backup).first()
    if backup is None or not backup.lives(now):
        return
    code = rules.code(key=secret(purpose=rules.BACKUPS), name=backup.public_id)
    mailing.send(
        to=backup.address,
        language=backup.person.language,
        template="education/backup",
        context={
            "code": f"{code[:4]}-{code[4:]}",
            "minutes": int(rules.CODE_LIFE.total_seconds() // 60),
            "email": backup.person.email,
        },
        key=f"{event.pk}:backup",
        now=now,
    )


def _to_former(
    joining: Joining, template: str, context: Mapping[str, Any], *, key: str, now: datetime
) -> None:
    former = joining.former
    if former is None or joining.entitlement is None:
        return
    for number, address in enumerate(queries.addresses(person=former)):
        mailing.send(
            to=address,
            language=former.language,
            template=template,
            context={
                "programme": joining.entitlement.programme.named(language=former.language),
                "address": former.email,
                "new": joining.person.email,
                "path": reverse("campus_join_link", args=[joining.public_id, queries.token(joining=joining)]),
                **context,
            },
            key=f"{key}:{template}:{number}",
            now=now,
        )


def _to_new(joining: Joining, context: Mapping[str, Any], *, key: str, now: datetime) -> None:
    person: Person = joining.person
    mailing.send(
        to=person.email,
        language=person.language,
        template="education/joining_news",
        context={
            "programme": joining.case.programme.named(language=person.language),
            "path": reverse("campus_join", args=[joining.case.public_id]),
            **context,
        },
        key=f"{key}:joining_news",
        now=now,
    )


def _joining(pk: int) -> Joining:
    related = ("person", "former", "entitlement__programme", "case__programme")
    return Joining.objects.select_related(*related).get(pk=pk)
