"""The public page that finds a partner by country, language and postal code."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from licet.kernel.dates import locale
from licet.partners.queries import choices, found
from licet.web.actor import Request
from licet.web.countries import country_name


@require_safe
def partner_finder(request: Request) -> HttpResponse:
    """List the partners that fit, the nearest first as far as postal codes tell."""
    known = choices()
    country, language = request.GET.get("country", ""), request.GET.get("language", "")
    near = request.GET.get("near", "").strip()[:16]
    country = country if country in known.countries else ""
    language = language if language in known.languages else ""
    names = locale().languages
    context = {
        "rows": [
            {
                "partner": each,
                "country": country_name(each.country),
                "speaks": [str(names.get(code, code)) for code in each.languages],
            }
            for each in found(country=country, language=language, postal_code=near)
        ],
        "countries": sorted(((code, country_name(code)) for code in known.countries), key=_second),
        "spoken": sorted(
            ((code, _capital(str(names.get(code, code)))) for code in known.languages), key=_second
        ),
        "country": country,
        "speaks": language,
        "near": near,
        "asked": bool(country or language or near),
    }
    return render(request, "partner/finder.html", context)


def _second(pair: tuple[str, str]) -> str:
    return pair[1].casefold()


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
