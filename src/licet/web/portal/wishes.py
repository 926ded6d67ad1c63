"""Changes on their way: from a page of boxes, through the page that shows their effect, to being applied."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licet.seats.wishes import CHANGES_AT_ONCE, Effects, Mode, Wish

_LINE = re.compile(r"([a-z0-9_-]+)([+-])((?: (?:mbr|inv)_[0-9a-z]+)+)")


def written(wishes: Sequence[Wish]) -> str:
    """Return the wishes as text: a line for each run of one product (`code+` gives, `code-` takes back)."""
    lines: list[list[str]] = []
    for wish in wishes:
        head = f"{wish.product}{'+' if wish.held else '-'}"
        if not lines or lines[-1][0] != head:
            lines.append([head])
        lines[-1].append(wish.member)
    return "\n".join(" ".join(line) for line in lines)


def wishes_of(effects: Effects) -> list[Wish]:
    """Return what is left to be wished: without what is so already."""
    lines = [*effects.losses, *effects.freed, *effects.gains, *effects.kept, *effects.refused]
    return [Wish(each.member, each.product, each.held) for each in lines]


def read(text: str) -> list[Wish] | None:
    """Read what `written` wrote; None for what nobody wrote so."""
    found: list[Wish] = []
    for line in text.splitlines():
        parts = _LINE.fullmatch(line.strip())
        if parts is None:
            return None
        found += [Wish(who, parts[1], parts[2] == "+") for who in parts[3].split()]
    return found


class WishesForm(forms.Form):
    """Wishes as `written` writes them, and how to apply them."""

    wishes = forms.CharField(max_length=40 * CHANGES_AT_ONCE)
    mode = forms.ChoiceField(choices=[(each.value, each.value) for each in Mode])

    def clean_wishes(self) -> list[Wish]:
        """Read the wishes; whoever wrote them by hand has to write them right."""
        found = read(str(self.cleaned_data["wishes"]))
        if found is None:
            raise forms.ValidationError(_OUTDATED)
        return found

    def chosen(self) -> Mode:
        """Return how to apply them."""
        return Mode(self.cleaned_data["mode"])


class BoxesForm(forms.Form):
    """A page of the matrix as it came back.

    `members` and `products` name its rows and columns, `shown` holds for each box in their order whether it
    was ticked (1) when the page was made, `on` the boxes that are ticked now, as `row.column`. `who` are
    selected rows, for which `do` wishes `product`; with `everybody`, for all whom the filter finds.
    """

    members = forms.CharField(max_length=60_000, required=False)
    products = forms.CharField(max_length=20_000, required=False)
    shown = forms.RegexField(r"\A[01]*\Z", max_length=2_000, required=False)
    product = forms.SlugField(required=False)
    do = forms.ChoiceField(choices=[("give", "give"), ("take", "take")], required=False)
    everybody = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a page whose parts do not fit together."""
        cleaned: dict[str, Any] = super().clean() or {}
        rows, columns = cleaned.get("members", "").split(), cleaned.get("products", "").split()
        if len(cleaned.get("shown", "")) != len(rows) * len(columns):
            raise forms.ValidationError(_OUTDATED)
        return {**cleaned, "members": rows, "products": columns}

    def changed(self, *, on: Sequence[str]) -> list[Wish]:
        """Return a wish for every box that is no longer as it was shown."""
        rows, columns = self.cleaned_data["members"], self.cleaned_data["products"]
        ticked = set(on)
        boxes = [(row, column) for row in range(len(rows)) for column in range(len(columns))]
        return [
            Wish(rows[row], columns[column], f"{row}.{column}" in ticked)
            for (row, column), was in zip(boxes, self.cleaned_data["shown"], strict=True)
            if (f"{row}.{column}" in ticked) is not (was == "1")
        ]

    def selected(self, *, who: Sequence[str]) -> list[str]:
        """Return the members whose rows are selected."""
        rows = self.cleaned_data["members"]
        return [rows[int(each)] for each in who if each.isdecimal() and int(each) < len(rows)]


_OUTDATED = _("This page was out of date. Look at the table again, and make your changes anew.")
