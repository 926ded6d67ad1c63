"""Reading people for the packages above: whose address is it, and which language is theirs."""

from allauth.account.models import EmailAddress

from licet.accounts.models import Person


def verified_addresses(*, person: int | None) -> frozenset[str]:
    """Return the addresses, in lower case, of which the person (primary key) has proven the mailbox."""
    found = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    return frozenset(email.lower() for email in found)


def owner_of(*, email: str) -> Person | None:
    """Return the active person who has proven this address, whatever its case, or None.

    For verbs and mails only: a page must never show whether an address has an account.
    """
    return Person.objects.filter(
        pk__in=EmailAddress.objects.filter(email=email.strip().lower(), verified=True).values("user"),
        is_active=True,
    ).first()
