"""One table: notes about customers."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from licet.accounts.models import Person
from licet.kernel.ids import PublicId
from licet.teams.models import Team
from licet.teams.rules import NOTE_LENGTH


class NoteQuerySet(models.QuerySet["Note"]):
    """Notes, as the desk and the verbs look for them."""

    def current(self) -> Self:
        """Return those that nobody changed or removed since, the newest first."""
        found = self.filter(removed_at=None, changed=None).select_related("author", "team", "replaces")
        return found.order_by("-pk")

    def locked(self, pk: int) -> "Note":
        """Lock and read again: the same form sent twice meets here."""
        self.select_for_update(of=("self",), no_key=True).values_list("pk").get(pk=pk)
        return self.select_related("author", "team").get(pk=pk)


class Note(models.Model):
    """A few words about a team. `replaces`: the one that it was written in the place of."""

    public_id = PublicId(prefix="note")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=NOTE_LENGTH, blank=True)
    written_at = models.DateTimeField()
    replaces = models.OneToOneField("self", on_delete=models.CASCADE, related_name="changed", null=True)
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Note"]] = NoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(text=""), name="note_removed_has_no_words"
            ),
        ]
        indexes = [models.Index(fields=["team", "-id"])]
