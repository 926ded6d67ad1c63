"""One table: people."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from licet.kernel.actor import Actor, ActorKind
from licet.kernel.ids import PublicId, new_id

NOWHERE = "card.invalid"
"""The domain of addresses of people who have none."""


class PersonQuerySet(models.QuerySet["Person"]):
    """People, as other packages look for them."""

    def with_address(self, email: str) -> "PersonQuerySet":
        """Return the one person whose sign-in address this is, whatever its case, or nobody."""
        return self.filter(email=email.strip().lower())


class PersonManager(BaseUserManager["Person"]):
    """What Django's own commands and django-allauth call; not for verbs."""

    def get_queryset(self) -> PersonQuerySet:
        """Return people with our own adjectives."""
        return PersonQuerySet(self.model, using=self._db)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """Make a person with a hashed password; the address is stored in lower case."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_without_address(self, *, name: str, language: str, joined_at: datetime) -> "Person":
        """Make a person who has no mailbox and cannot sign in here, such as a pupil with a printed card.

        The address is one that no mail can reach (RFC 2606, section 2); no mail is sent to it.
        """
        public_id = new_id(prefix="person")
        return self.create_user(
            f"{public_id}@{NOWHERE}",
            public_id=public_id,
            full_name=name,
            language=language,
            date_joined=joined_at,
        )

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Find the person by address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """A human with an account. `email` is the verified sign-in address, in lower case.

    `is_staff`, `staff_roles`: works for the vendor, and as what (`kernel.duties`).
    """

    public_id = PublicId(prefix="person")
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    full_name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    staff_roles = models.JSONField(default=list, blank=True)
    date_joined = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="person_email_lower_case")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What other people see: the name, or the address where there is none."""
        return self.full_name or self.email

    @property
    def has_address(self) -> bool:
        """Whether mails reach this person."""
        return not self.email.endswith(f"@{NOWHERE}")

    def actor(self) -> Actor:
        """Return this person as the one who acts."""
        kind = ActorKind.STAFF if self.is_staff else ActorKind.PERSON
        roles = frozenset(self.staff_roles) if self.is_staff else frozenset()
        return Actor(kind=kind, id=self.pk, label=self.name, roles=roles)
