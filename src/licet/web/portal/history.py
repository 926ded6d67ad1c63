"""A team's history: who did what, in sentences, for its administrators; and the same as a table to keep."""

from dataclasses import dataclass
from datetime import UTC

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from licet.eventlog import queries
from licet.seats import sheets
from licet.teams.models import Member, Team
from licet.teams.permissions import Permission, require
from licet.web.actor import Request, visible_team

MOST_ROWS = 10_000

TOPICS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "licenses": (_("Licenses of people"), ("seat", "seat_batch", "seat_request", "pool", "reservation")),
    "people": (_("People and invitations"), ("member", "invitation", "team", "ownership", "recovery")),
    "purchases": (
        _("Purchases"),
        (
            "order",
            "invoice",
            "contract",
            "license",
            "code",
            "agreement",
            "payment",
            "refund",
            "mandate",
            "collection",
            "entry",
            "quote",
            "declaration",
            "partner",
            "partner_access",
            "voucher",
        ),
    ),
    "projects": (_("Projects"), ("project", "project_member")),
    "applications": (_("Applications and devices"), ("lease", "device", "application")),
}
"""What an administrator looks for, and the first words of the facts that tell it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader asked for: a topic, somebody who acted, and where the page begins."""

    topic: str
    member: str
    before: int | None

    def query(self, **more: str) -> str:
        """Return the query of an address that asks the same, with `more`."""
        kept = {"topic": self.topic, "member": self.member, **more}
        return urlencode({key: value for key, value in kept.items() if value})


def _wanted(request: Request) -> Wanted:
    topic = request.GET.get("topic", "")
    before = request.GET.get("before", "")
    return Wanted(
        topic=topic if topic in TOPICS else "",
        member=request.GET.get("member", ""),
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
    )


def _page(team: Team, wanted: Wanted, *, limit: int = queries.PAGE) -> queries.Page:
    person = None
    if wanted.member:
        found = Member.objects.filter(team=team, public_id=wanted.member).values_list("person", flat=True)
        # somebody who never was here did nothing here
        person = found.first() or -1
    topics = TOPICS[wanted.topic][1] if wanted.topic else ()
    return queries.entries(team=team.pk, topics=topics, actor=person, before=wanted.before, limit=limit)


def _people(team: Team) -> tuple[list[Member], list[Member]]:
    """Return who belongs to the team and who once did, each person once: those who left did things, too."""
    stays = Member.objects.filter(team=team).select_related("person")
    ordered = list(stays.order_by("person__full_name", "person__email", "-pk"))
    here = [each for each in ordered if each.left_at is None]
    left = {each.person_id: each for each in reversed(ordered)}
    for each in here:
        left.pop(each.person_id, None)
    return here, [each for each in ordered if left.get(each.person_id) == each]


@require_safe
@login_required
def history(request: Request, team: str) -> HttpResponse:
    """Show what happened in the team, newest first; `topic`, `member` and `before` narrow it."""
    found = visible_team(request, public_id=team)
    require(request.actor, Permission.SEE_HISTORY, found)
    wanted = _wanted(request)
    page = _page(found, wanted)
    here = reverse("team_history", args=[team])
    here_now, gone = _people(found)
    context = {
        "team": found,
        "entries": page.entries,
        "wanted": wanted,
        "topics": [(code, name) for code, (name, _words) in TOPICS.items()],
        "members": here_now,
        "gone": gone,
        "narrowed": bool(wanted.topic or wanted.member or wanted.before),
        "newest": f"{here}?{wanted.query()}",
        "older": f"{here}?{wanted.query(before=str(page.older))}" if page.older else "",
        "export": f"{reverse('team_history_export', args=[team])}?{wanted.query()}",
    }
    return render(request, "portal/history/history.html", context)


@require_safe
@login_required
def history_export(request: Request, team: str) -> HttpResponse:
    """Answer the same facts as CSV (RFC 4180), 10,000 at the most; moments in UTC, ISO 8601."""
    found = visible_team(request, public_id=team)
    require(request.actor, Permission.SEE_HISTORY, found)
    page = _page(found, _wanted(request), limit=MOST_ROWS)
    heads = [gettext("When (UTC)"), gettext("Who"), gettext("What happened"), gettext("Event")]
    rows = [
        [each.at.astimezone(UTC).isoformat(timespec="seconds"), each.actor_label, each.sentence, each.name]
        for each in page.entries
    ]
    text = sheets.write(rows=[heads, *rows], separator=",", mark=True)
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="history-{request.now:%Y-%m-%d}.csv"'
    return answer
