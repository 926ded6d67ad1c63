"""The small pieces of every page, as template tags. Their looks are in `licet.css`, layer `parts`."""

import re
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from licet.kernel import brand
from licet.web import palette

register = template.Library()

ALERT_ICONS = {"info": "info", "good": "circle-check", "warn": "triangle-alert", "bad": "circle-alert"}
MESSAGE_KINDS = {"debug": "info", "info": "info", "success": "good", "warning": "warn", "error": "bad"}
NOTHING = mark_safe("")
# Looked for in this order: most browsers also carry the names of others.
BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """Draw one icon of the sprite. With a `label` it speaks for itself, without one it is decoration."""
    classes = f"icon icon-{size}" if size else "icon"
    href = f"{static('icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', classes, label, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', classes, href)


@register.filter
def initials(name: object) -> str:
    """Return one or two capital letters for a person, an address or a team."""
    words = str(name).partition("@")[0].replace(".", " ").replace("_", " ").replace("-", " ").split()
    letters = [word[0] for word in words if word[0].isalnum()]
    return (letters[0] + letters[-1] if len(letters) > 1 else "".join(letters[:1])).upper() or "?"


@register.simple_tag
def avatar(name: object, kind: str = "") -> SafeString:
    """Draw the initials of a person; `kind` is any of team, small, pending, separated by spaces."""
    classes = " ".join(["avatar", *(f"avatar-{word}" for word in kind.split())])
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, initials(name))


@register.simple_tag
def badge(label: object, kind: str = "", icon_name: str = "") -> SafeString:
    """Write a state in a word. `kind`: good, warn, bad, info, accent, or nothing."""
    classes = f"badge badge-{kind}" if kind else "badge"
    return format_html('<span class="{}">{}{}</span>', classes, icon(icon_name) if icon_name else "", label)


@register.simple_tag(takes_context=True)
def navlink(
    context: Context,
    view: str,
    *args: Any,
    label: str,
    icon_name: str = "",
    exact: bool = False,
    count: int | str | None = None,
    current: bool | None = None,
    also: str = "",
) -> SafeString:
    """Write one `<li>` of a navigation or of tabs, marked when it is where the reader is.

    `view` is a URL name (its `args` follow) or a path that starts with `/` or `?`. A view that does not
    exist, or an argument that is missing, leaves the entry out. `also`: URL names of pages that belong to
    it and stand under another path, with blanks between.
    """
    try:
        path = view if view.startswith(("/", "?")) else reverse(view, args=args)
    except NoReverseMatch:
        return NOTHING
    if current is None:
        request = context.get("request")
        here = request.path if request else ""
        current = here == path or (not exact and here.startswith(path))
        if also and request and request.resolver_match:
            current = current or request.resolver_match.view_name in also.split()
    return format_html(
        '<li><a href="{}"{}>{}{}{}</a></li>',
        path,
        mark_safe(' aria-current="page"') if current else "",
        icon(icon_name) if icon_name else "",
        label,
        NOTHING if count in (None, "") else format_html('<span class="count">{}</span>', count),
    )


@register.simple_block_tag
def alert(content: str, kind: str = "info", title: str = "") -> SafeString:
    """Frame a message that stays in the page. `kind`: info, good, warn, bad."""
    head = format_html('<p class="alert-title">{}</p>', title) if title else ""
    return format_html(
        '<div class="alert alert-{}">{}<div class="alert-body">{}{}</div></div>',
        kind,
        icon(ALERT_ICONS[kind]),
        head,
        content,
    )


@register.simple_block_tag
def empty(content: str, icon_name: str, title: str, level: int = 2) -> SafeString:
    """Fill a place where nothing is yet; the content says what to do first.

    Not in the body of a `{% for %}`: there it is the loop's own `{% empty %}`; after that one it is fine.
    """
    return format_html(
        '<div class="empty">{}<h{}>{}</h{}>{}</div>', icon(icon_name), level, title, level, content
    )


@register.simple_block_tag
def crumbs(content: str) -> SafeString:
    """Say where the page is; holds `crumb` tags, the last one without a path."""
    return format_html(
        '<nav class="crumbs" aria-label="{}"><ol>{}</ol></nav>', gettext("You are here"), content
    )


