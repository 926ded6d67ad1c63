"""The mailbox of the demonstration: mails to read where there is no mail server."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from licet.mailing.models import Mail, MailQuerySet

PAGE = 25

# The mail's own page: its inline style counts, nothing runs, nothing is fetched, only we may frame it.
LETTER_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
}


def _kept() -> MailQuerySet:
    """Return the mails to read; answers 404 where mails are not kept, for there is no mailbox then."""
    if not settings.LICET_MAILBOX:
        raise Http404
    return Mail.objects.readable()


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """List the kept mails, newest first; `q` narrows them to an address or words of the subject."""
    found = _kept()
    query = request.GET.get("q", "").strip()
    if query:
        found = found.about(query)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/mailbox.html", {"page_obj": page, "query": query})


@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # it is typed for views without arguments
def mail(request: HttpRequest, mail: int) -> HttpResponse:
    """Show one mail: as its reader's program shows it, and as plain text with its links."""
    return render(request, "portal/mail.html", {"mail": get_object_or_404(_kept(), pk=mail)})


@require_safe
@xframe_options_sameorigin
@csp(LETTER_POLICY)  # type: ignore[arg-type]
def letter(request: HttpRequest, mail: int) -> HttpResponse:
    """Answer with the HTML part of a mail under a policy of its own; its links leave the frame."""
    html = get_object_or_404(_kept().exclude(html=""), pk=mail).html
    return HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))
