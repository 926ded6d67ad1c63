"""The shop's pages."""

from django.urls import URLPattern, path

from licet.web.shop import basket, checkout, home, orders, paying

urlpatterns: list[URLPattern] = [
    path("", home.shop_home, name="shop_home"),
    path("products/<slug:product>/", home.product, name="product"),
    path("basket/", basket.basket, name="basket"),
    path("basket/add/", basket.basket_add, name="basket_add"),
    path("basket/change/", basket.basket_change, name="basket_change"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("checkout/review/", checkout.checkout_review, name="checkout_review"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<str:order>/", orders.order, name="order"),
    path("orders/<str:order>/pay/", paying.pay, name="pay"),
    path("orders/<str:order>/pay/mandate/", paying.mandate, name="pay_mandate"),
    path("orders/<str:order>/pay/<str:payment>/", paying.payment, name="payment"),
    path("payments/card/<str:payment>/", paying.test_card, name="test_card"),
]
