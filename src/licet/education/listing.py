"""Writing the directory of institutions and of what mailboxes say: from rows that `sources` reads.

Asking twice changes nothing the second time. What the operator wrote stands above every list, and a list
stands above one that says less (`RANK`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from licet.education import finding
from licet.education.addresses import above
from licet.education.directory import Domain, Institution, Word
from licet.education.directory_events import DirectoryImported, DomainDoubted, InstitutionListed
from licet.education.sources.rows import DomainRow, Fault, InstitutionRow
from licet.education.states import Trust
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden

RANK = {"": 0, "ror": 1, "swot": 2, "stop": 3, "abused": 4, "guard": 5, "own": 6}
"""Whose word about a domain stands when two lists differ: the greater number's."""

_BATCH = 1000


@dataclass(slots=True, kw_only=True)
class Report:
    """What an import did, or would do: rows by what became of them, and the lines that could not be read."""

    created: int = 0
    changed: int = 0
    same: int = 0
    faults: list[Fault] = field(default_factory=list)


def import_institutions(
    *, rows: Iterable[InstitutionRow | Fault], source: str, dry_run: bool = False, by: Actor, now: datetime
) -> Report:
    """Bring institutions in; one is known again by its identifier, a domain of its own, or place and name.

    `dry_run`: only say what would be. Lines with faults are passed over and reported. An operator's command
    alone may (Forbidden else).
    """
    if not by.is_system:
        raise Forbidden
    report, known = Report(), _Known()
    fresh: list[tuple[Institution, InstitutionRow]] = []
    altered: list[tuple[Institution, InstitutionRow]] = []
    for row in rows:
        if isinstance(row, Fault):
            report.faults.append(row)
            continue
        if known.was_merged(row):
            report.same += 1
            continue
        found = known.find(row)
        if found is None:
            found = _written(Institution(), row)
            known.remember(found, row)
            fresh.append((found, row))
        elif _differs(found, row):
            altered.append((_written(found, row), row))
        else:
            report.same += 1
    report.created, report.changed = len(fresh), len(altered)
    if dry_run:
        return report
    with change(by=by, now=now) as record:
        Institution.objects.bulk_create([each for each, _ in fresh], batch_size=_BATCH)
        fields = ["names", "country", "kind", "city", "ror", "uai", "words"]
        kept = {each.pk: each for each, _ in altered if each.pk}  # one that two lines name is written once
        Institution.objects.bulk_update(kept.values(), fields, batch_size=_BATCH)
        _spell([*fresh, *altered])
        _link([*fresh, *altered], source=source)
        record(DirectoryImported(source=source, created=report.created, changed=report.changed))
    return report


def import_domains(
    *, rows: Iterable[DomainRow | Fault], source: str, dry_run: bool = False, by: Actor, now: datetime
) -> Report:
    """Bring in what mailboxes say. A word of a source that ranks higher stays; faults are reported.

    Rows may name an institution that the directory has (by public id, ROR or UAI). An operator's command
    alone may (Forbidden else).
    """
    if not by.is_system:
        raise Forbidden
    report = Report()
    known = {each.name: each for each in Domain.objects.all()}
    fresh: dict[str, Domain] = {}
    altered: dict[str, Domain] = {}
    seen: set[str] = set()
    for row in rows:
        if isinstance(row, Fault):
            report.faults.append(row)
            continue
        if row.name in seen:  # what a list says first counts
            continue
        seen.add(row.name)
        there = known.get(row.name)
        domain = there or Domain(name=row.name)
        before = (domain.trust, domain.roles, domain.source, domain.note, domain.institution_id)
        if RANK[source] >= RANK.get(domain.source, 0):
            domain.trust, domain.roles = row.trust, sorted(row.roles)
            domain.source, domain.note = source, row.note[:200]
        if row.institution:
            domain.institution_id = _named(row.institution) or domain.institution_id
        if there is None:
            fresh[row.name] = domain
        elif before == (domain.trust, domain.roles, domain.source, domain.note, domain.institution_id):
            report.same += 1
        else:
            altered[row.name] = domain
    report.created, report.changed = len(fresh), len(altered)
    if dry_run:
        return report
    with change(by=by, now=now) as record:
        Domain.objects.bulk_create(fresh.values(), batch_size=_BATCH)
        fields = ["trust", "roles", "source", "note", "institution"]
        Domain.objects.bulk_update(altered.values(), fields, batch_size=_BATCH)
        record(DirectoryImported(source=source, created=report.created, changed=report.changed))
    return report


def list_institution(*, row: InstitutionRow, by: Actor, now: datetime) -> Institution:
    """Put one institution into the directory, as a reviewer does for what an applicant wrote by hand.

    The vendor's people only. One that is there already under this place and name is given back.
    """
    if not by.serves(Duty.REVIEW_EDUCATION):
        raise Forbidden
    found = _Known(country=row.country).find(row)
    if found is not None and found.pk:
        return found
    with change(by=by, now=now) as record:
        made = _written(Institution(), row)
        made.save()
        _spell([(made, row)])
        _link([(made, row)], source="own")
        record(InstitutionListed(institution=made.pk, institution_name=made.names))
    return made


def doubt(*, domain: Domain, record: Record) -> None:
    """Have a person look at mailboxes under a domain (locked) from now on; a person alone changes that again.

    A step, for where far more people than ever come from one domain. What the operator wrote stays.
    """
    Domain.objects.filter(pk=domain.pk).exclude(source="own").update(trust=Trust.MIXED, source="guard")
    record(DomainDoubted(domain=domain.name))


