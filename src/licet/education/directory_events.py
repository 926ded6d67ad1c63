"""What happens to the directory of institutions and mailbox domains."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, Names, named


@dataclass(frozen=True, kw_only=True)
class DirectoryImported(Fact):
    """A list of institutions or of domains was brought in."""

    name = "directory.imported"
    sentence = _(
        "%(actor)s brought the list “%(source)s” into the directory of schools: %(created)s new, "
        "%(changed)s changed."
    )

    source: str
    created: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class InstitutionListed(Fact):
    """An institution was put into the directory by hand."""

    name = "institution.listed"
    sentence = _("%(actor)s put %(institution_name)s into the directory of schools.")

    institution: int
    institution_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class DomainDoubted(Fact):
    """Far more people than ever came from one domain; a person looks at its mailboxes from now on."""

    name = "domain.doubted"
    sentence = _(
        "Unusually many requests came from addresses at %(domain)s. They wait for a person from now on."
    )

    domain: str


@dataclass(frozen=True, kw_only=True)
class InstitutionSettled(Fact):
    """What applicants had written by hand was found to be an institution of the directory."""

    name = "institution.settled"
    sentence = _("%(actor)s put %(cases)s requests to %(institution_name)s.")

    institution: int
    cases: int
    institution_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class DomainJudged(Fact):
    """Somebody of the vendor said what mailboxes under a domain prove."""

    name = "domain.judged"
    sentence = _("%(actor)s said what mailboxes at %(domain)s prove.")

    domain: str
    trust: str


@dataclass(frozen=True, kw_only=True)
class InstitutionsMerged(Fact):
    """Two institutions of the directory are one; its requests and domains moved."""

    name = "institution.merged"
    sentence = _("%(actor)s merged %(gone_name)s into %(into_name)s: %(cases)s requests.")

    gone: int
    into: int
    cases: int
    gone_name: Names = named()
    into_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class MergerUndone(Fact):
    """Two institutions are two again."""

    name = "institution.unmerged"
    sentence = _("%(actor)s took the merger of %(gone_name)s into %(into_name)s back.")

    gone: int
    into: int
    gone_name: Names = named()
    into_name: Names = named()
