"""Five tables: applications, codes, device requests, grants, tokens.

The applications' door reads `connect_token` and `connect_grant` with its own SQL. An access
token is good when its row has this SHA-256 and kind `access`, `spent_at` is empty, `expires_at`
lies ahead, and its grant's `ended_at` is empty.
"""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from licet.accounts.models import Person
from licet.connect.rules import SCOPE, read_name
from licet.connect.states import EndReason, RequestState, TokenKind
from licet.kernel.actor import Actor
from licet.kernel.ids import PublicId


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications, as surfaces and verbs look for them."""

    def registered(self) -> Self:
        """Return what is still in the vendor's file."""
        return self.filter(withdrawn_at=None)


class Application(models.Model):
    """A program of the vendor that people sign in to. It has no secret."""

    client_id = models.CharField(max_length=80, unique=True)
    names = models.JSONField(default=dict)  # {"en": "...", "fr": "..."}
    redirects = models.JSONField(default=list)  # as `rules.redirect_allowed` reads them
    products = models.JSONField(default=list)  # product codes that it may ask leases for
    registered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Application"]] = ApplicationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return self.named(language=get_language() or "en")

    def named(self, *, language: str) -> str:
        """Return the name in a language."""
        return read_name(names=self.names, language=language) or self.client_id


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants, as surfaces and verbs look for them."""

    def running(self, now: datetime) -> Self:
        """Return those that neither anybody nor the clock has ended."""
        return self.filter(ended_at=None, expires_at__gt=now)

    def visible_to(self, actor: Actor) -> Self:
        """Return the grants that the actor gave; the system sees all."""
        return self if actor.is_system else self.filter(person=actor.id)

    def locked(self, pk: int) -> "Grant":
        """Lock and read again: refreshing, replaying, revoking and ending meet here."""
        return self.select_for_update(of=("self",)).get(pk=pk)


class Grant(models.Model):
    """A person's permission to one application on one device, whatever tokens come and go under it."""

    public_id = PublicId(prefix="grant")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    device_name = models.CharField(max_length=80, blank=True)
    scope = models.CharField(max_length=80, default=SCOPE)
    granted_at = models.DateTimeField()
    refreshed_at = models.DateTimeField()
    expires_at = models.DateTimeField()  # absolute: no refreshing leads beyond
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=24, blank=True)

    objects: ClassVar[models.Manager["Grant"]] = GrantQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], condition=Q(ended_at=None), name="grant_running")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="")
                | Q(ended_at__isnull=False, end_reason__in=[r.value for r in EndReason]),
                name="grant_end_has_reason",
            )
        ]

    def runs(self, now: datetime) -> bool:
        """Whether neither anybody nor the clock has ended it."""
        return self.ended_at is None and now < self.expires_at


class CodeQuerySet(models.QuerySet["Code"]):
    """Codes, as verbs look for them."""

    def locked(self, pk: int) -> "Code":
        """Lock and read again: of several redeems of one code, all but one wait here and lose."""
        return self.select_for_update(of=("self",)).select_related("person", "application").get(pk=pk)


class Code(models.Model):
    """A person's yes, for a minute: what the browser carries back to the application."""

    code_hash = models.CharField(max_length=64, unique=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+", null=True)
    device_name = models.CharField(max_length=80, blank=True)
    redirect_uri = models.CharField(max_length=500)
    challenge = models.CharField(max_length=43)  # PKCE, always S256
    scope = models.CharField(max_length=80, default=SCOPE)
    nonce = models.CharField(max_length=200, blank=True)  # OpenID Connect: back in the ID token
    authenticated_at = models.DateTimeField(null=True)  # when the person last proved who they are
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Code"]] = CodeQuerySet.as_manager()


class DeviceRequestQuerySet(models.QuerySet["DeviceRequest"]):
    """Requests of devices, as verbs look for them."""

    def waiting(self, now: datetime) -> Self:
        """Return those that somebody may still decide."""
        return self.filter(state=RequestState.WAITING, expires_at__gt=now)

    def locked(self, pk: int) -> "DeviceRequest":
        """Lock and read again: the yes, the no and every poll of the device meet here."""
        return self.select_for_update(of=("self",)).select_related("person", "application").get(pk=pk)


class DeviceRequest(models.Model):
    """A device without a browser that waits for somebody's yes, given on another one (RFC 8628)."""

    device_code_hash = models.CharField(max_length=64, unique=True)
    user_code_hash = models.CharField(max_length=64, unique=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    device_name = models.CharField(max_length=80, blank=True)
    scope = models.CharField(max_length=80, default=SCOPE)
    asked_from = models.CharField(max_length=45, blank=True)  # address of the network, shown to the person
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=8, default=RequestState.WAITING)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    authenticated_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+", null=True)

    objects: ClassVar[models.Manager["DeviceRequest"]] = DeviceRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RequestState.WAITING, person=None, decided_at=None, grant=None)
                | Q(state__in=[RequestState.ALLOWED, RequestState.REFUSED], person__isnull=False, grant=None)
                | Q(state=RequestState.REDEEMED, person__isnull=False, grant__isnull=False),
                name="device_request_state_fits",
            )
        ]


class Token(models.Model):
    """An access or refresh token, of which only the SHA-256 (hex) is known here."""

    token_hash = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=8)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="tokens")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Token"]] = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in TokenKind]), name="token_kind_known"
            )
        ]

    def good(self, now: datetime) -> bool:
        """Whether it still opens anything at `now`: the same rule as the door's SQL."""
        return self.spent_at is None and now < self.expires_at and self.grant.runs(now)