class _Known:
    """The directory in memory, by what an institution is known again by."""

    def __init__(self, *, country: str = "") -> None:
        listed = Institution.objects.filter(merged_into=None)
        if country:
            listed = listed.filter(country=country)
        self.by_mark: dict[str, Institution] = {}
        self.by_name: dict[tuple[str, str], Institution] = {}
        gone = Institution.objects.exclude(merged_into=None).values_list("ror", "uai")
        self.merged = {mark for marks in gone for mark in marks if mark}
        by_pk = {}
        for each in listed:
            by_pk[each.pk] = each
            self._mark(each)
            for name in each.names.values():
                self.by_name.setdefault((each.country, finding.folded(f"{name} {each.city}")), each)
        linked = Domain.objects.filter(institution__in=list(by_pk)) if country else Domain.objects.all()
        for name, pk in linked.exclude(institution=None).values_list("name", "institution"):
            if pk in by_pk:
                self.by_mark[name] = by_pk[pk]

    def was_merged(self, row: InstitutionRow) -> bool:
        """Whether somebody found that the row's institution is another one: that one stays as it is."""
        return bool(self.merged & ({row.ror, row.uai} - {None, ""}))

    def find(self, row: InstitutionRow) -> Institution | None:
        """Return the institution that the row is about."""
        for mark in (row.ror, row.uai):
            if mark and mark in self.by_mark:
                return self.by_mark[mark]
        for name in row.domains:
            found = self.by_mark.get(name)
            if found is not None and _may_be(found, row):
                return found
        for name in row.names.values():
            found = self.by_name.get((row.country, finding.folded(f"{name} {row.city}")))
            if found is not None and _may_be(found, row):
                return found
        return None

    def remember(self, made: Institution, row: InstitutionRow) -> None:
        """Know an institution that will be made."""
        self._mark(made)
        for name in row.domains:
            self.by_mark.setdefault(name, made)
        for name in made.names.values():
            self.by_name.setdefault((made.country, finding.folded(f"{name} {made.city}")), made)

    def _mark(self, each: Institution) -> None:
        for mark in (each.ror, each.uai):
            if mark:
                self.by_mark[mark] = each


def _may_be(found: Institution, row: InstitutionRow) -> bool:
    """Whether the identifiers do not say otherwise."""
    other_ror = row.ror and found.ror and row.ror != found.ror
    return not (other_ror or (row.uai and found.uai and row.uai != found.uai))


def _differs(found: Institution, row: InstitutionRow) -> bool:
    after = _written(Institution(), row, before=found)
    fields = ("names", "country", "kind", "city", "ror", "uai", "words")
    return any(getattr(found, name) != getattr(after, name) for name in fields)


def _written(to: Institution, row: InstitutionRow, *, before: Institution | None = None) -> Institution:
    """Return the institution as the row has it; what the row leaves open stays."""
    before = before or to
    names = row.names if row.ror or row.uai or not before.names else before.names
    to.names, to.country = names, row.country or before.country
    to.kind = row.kind if row.kind != "other" else before.kind
    to.city = (row.city or before.city)[:100]
    to.ror, to.uai = row.ror or before.ror, row.uai or before.uai
    line = finding.line([*names.values(), *(each for each in row.names.values())], row.short)
    to.words = line if row.ror or row.uai or not before.words else before.words
    return to


def _spell(pairs: list[tuple[Institution, InstitutionRow]]) -> None:
    """Write the words by which the institutions are found, in place of those that were there."""
    made = {each.pk: (each, row) for each, row in pairs if each.pk}
    keys = list(made)
    for at in range(0, len(keys), _BATCH):
        Word.objects.filter(institution__in=keys[at : at + _BATCH]).delete()
    Word.objects.bulk_create(
        (
            Word(institution=each, country=each.country, word=word)
            for each, row in made.values()
            for word in sorted(finding.words([each.words, each.city, *row.names.values(), *row.short]))
        ),
        batch_size=_BATCH * 5,
    )


def _link(pairs: list[tuple[Institution, InstitutionRow]], *, source: str) -> None:
    """Tie domains to the institutions that they belong to; one that nobody knew says nothing yet."""
    known = {each.name: each for each in Domain.objects.all()} if any(r.domains for _, r in pairs) else {}
    fresh: dict[str, Domain] = {}
    tied: dict[str, Domain] = {}
    for each, row in pairs:
        for name in row.domains:
            if name in known:
                if known[name].institution_id is None and name not in tied:
                    known[name].institution = each
                    tied[name] = known[name]
            elif name not in fresh:
                fresh[name] = Domain(name=name, institution=each, source=source if source == "ror" else "")
    Domain.objects.bulk_create(fresh.values(), batch_size=_BATCH)
    Domain.objects.bulk_update(tied.values(), ["institution"], batch_size=_BATCH)


def _named(mark: str) -> int | None:
    """Return the key of the institution that a line names by public id, ROR or UAI."""
    for found in ({"public_id": mark}, {"ror": mark}, {"uai": mark}):
        pk = Institution.objects.filter(**found).values_list("pk", flat=True).first()
        if pk:
            return pk
    return None


def domain_of(*, name: str) -> Domain | None:
    """Return what the directory says about a domain: its own row, or the nearest one above it."""
    names = list(above(name=name))
    found = {each.name: each for each in Domain.objects.filter(name__in=names).select_related("institution")}
    return next((found[each] for each in names if each in found), None)
