"""The basket: what somebody means to buy, as a value. The surface keeps it wherever it likes, as JSON."""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any, Self

from licet.kernel.money import Money, total
from licet.orders.errors import BasketEmpty, MixedCurrency, QuantityOutOfRange, TooManyLines
from licet.orders.rules import MOST_LICENSES, MOST_LINES
from licet.taxes.rules import Display


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """So many licenses of one plan, and the price of one that was on the page, without VAT or with it."""

    plan: str
    quantity: int
    price: Money
    display: Display = "net"

    @property
    def amount(self) -> Money:
        """Quantity times the price that was seen."""
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Basket:
    """Lines in the order in which they came, one per plan, all in one currency."""

    lines: tuple[Line, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lines)

    @property
    def currency(self) -> str:
        """The one currency of the basket; empty while there is no line."""
        return self.lines[0].price.currency if self.lines else ""

    @property
    def display(self) -> Display:
        """Whether the prices were seen without VAT (net) or with it (gross)."""
        return self.lines[0].display if self.lines else "net"

    @property
    def total(self) -> Money:
        """The sum of the prices that were seen; of lines there must be one."""
        return total(parts=[line.amount for line in self.lines], currency=self.currency)

    def find(self, *, plan: str) -> Line | None:
        """Return the line of a plan, where there is one."""
        return next((line for line in self.lines if line.plan == plan), None)

    def add(self, *, plan: str, quantity: int, price: Money, display: Display = "net") -> "Basket":
        """Put licenses of a plan in, on top of those that are there, which were seen at prices of that sort.

        Refuses a quantity or a sum outside 1 to 10,000, a twenty-first line, a second currency.
        """
        check_quantity(quantity=quantity)
        line = self.find(plan=plan)
        if line is not None:
            check_quantity(quantity=line.quantity + quantity)
            fresh = replace(line, quantity=line.quantity + quantity, price=price, display=display)
            return Basket(tuple(fresh if each is line else each for each in self.lines))
        if self and price.currency != self.currency:
            raise MixedCurrency(held=self.currency, wanted=price.currency)
        if len(self.lines) >= MOST_LINES:
            raise TooManyLines(most=MOST_LINES)
        return Basket((*self.lines, Line(plan=plan, quantity=quantity, price=price, display=display)))

    def change(self, *, plan: str, quantity: int) -> "Basket":
        """Set the number of licenses of a plan that is in the basket. Refuses outside 1 to 10,000."""
        check_quantity(quantity=quantity)
        return Basket(
            tuple(replace(line, quantity=quantity) if line.plan == plan else line for line in self.lines)
        )

    def remove(self, *, plan: str) -> "Basket":
        """Take a plan out; nothing happens where it is not in."""
        return Basket(tuple(line for line in self.lines if line.plan != plan))

    def seen(self, *, prices: dict[str, Money], display: Display = "net") -> "Basket":
        """Return the basket with the prices of a page that shows newer ones, of that sort; others stay."""
        return Basket(
            tuple(
                replace(line, price=prices.get(line.plan, line.price), display=display) for line in self.lines
            )
        )

    def fingerprint(self) -> str:
        """Return a short digest of plans, quantities and prices: the same for the same order."""
        return hashlib.sha256(json.dumps(self.stored()).encode()).hexdigest()[:32]

    def stored(self) -> list[dict[str, Any]]:
        """Return the basket as JSON values."""
        return [
            {
                "plan": x.plan,
                "quantity": x.quantity,
                "price": x.price.amount,
                "currency": x.price.currency,
                "display": x.display,
            }
            for x in self.lines
        ]

    @classmethod
    def restored(cls, values: list[dict[str, Any]]) -> Self:
        """Read a basket from JSON values that `stored` wrote."""
        return cls(
            tuple(
                Line(
                    plan=x["plan"],
                    quantity=x["quantity"],
                    price=Money(x["price"], x["currency"]),
                    display="gross" if x.get("display") == "gross" else "net",
                )
                for x in values
            )
        )


def check_quantity(*, quantity: int) -> None:
    """Refuse a number of licenses outside 1 to 10,000."""
    if not 1 <= quantity <= MOST_LICENSES:
        raise QuantityOutOfRange(most=MOST_LICENSES)


def check(*, basket: Basket) -> None:
    """Refuse a basket that breaks a limit, however it was made: no line, too many, quantities, currencies."""
    if not basket:
        raise BasketEmpty
    if len(basket.lines) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    for line in basket.lines:
        check_quantity(quantity=line.quantity)
        if line.price.currency != basket.currency:
            raise MixedCurrency(held=basket.currency, wanted=line.price.currency)
