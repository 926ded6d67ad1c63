"""The desk's forms about the catalog: the vendor's file as text, and a rate of VAT."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licet.catalog.document import Document, Fault, judged
from licet.taxes.rules import STANDARD

LONGEST = 500_000


class FileForm(forms.Form):
    """The vendor's file, pasted."""

    text = forms.CharField(
        label=_("Text of the vendor's file"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "class": "mono"}),
        help_text=_("Open vendor.toml in a text editor, copy everything, and paste it here."),
    )
    iban = forms.CharField(
        label=_("New IBAN, to confirm it"),
        required=False,
        max_length=50,
        help_text=_("Only where the file changes the bank account that customers pay to."),
    )

    document: Document | None = None
    faults: list[Fault] = []

    def clean_text(self) -> str:
        """Read the file; keep the document, or what is wrong with it."""
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        self.document, self.faults = judged(text=text)
        if self.faults:
            raise forms.ValidationError(_("The file cannot be used yet. What is wrong stands below."))
        return text


class RateForm(forms.Form):
    """A rate of VAT from a day on."""

    country = forms.CharField(
        label=_("Country"), max_length=2, min_length=2, help_text=_("Two letters, such as FR.")
    )
    region = forms.CharField(
        label=_("Territory"),
        max_length=8,
        required=False,
        help_text=_("Leave it empty for the whole country."),
    )
    tax_class = forms.SlugField(label=_("Tax class"), max_length=20, initial=STANDARD)
    rate = forms.DecimalField(label=_("Rate in percent"), max_digits=6, decimal_places=3, localize=True)
    valid_from = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_country(self) -> Any:
        """Read it in capitals."""
        return self.cleaned_data["country"].upper()

    def clean_region(self) -> Any:
        """Read it in capitals."""
        return self.cleaned_data["region"].upper()
