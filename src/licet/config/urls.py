"""Which surface answers which path."""

from django.urls import include, path

from licet.web.accounts import set_language
from licet.web.brand import brand_css

urlpatterns = [
    path("brand.css", brand_css, name="brand_css"),
    path("", include("licet.web.shop.urls")),
    path("", include("licet.web.portal.urls")),
    path("", include("licet.web.api.urls")),
    path("campus/", include("licet.web.campus.urls")),
    path("partners/", include("licet.web.partner.urls")),
    path("desk/partners/", include("licet.web.desk.partner_urls")),
    path("desk/", include("licet.web.desk.urls")),
    path("account/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
]
