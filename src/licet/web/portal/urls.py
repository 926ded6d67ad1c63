from django.urls import URLPattern, path

from licet.web.portal import connect

urlpatterns: list[URLPattern] = [
    path("connect/authorize", connect.authorize, name="connect_authorize"),
]
