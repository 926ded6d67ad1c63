"""The directory of institutions and of the domains of their mailboxes: two tables."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from licet.accounts.models import Person
from licet.catalog.rules import Text
from licet.education.states import Kind, Role, Trust
from licet.kernel.ids import PublicId


class InstitutionQuerySet(models.QuerySet["Institution"]):
    """Institutions, as surfaces and verbs look for them."""

    def listed(self) -> Self:
        """Return those that stand in the directory: neither proposals nor merged ones."""
        return self.filter(proposed=False, merged_into=None)


class Institution(models.Model):
    """A school, a university, another place of learning."""

    public_id = PublicId(prefix="ins")
    names = models.JSONField(default=dict)
    country = models.CharField(max_length=2)
    kind = models.CharField(max_length=12, default=Kind.OTHER)
    city = models.CharField(max_length=100, blank=True)
    ror = models.CharField(max_length=40, unique=True, null=True)
    uai = models.CharField(max_length=8, unique=True, null=True)
    words = models.CharField(max_length=400)  # folded names and short forms, see `finding.line`
    proposed = models.BooleanField(default=False)  # by an applicant; a reviewer lists or merges it
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True)

    objects: ClassVar[models.Manager["Institution"]] = InstitutionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind]), name="institution_kind_known"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return Text(self.names).read(language=get_language() or "en")


class Word(models.Model):
    """One word of an institution's names, place and short forms, as `finding.folded` spells it."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="+")
    country = models.CharField(max_length=2)  # the institution's, so that one index serves the search
    word = models.CharField(max_length=40)

    class Meta:
        indexes = [
            # The classes make PostgreSQL use them for beginnings of words in every collation.
            models.Index(
                fields=["country", "word", "institution"],
                name="word_of_country",
                opclasses=["varchar_ops", "varchar_pattern_ops", "int8_ops"],
            ),
            models.Index(
                fields=["word", "institution"],
                name="word_anywhere",
                opclasses=["varchar_pattern_ops", "int8_ops"],
            ),
        ]


class Domain(models.Model):
    """What a mailbox under this domain (and the ones below it) says about its owner."""

    name = models.CharField(max_length=253, unique=True)  # lower case, IDNA, without a dot at the end
    trust = models.CharField(max_length=20, default=Trust.UNKNOWN)
    roles = models.JSONField(default=list)  # of `states.Role`; empty: it does not tell
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+", null=True)
    source = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(trust__in=[t.value for t in Trust]), name="domain_trust_known")
        ]

    def says(self, role: Role) -> bool:
        """Whether a mailbox here can be one of this role."""
        return not self.roles or role in self.roles


class Merger(models.Model):
    """Two institutions were found to be one. What moved is kept, so that it can move back."""

    public_id = PublicId(prefix="mrg")
    gone = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    into = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict)  # {"education.Case.institution": [keys], ...}
    words = models.JSONField(default=list)  # by which the other one is found, too, since
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
