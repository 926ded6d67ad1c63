"""The terms of a plan, as one value; and the terms' lengths. No database."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self


class Period(StrEnum):
    """How long one payment lasts."""

    MONTH = "month"
    YEAR = "year"


MONTHS: dict[Period, int] = {Period.MONTH: 1, Period.YEAR: 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassignment:
    """When a license that somebody has used may go to another person; one of the two is set.

    `cooldown_days`: so many days after it was taken back. `quota`: so often in one term of the license.
    """

    cooldown_days: int | None = None
    quota: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a license permits beyond its number of seats; copied into the license at issue.

    `lease_minutes`: how long an online lease lasts. `outage_hours`: how much longer an application may go
    on when the server does not answer. `offline_days`: how long a borrowed lease may last.
    `grace_days`: how long everything goes on after the end. `maintenance_days`: releases of the
    application from how many days since the license's beginning may be run; None for all of them.
    `project_required`: only members of a project get a lease, and for that project. `reassignment`: None
    where a license may go from one person to another as often as one likes.
    """

    edition: str = ""
    features: tuple[str, ...] = ()
    devices_per_person: int = 2
    lease_minutes: int = 60
    outage_hours: int = 24
    offline_days: int = 30
    grace_days: int = 14
    maintenance_days: int | None = None
    project_required: bool = False
    reassignment: Reassignment | None = None

    def stored(self) -> dict[str, Any]:
        """Return the terms as JSON values; `reassignment` is there only where there is such a rule."""
        values = {**asdict(self), "features": list(self.features)}
        if self.reassignment is None:
            del values["reassignment"]
        return values

    @classmethod
    def restored(cls, values: dict[str, Any]) -> Self:
        """Read the terms from JSON values; unknown keys of older versions are passed over."""
        known = {k: v for k, v in values.items() if k in cls.__slots__}
        rule = known.get("reassignment")
        return cls(
            **{
                **known,
                "features": tuple(known.get("features", ())),
                "reassignment": Reassignment(**rule) if rule else None,
            }
        )


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the vendor in several languages; English stands in where one is missing."""

    by_language: dict[str, str] = field(default_factory=dict)

    def read(self, *, language: str) -> str:
        """Return the text in `language` (`fr`, `fr-ch`), else in English, else in any."""
        short = language.split("-", maxsplit=1)[0]
        for key in (language, short, "en"):
            if self.by_language.get(key):
                return self.by_language[key]
        return next(iter(self.by_language.values()), "")
