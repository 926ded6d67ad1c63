from django.urls import URLPattern, path

from licet.web.desk import deliveries, events, home

urlpatterns: list[URLPattern] = [
    path("", home.home, name="desk_home"),
    path("events/", events.events, name="desk_events"),
    path("deliveries/", deliveries.deliveries, name="desk_deliveries"),
    path("deliveries/<int:delivery>/retry/", deliveries.retry, name="desk_delivery_retry"),
]
