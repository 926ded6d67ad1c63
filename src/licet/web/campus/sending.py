"""Sending a request: it is handed in, and where a proof is strong enough alone, approved at once."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes

from licet.education import applying, deciding
from licet.education.errors import CaseNotWaiting
from licet.education.models import Case, Entitlement
from licet.eventlog.models import Event
from licet.kernel.actor import Actor, system


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The request, and the license where there is one already."""

    case: Case
    entitled: Entitlement | None


def send(*, case: Case, by: Actor, now: datetime) -> Sent:
    """Hand the request in and let its proofs decide, as far as they can."""
    case = applying.submit(case=case, by=by, now=now)
    return Sent(case=case, entitled=decide_by_proof(case=case, now=now))


def decide_by_proof(*, case: Case, now: datetime) -> Entitlement | None:
    """Let the site approve what a proof proves alone. Chance is drawn here, and nowhere below.

    None, too, where somebody has decided, withdrawn or taken the proof back at this very moment.
    """
    chances = [token_bytes(15) for _ in case.programme.products]
    with suppress(CaseNotWaiting):
        return deciding.approve_by_proof(case=case, chances=chances, by=system(label="campus"), now=now)
    return None


def paper_proved(*, event: Event, now: datetime) -> None:
    """Let a paper decide that speaks for itself, where its request was sent before it was read."""
    case = Case.objects.select_related("programme").filter(pk=event.facts["case"]).first()
    if case is not None:
        decide_by_proof(case=case, now=now)
