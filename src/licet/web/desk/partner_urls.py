"""The desk's pages about partners."""

from django.urls import URLPattern, path

from licet.web.desk import partners

urlpatterns: list[URLPattern] = [
    path("", partners.partner_list, name="desk_partners"),
    path("new/", partners.partner_new, name="desk_partner_new"),
    path("<str:partner>/", partners.partner_one, name="desk_partner"),
    path("<str:partner>/edit/", partners.partner_edit, name="desk_partner_edit"),
    path("<str:partner>/state/", partners.partner_state, name="desk_partner_state"),
    path("<str:partner>/vouchers/", partners.partner_grant, name="desk_partner_vouchers"),
]
