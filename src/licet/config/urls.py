"""Which surface answers which path."""

from django.urls import include, path

urlpatterns = [
    path("", include("licet.web.shop.urls")),
    path("", include("licet.web.portal.urls")),
    path("", include("licet.web.api.urls")),
    path("desk/", include("licet.web.desk.urls")),
    path("account/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
]
