from django.urls import URLPattern, path

from licet.web.desk import codes, deliveries, education_papers, events, home

urlpatterns: list[URLPattern] = [
    path("", home.home, name="desk_home"),
    path("codes/", codes.code_list, name="desk_codes"),
    path("codes/new/", codes.codes_new, name="desk_codes_new"),
    path("codes/batches/<str:batch>/show/", codes.batch_texts, name="desk_batch_texts"),
    path("codes/<str:code>/", codes.code_page, name="desk_code"),
    path("codes/<str:code>/show/", codes.code_text, name="desk_code_text"),
    path("codes/<str:code>/replace/", codes.code_supersede, name="desk_code_supersede"),
    path("codes/<str:code>/revoke/", codes.code_revoke, name="desk_code_revoke"),
    path("licenses/<str:license>/codes/", codes.license_codes, name="desk_license_codes"),
    path("education/papers/<str:document>/original/", education_papers.original, name="desk_original"),
    path("education/papers/<str:document>/<int:page>/", education_papers.picture, name="desk_page"),
    path("events/", events.events, name="desk_events"),
    path("deliveries/", deliveries.deliveries, name="desk_deliveries"),
    path("deliveries/<int:delivery>/retry/", deliveries.retry, name="desk_delivery_retry"),
]
