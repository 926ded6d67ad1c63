"""How much: whole minor units of one currency. No floats come near."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in the currency's minor unit (cents for EUR), ISO 4217 code beside it."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError("money counts whole minor units")
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isupper():
            raise ValueError("a currency is three capital letters (ISO 4217)")

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, times: int) -> "Money":
        if type(times) is not int:
            raise TypeError("money is multiplied by whole numbers")
        return Money(self.amount * times, self.currency)

    __rmul__ = __mul__


def total(*, parts: "list[Money]", currency: str) -> Money:
    """Add the parts up; zero of `currency` for none. Raises ValueError for mixed currencies."""
    result = Money(0, currency)
    for part in parts:
        result = result + part
    return result
