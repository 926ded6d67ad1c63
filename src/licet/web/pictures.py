"""How pictures of papers, and originals, leave the house: for our own pages alone, kept by no browser."""

from django.http import HttpResponse

from licet.education.viewing import Picture


def shown(picture: Picture) -> HttpResponse:
    """Answer with a picture that may stand on our own pages."""
    return _answer(picture, disposition="inline")


def saved(picture: Picture) -> HttpResponse:
    """Answer with a file that is saved and never opened by the browser."""
    return _answer(picture, disposition="attachment")


def _answer(picture: Picture, *, disposition: str) -> HttpResponse:
    response = HttpResponse(picture.content, content_type=picture.media_type)
    response["Content-Disposition"] = f'{disposition}; filename="{picture.name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
