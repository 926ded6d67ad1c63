"""`licet coupons`: make a coupon, list them, withdraw one."""

from argparse import ArgumentParser
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django.core.management.base import BaseCommand, CommandError

from licet.kernel import clock
from licet.kernel.actor import system
from licet.kernel.refusal import Refusal
from licet.orders import coupons
from licet.orders.coupons import Terms
from licet.orders.promises import PER_LICENSE, PER_ORDER, Coupon

OPERATOR = system(label="licet coupons")


class Command(BaseCommand):
    """For operators."""

    help = "Make, list and withdraw coupons: codes that lower prices in the shop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be asked."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        make = verbs.add_parser("make", help="make a coupon")
        make.add_argument("code", help="what customers type: 3 to 30 letters, digits, hyphens")
        how = make.add_mutually_exclusive_group(required=True)
        how.add_argument("--percent", type=int, help="off the price, 1 to 100")
        how.add_argument("--amount", type=Decimal, help="off (see --per), with --currency")
        make.add_argument(
            "--per",
            default=PER_LICENSE,
            choices=[PER_LICENSE, PER_ORDER],
            help="take the amount off each license and period, or once off the order (first term only)",
        )
        make.add_argument("--currency", default="", help="of the amount, such as EUR")
        make.add_argument("--product", action="append", default=[], help="only this product (again for more)")
        make.add_argument("--period", default="", choices=["", "month", "year"], help="only plans of it")
        make.add_argument("--from", dest="starts_on", type=date.fromisoformat, help="first day, YYYY-MM-DD")
        make.add_argument("--until", dest="ends_on", type=date.fromisoformat, help="first day without it")
        make.add_argument("--most", type=int, help="so many uses in all")
        make.add_argument("--again", action="store_true", help="a customer may use it more than once")
        make.add_argument("--every-term", action="store_true", help="lowers later terms, too")
        verbs.add_parser("list", help="list the coupons and their uses")
        gone = verbs.add_parser("withdraw", help="end a coupon for orders to come")
        gone.add_argument("code")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say why not."""
        try:
            getattr(self, f"_{options['verb']}")(options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal

    def _make(self, options: dict[str, Any]) -> None:
        amount, currency = options["amount"], options["currency"].upper()
        minor = None
        if amount is not None and currency:
            minor = int(amount.scaleb(get_currency_precision(currency)))
        terms = Terms(
            percent=options["percent"],
            amount_minor=minor,
            currency=currency if minor is not None else "",
            per=options["per"],
            products=tuple(options["product"]),
            period=options["period"],
            starts_on=options["starts_on"],
            ends_on=options["ends_on"],
            most_uses=options["most"],
            once_each=not options["again"],
            every_term=options["every_term"],
        )
        made = coupons.make(code=options["code"], terms=terms, by=OPERATOR, now=clock.read())
        self.stdout.write(f"{made.code} can be used now.")

    def _list(self, options: dict[str, Any]) -> None:
        for each in Coupon.objects.order_by("code"):
            lowers = (
                f"{each.percent} %"
                if each.percent
                else f"{each.amount_minor} {each.currency} (minor units) off each {each.per}"
            )
            most = "" if each.most_uses is None else f" of {each.most_uses}"
            state = "withdrawn" if each.withdrawn_at else "in force"
            self.stdout.write(f"{each.code}: {lowers}, used {each.uses}{most}, {state}")

    def _withdraw(self, options: dict[str, Any]) -> None:
        found = Coupon.objects.filter(code=coupons.tidy(code=options["code"])).first()
        if found is None:
            raise CommandError("There is no such coupon.")
        coupons.withdraw(coupon=found, by=OPERATOR, now=clock.read())
        self.stdout.write(f"{found.code} can no longer be used.")
