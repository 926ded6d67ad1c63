"""Two rows of the directory that are one institution."""

import pytest
from django.apps import apps

from licet.education import applying, finding, listing, merging
from licet.education.applying import Form
from licet.education.directory import Domain, Institution, Word
from licet.education.errors import MergedAlready, MergedOtherWay, NotTheSameCountry
from licet.education.models import Case
from licet.education.proofs.class_code import actions as classes
from licet.education.sources.rows import InstitutionRow
from licet.education.states import Kind
from licet.kernel.refusal import Forbidden
from tests.education import classrooms
from tests.education.conftest import Campus
from tests.world import OPERATOR

pytestmark = pytest.mark.django_db


def listed(campus: Campus, name: str, *, country: str = "FR") -> Institution:
    row = InstitutionRow(names={"": name}, country=country, kind=Kind.HIGHER)
    return listing.list_institution(row=row, by=campus.victor.actor(), now=campus.world.now)


def request_of(campus: Campus, school: Institution) -> Case:
    form = Form(role="student", full_name="Nadia Roux", country="FR", institution=school)
    by = campus.student.actor()
    return applying.start(programme=campus.programme, language="fr", form=form, by=by, now=campus.world.now)


def test_requests_domains_and_words_move_and_the_old_name_finds_the_other_one(campus: Campus) -> None:
    gone, into = listed(campus, "Ecole Rhénane"), listed(campus, "École du Rhin")
    case = request_of(campus, gone)
    Domain.objects.create(name="rhenane.example", institution=gone)
    assert merging.preview(gone=gone) == merging.Preview(
        cases=1, classes=0, agreements=0, domains=["rhenane.example"]
    )
    merging.merge(gone=gone, into=into, by=campus.victor.actor(), now=campus.world.now)
    case.refresh_from_db()
    assert case.institution == into
    assert Domain.objects.get().institution == into
    assert finding.find(text="rhenane", most=5) == [into]


def test_undoing_moves_it_back_but_not_what_somebody_put_elsewhere_since(campus: Campus) -> None:
    gone, into, other = (listed(campus, name) for name in ("Ecole Rhénane", "École du Rhin", "Lycée Nord"))
    case = request_of(campus, gone)
    domain = Domain.objects.create(name="rhenane.example", institution=gone)
    words = set(Word.objects.values_list("institution", "word"))
    merger = merging.merge(gone=gone, into=into, by=campus.victor.actor(), now=campus.world.now)
    Domain.objects.update(institution=other)
    merging.undo(merger=merger, by=campus.wanda.actor(), now=campus.world.now)
    case.refresh_from_db()
    domain.refresh_from_db()
    assert (case.institution, domain.institution) == (gone, other)
    assert set(Word.objects.values_list("institution", "word")) == words
    assert gone in finding.find(text="rhenane", most=5)
    with pytest.raises(MergedAlready):
        merging.undo(merger=merger, by=campus.victor.actor(), now=campus.world.now)


def test_not_twice_not_in_a_chain_not_across_countries_and_not_by_strangers(campus: Campus) -> None:
    one, two, three = (listed(campus, name) for name in ("Un", "Deux", "Trois"))
    abroad, by, now = listed(campus, "Eins", country="DE"), campus.victor.actor(), campus.world.now
    with pytest.raises(MergedAlready):
        merging.merge(gone=one, into=one, by=by, now=now)
    with pytest.raises(NotTheSameCountry):
        merging.merge(gone=one, into=abroad, by=by, now=now)
    merging.merge(gone=one, into=two, by=by, now=now)
    with pytest.raises(MergedAlready):
        merging.merge(gone=one, into=three, by=by, now=now)
    with pytest.raises(MergedOtherWay):
        merging.merge(gone=two, into=three, by=by, now=now)
    with pytest.raises(Forbidden):
        merging.merge(gone=two, into=three, by=campus.student.actor(), now=now)


def test_an_import_does_not_bring_back_what_was_merged(campus: Campus) -> None:
    row = InstitutionRow(names={"fr": "École A"}, country="FR", kind=Kind.HIGHER, ror="0abcd1234")
    listing.import_institutions(rows=[row], source="ror", by=OPERATOR, now=campus.world.now)
    gone, into = Institution.objects.get(), listed(campus, "École B")
    merging.merge(gone=gone, into=into, by=campus.victor.actor(), now=campus.world.now)
    report = listing.import_institutions(rows=[row], source="ror", by=OPERATOR, now=campus.world.now)
    assert (report.created, report.changed, report.same) == (0, 0, 1)


def test_classes_and_agreements_move_too_so_that_colleagues_still_meet_and_undoing_brings_them_back(
    campus: Campus,
) -> None:
    gone, into = listed(campus, "Ecole Rhénane"), listed(campus, "École du Rhin")
    agreement = classrooms.agreed(campus, at=gone)
    ines = classrooms.teacher(campus, at=gone)
    omar = classrooms.teacher(campus, "omar@home.example", "Omar Berg", at=into)
    of = classrooms.made(campus, ines, agreement=agreement)
    seen = merging.preview(gone=gone)
    assert (seen.cases, seen.classes, seen.agreements) == (1, 1, 1)
    merger = merging.merge(gone=gone, into=into, by=campus.victor.actor(), now=campus.world.now)
    of.refresh_from_db()
    agreement.refresh_from_db()
    assert (of.institution, agreement.institution) == (into, into)
    assert classrooms.made(campus, omar, agreement=agreement).institution == into
    classes.offer(of=of, email=omar.email, by=ines.actor(), now=campus.world.now)
    assert classes.take_over(of=of, by=omar.actor(), now=campus.world.now).teacher == omar
    merging.undo(merger=merger, by=campus.victor.actor(), now=campus.world.now)
    of.refresh_from_db()
    agreement.refresh_from_db()
    assert (of.institution, agreement.institution) == (gone, gone)


def test_every_table_that_names_an_institution_is_moved_or_says_why_not(campus: Campus) -> None:
    gone, into = listed(campus, "Ecole Rhénane"), listed(campus, "École du Rhin")
    moved = merging.merge(gone=gone, into=into, by=campus.victor.actor(), now=campus.world.now).moved
    pointing = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.related_model is Institution and not field.auto_created
    }
    stays = {
        "education.Institution.merged_into",  # is the merger
        "education.Merger.gone",
        "education.Merger.into",  # what was done
        "education.Word.institution",  # copied: both names find it
    }
    assert set(moved) == pointing - stays
    assert {"education.Class.institution", "education.Agreement.institution"} <= set(moved)
