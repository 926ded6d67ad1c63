"""The shop's pages."""

from django.urls import URLPattern, path

from licet.web.shop import basket, checkout, declarations, home, orders, paying, quotes, review

urlpatterns: list[URLPattern] = [
    path("", home.shop_home, name="shop_home"),
    path("products/<slug:product>/", home.product, name="product"),
    path("buyer/", basket.choose_buyer, name="choose_buyer"),
    path("basket/", basket.basket, name="basket"),
    path("basket/add/", basket.basket_add, name="basket_add"),
    path("basket/change/", basket.basket_change, name="basket_change"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("checkout/review/", review.checkout_review, name="checkout_review"),
    path("withdraw/", declarations.withdraw, name="declare_withdrawal"),
    path("cancel/", declarations.cancel, name="declare_cancellation"),
    path("declared/<slug:kind>/", declarations.declared, name="declared"),
    path("quotes/<str:quote>/", quotes.quote, name="quote"),
    path("quotes/<str:quote>/withdraw/", quotes.quote_withdraw, name="quote_withdraw"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<str:order>/", orders.order, name="order"),
    path("orders/<str:order>/pay/", paying.pay, name="pay"),
    path("orders/<str:order>/pay/mandate/", paying.mandate, name="pay_mandate"),
    path("orders/<str:order>/pay/<str:payment>/", paying.payment, name="payment"),
    path("payments/card/<str:payment>/", paying.test_card, name="test_card"),
]
