"""Partners: companies that sell for the vendor, what customers let them see, and vouchers.

A partner is active, paused or ended; only an active one asks, orders and is found. An access is asked for,
then granted or declined by an owner of the customer's team, and ended by either side at any moment. A
voucher is made, redeemed (and, for a day, given back) or cancelled.

Three rules: nothing tells a partner who is a customer before the customer said yes; what a voucher promises
is given once; the customer owns the licenses, whoever paid. This package knows no license and no order.
"""
