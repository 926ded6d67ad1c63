"""The pages of partners, and the public one that finds them."""

from django.urls import URLPattern, path

from licet.web.partner import customers, finder, home, vouchers

urlpatterns: list[URLPattern] = [
    path("", finder.partner_finder, name="partner_finder"),
    path("mine/", home.partner_home, name="partner_home"),
    path("mine/<str:partner>/", home.partner_page, name="partner_page"),
    path("mine/<str:partner>/ask/", customers.partner_ask, name="partner_ask"),
    path("mine/<str:partner>/customers/<str:access>/", customers.partner_customer, name="partner_customer"),
    path("mine/<str:partner>/customers/<str:access>/order/", customers.partner_order, name="partner_order"),
    path("mine/<str:partner>/customers/<str:access>/stop/", customers.partner_stop, name="partner_stop"),
    path("mine/<str:partner>/vouchers/", vouchers.partner_vouchers, name="partner_vouchers"),
    path("mine/<str:partner>/vouchers/buy/", vouchers.partner_vouchers_buy, name="partner_vouchers_buy"),
    path("mine/<str:partner>/vouchers/<str:bundle>/", vouchers.partner_batch, name="partner_batch"),
    path("mine/<str:partner>/vouchers/<str:bundle>/codes/", vouchers.partner_codes, name="partner_codes"),
    path("mine/<str:partner>/vouchers/<str:voucher>/sold/", vouchers.partner_sold, name="partner_sold"),
]
