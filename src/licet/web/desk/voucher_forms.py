"""What the vendor's people are asked when they make or cancel vouchers."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licet.kernel.actor import Actor
from licet.licenses.rules import CHANCE_BYTES
from licet.orders import vouchers
from licet.partners.models import Partner, Voucher
from licet.partners.rules import MOST_VOUCHERS
from licet.web.desk.code_forms import BatchForm, Number


class VouchersForm(BatchForm):
    """Vouchers that nobody pays for."""

    copies = Number(label=_("Number of vouchers"), least=1, most=MOST_VOUCHERS, initial=1)
    redeem_until = forms.DateField(
        label=_("Last day to redeem"), widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(
        label=_("What they are for"),
        required=False,
        max_length=120,
        help_text=_("Such as an event or a campaign. Only the desk reads it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["days"]

    def make(self, *, partner: Partner | None, by: Actor, now: datetime) -> list[Voucher]:
        """Make what a valid form says, for a partner or for the vendor."""
        values = self.cleaned_data
        return vouchers.make(
            partner=partner,
            plan=values["plan"],
            quantity=values["seats"],
            chances=[secrets.token_bytes(CHANCE_BYTES) for _each in range(values["copies"])],
            redeem_until=(values["redeem_until"] - timedelta(seconds=1)).date() + timedelta(days=1),
            note=values["note"],
            by=by,
            now=now,
        )


class CancelForm(forms.Form):
    """Why a voucher is cancelled."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("It stands in the event log, and a partner reads it.")
    )
