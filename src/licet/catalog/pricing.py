"""`[[price_lists]]` of the vendor's file: prices in one currency, for one audience, from a day on."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from licet.catalog.fields import CODE, Code, Currency, Part, minor

PlanCode = Annotated[str, Field(pattern=CODE, max_length=60)]
Price = Annotated[Decimal, Field(ge=0)]


class PriceListPart(Part):
    """`[[price_lists]]`: `tax` says whether its prices are without (`net`) or with VAT (`gross`)."""

    code: Code
    currency: Currency = "EUR"
    tax: Literal["net", "gross"] = "net"
    audience: Literal["public", "partner"] = "public"
    starts_on: date
    prices: Annotated[dict[PlanCode, Price], Field(min_length=1)]

    @model_validator(mode="after")
    def whole_minor_units(self) -> "PriceListPart":
        """Refuse a price with more decimals than its currency has."""
        self.prices_minor()
        return self

    def prices_minor(self) -> dict[str, int]:
        """Return the price of one license by plan code, in minor units."""
        return {plan: minor(amount=price, currency=self.currency) for plan, price in self.prices.items()}