@register.simple_tag
def crumb(label: object, path: str = "") -> SafeString:
    """Write one step of `crumbs`: a link, or the current page where no path is given."""
    if path:
        return format_html('<li><a href="{}">{}</a></li>', path, label)
    return format_html('<li aria-current="page">{}</li>', label)


@register.simple_tag
def steps(current: int, *labels: object) -> SafeString:
    """Show the stages of an order or an application; `current` counts from 1."""
    done = format_html(' <span class="sr-only">{}</span>', gettext("(done)"))
    marks = {True: mark_safe(' class="done"'), False: NOTHING}
    items = [
        (
            mark_safe(' aria-current="step"') if number == current else marks[number < current],
            label,
            done if number < current else "",
        )
        for number, label in enumerate(labels, start=1)
    ]
    return format_html(
        '<ol class="steps" aria-label="{}">{}</ol>',
        gettext("Progress"),
        format_html_join("", "<li{}><span>{}{}</span></li>", items),
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}%" if whole else "0%"


@register.simple_tag
def meter(held: int, capacity: int, kept: int = 0) -> SafeString:
    """Draw how many of `capacity` licenses are held, and how many are `kept` for invited people."""
    whole = max(capacity, held + kept)
    words = ngettext(
        "%(held)d of %(capacity)d license assigned, %(kept)d reserved, %(free)d free.",
        "%(held)d of %(capacity)d licenses assigned, %(kept)d reserved, %(free)d free.",
        capacity,
    ) % {"held": held, "capacity": capacity, "kept": kept, "free": max(0, capacity - held - kept)}
    return format_html(
        '<svg class="meter" role="img" aria-label="{}"><rect class="meter-room" width="100%" height="100%"/>'
        '<rect class="meter-kept" width="{}" height="100%"/>'
        '<rect class="{}" width="{}" height="100%"/></svg>',
        words,
        _share(held + kept, whole),
        "meter-over" if held > capacity else "meter-held",
        _share(held, whole),
    )


@register.simple_tag
def copy(text: object, label: str = "") -> SafeString:
    """Show a text that is meant to be copied, with a button that does it where scripts run."""
    return format_html(
        '<span class="copy"><span class="mono">{}</span>'
        '<button type="button" class="button button-link button-icon" '
        'data-copy="{}" data-done="{}" aria-label="{}">{}{}</button></span>',
        text,
        text,
        gettext("Copied."),
        label or gettext("Copy"),
        icon("copy"),
        icon("check"),
    )


@register.inclusion_tag("parts/pager.html", takes_context=True)
def pager(context: Context, page: "Page[Any]") -> dict[str, Any]:
    """Lead through a long list; keeps the other parameters of the address."""
    request: HttpRequest = context["request"]
    return {"page": page, "request": request}


@register.filter
def browser(user_agent: str) -> str:
    """Name the browser and the system of a User-Agent header, as far as people know them."""
    name = next((known for mark, known in BROWSERS.items() if mark in user_agent), "")
    system = next((known for mark, known in SYSTEMS.items() if mark in user_agent), "")
    if name and system:
        return gettext("%(browser)s on %(system)s") % {"browser": name, "system": system}
    return name or system or user_agent[:60] or gettext("Unknown browser")


@register.filter
def message_kind(level_tag: str) -> str:
    """Return the kind of alert or toast for the level of a Django message."""
    return MESSAGE_KINDS.get(level_tag, "info")


@register.filter
def kind_icon(kind: str) -> str:
    """Return the icon that goes with a kind of alert."""
    return ALERT_ICONS.get(kind, "info")


@register.simple_block_tag
def compact(content: str) -> SafeString:
    """Leave no more than one empty line in a row: blocks of a text mail may be empty."""
    return mark_safe(re.sub(r"\n\s*\n\s*\n", "\n\n", content))  # noqa: S308  the blocks were escaped as they asked


@register.simple_tag
def vendor() -> brand.Brand:
    """Return the brand, for templates that are rendered without a page around them (mails)."""
    return brand.current()


@register.simple_tag
def absolute(view: str, *args: Any) -> str:
    """Return the whole address of a page, for mails."""
    return f"{settings.LICET_BASE_URL}{reverse(view, args=args)}"


@register.filter
def tone(color: str, role: str) -> str:
    """Return the vendor's color in a role of the stylesheet, for mails, which cannot use its variables."""
    return palette.roles(color=color)[role]
