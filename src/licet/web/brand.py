"""The vendor's color as a stylesheet: served, because the content policy forbids inline style."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import condition

from licet.kernel import brand
from licet.web import palette


def _tag(request: HttpRequest) -> str:
    return f'"{brand.current().color}"'


@condition(etag_func=_tag)
def brand_css(request: HttpRequest) -> HttpResponse:
    """Answer the custom properties of the brand's color; browsers keep them and ask again with the tag."""
    text = palette.stylesheet(color=brand.current().color)
    answer = HttpResponse(text, content_type="text/css; charset=utf-8")
    answer["Cache-Control"] = "public, max-age=300"
    return answer
