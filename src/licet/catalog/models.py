"""Five tables: the vendor, families, products, plans, price lists. The import writes them, nothing else."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import get_language

from licet.catalog.rules import Period, Terms, Text
from licet.kernel.money import Money
from licet.taxes.rules import ELECTRONIC


class OfferQuerySet(models.QuerySet[Any]):
    """Whatever can be withdrawn."""

    def offered(self) -> Self:
        """Return what is still in the vendor's file."""
        return self.filter(withdrawn_at=None)


class Vendor(models.Model):
    """The one row that holds the imported brand and seller, and when they came."""

    brand = models.JSONField(default=dict)
    seller = models.JSONField(default=dict)
    imported_at = models.DateTimeField()


class Family(models.Model):
    """A group of products that belong together, such as the options of one program."""

    code = models.SlugField(max_length=40, unique=True)
    names = models.JSONField(default=dict)
    summaries = models.JSONField(default=dict)
    position = models.PositiveIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Family"]] = OfferQuerySet.as_manager()

    @property
    def name(self) -> str:
        """The name in the active language."""
        return Text(self.names).read(language=get_language() or "en")

    @property
    def summary(self) -> str:
        """One or two sentences in the active language."""
        return Text(self.summaries).read(language=get_language() or "en")


class Product(models.Model):
    """What a license permits to use."""

    code = models.SlugField(max_length=40, unique=True)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="products")
    names = models.JSONField(default=dict)
    summaries = models.JSONField(default=dict)
    details = models.JSONField(default=dict)
    features = models.JSONField(default=list)  # [{"code": "...", "names": {"en": "..."}}]
    icon = models.SlugField(max_length=40, default="package")
    tax_class = models.SlugField(max_length=20, default=ELECTRONIC)
    position = models.PositiveIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Product"]] = OfferQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return Text(self.names).read(language=get_language() or "en")

    @property
    def summary(self) -> str:
        """One sentence in the active language."""
        return Text(self.summaries).read(language=get_language() or "en")

    @property
    def detail(self) -> str:
        """A paragraph in the active language."""
        return Text(self.details).read(language=get_language() or "en")

    @property
    def feature_names(self) -> list[str]:
        """What it contains, in the active language."""
        return [Text(each["names"]).read(language=get_language() or "en") for each in self.features]


class Plan(models.Model):
    """How a product is sold: per period, at a price per license, under terms."""

    code = models.SlugField(max_length=60, unique=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="plans")
    period = models.CharField(max_length=8, default=Period.YEAR)
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    terms = models.JSONField(default=dict)
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Plan"]] = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(price_minor__gte=0), name="plan_price_not_negative"),
            models.CheckConstraint(
                condition=models.Q(period__in=[p.value for p in Period]), name="plan_period_known"
            ),
        ]

    @property
    def price(self) -> Money:
        """The price of one license for one period."""
        return Money(self.price_minor, self.currency)

    def read_terms(self) -> Terms:
        """Return the terms as a value."""
        return Terms.restored(self.terms)


class PriceList(models.Model):
    """Prices from a day on, in one currency, for one audience; without VAT (net) or with it (gross)."""

    code = models.SlugField(max_length=40, unique=True)
    currency = models.CharField(max_length=3)
    tax = models.CharField(max_length=5)
    audience = models.CharField(max_length=8)
    starts_on = models.DateField()
    prices = models.JSONField(default=dict)  # minor units by plan code
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["PriceList"]] = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(tax__in=["gross", "net"]), name="price_list_tax_known"),
            models.CheckConstraint(
                condition=models.Q(audience__in=["partner", "public"]), name="price_list_audience_known"
            ),
        ]
