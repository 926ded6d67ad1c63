"""What every table of the vendor's file is made of: codes, texts by language, currencies, amounts."""

import re
from decimal import Decimal
from typing import Annotated, Any

from babel.numbers import get_currency_precision, is_currency
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

CODE = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LANGUAGE = re.compile(r"^[a-z]{2}$")

Code = Annotated[str, Field(pattern=CODE, max_length=40)]


def _text(value: Any) -> Any:
    return {"en": value} if isinstance(value, str) else value


def _languages(value: dict[str, str]) -> dict[str, str]:
    for language, text in value.items():
        if not LANGUAGE.match(language):
            raise ValueError(f"{language!r} is not a language of two letters, such as en, fr, de")
        if not text.strip():
            raise ValueError(f"the text for {language!r} is empty")
    if not value:
        raise ValueError("a text in at least one language is needed")
    return value


Words = Annotated[dict[str, str], BeforeValidator(_text), AfterValidator(_languages)]


def _currency(value: str) -> str:
    if not is_currency(value):
        raise ValueError(f"{value!r} is not a currency of ISO 4217, such as EUR")
    return value


class Part(BaseModel):
    """Any table of the file: an unknown key is a fault, because it is a typing error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Currency = Annotated[str, AfterValidator(_currency)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Optional = Annotated[dict[str, str], BeforeValidator(_text)]
"""A text by language that may be left out."""


def minor(*, amount: Decimal, currency: str) -> int:
    """Return an amount in minor units; ValueError where it has more decimals than the currency (CLDR)."""
    places = get_currency_precision(currency)
    if amount != amount.quantize(Decimal(1).scaleb(-places)):
        raise ValueError(f"{currency} has {places} decimal places, {amount} has more")
    return int(amount.scaleb(places))
