"""The directory of schools: brought in from files, as often as one likes; found by a few words."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licet.education import finding, listing
from licet.education.directory import Domain, Institution, Word
from licet.education.sources import french, ror, swot
from licet.education.sources.rows import DomainRow, InstitutionRow
from licet.education.states import Kind, Role, Trust
from licet.kernel.refusal import Forbidden
from tests.world import NOW, OPERATOR, World

pytestmark = pytest.mark.django_db


def brought(*arguments: str) -> tuple[str, str]:
    """Return what the command says, and what it complains of."""
    out, err = io.StringIO(), io.StringIO()
    call_command("institutions", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def organisation(number: int = 1, **other: Any) -> dict[str, Any]:
    """Return an invented organisation in the registry's form."""
    return {
        "id": f"https://ror.org/0test{number:04}",
        "status": "active",
        "types": ["education", "funder"],
        "domains": [f"uni{number}.example"],
        "names": [
            {"value": f"Université du Rhin {number}", "types": ["label", "ror_display"], "lang": "fr"},
            {"value": f"Rhine University {number}", "types": ["label"], "lang": "en"},
            {"value": f"UDR{number}", "types": ["acronym"], "lang": None},
        ],
        "locations": [{"geonames_details": {"country_code": "FR", "name": "Strasbourg"}}],
        **other,
    }


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A registry's dump with what is to be passed over, too."""
    entries = [
        organisation(1),
        organisation(2),
        organisation(3, status="withdrawn"),
        organisation(4, types=["company"]),
        {"id": "broken"},
    ]
    path = tmp_path / "v2-dump.json"
    path.write_text(json.dumps(entries, indent=1), encoding="utf-8")
    return path


SCHOOLS = """\
\ufeffIdentifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Nom_commune;Voie_professionnelle;etat
0000001B;Lycée général de l'Étang;Lycée;Saint-Exemple;0;OUVERT
0000002C;Lycée professionnel des Forêts;Lycée;Exemple-sur-Mer;1;OUVERT
0000003X;École dont la lettre est fausse;Ecole;Exemple;;OUVERT
0000004E;École qui a fermé;Ecole;Exemple;;FERME
;;;;;
"""


@pytest.fixture
def schools(tmp_path: Path) -> Path:
    """A list of French schools."""
    path = tmp_path / "annuaire.csv"
    path.write_text(SCHOOLS, encoding="utf-8")
    return path


def test_the_registry_brings_active_places_of_learning_with_their_domains(registry: Path) -> None:
    out, err = brought("import-ror", str(registry))
    assert "2 institutions new" in out
    assert "line 5:" in err
    first = Institution.objects.get(ror="0test0001")
    assert (first.names["fr"], first.names["en"]) == ("Université du Rhin 1", "Rhine University 1")
    assert (first.country, first.city, first.kind) == ("FR", "Strasbourg", Kind.HIGHER)
    domain = Domain.objects.get(name="uni1.example")
    assert (domain.institution, domain.trust) == (first, Trust.UNKNOWN), "nobody said who has a mailbox there"


def test_an_archive_is_read_as_it_is_published(registry: Path, tmp_path: Path) -> None:
    packed = tmp_path / "dump.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(registry, "v1.9-data.json")
        archive.write(registry, "v2.9-data_schema_v2.json")
    assert len([row for row in ror.read(path=packed) if isinstance(row, InstitutionRow)]) == 2


def test_a_second_import_changes_nothing(registry: Path, schools: Path) -> None:
    for _ in range(2):
        ror_said, _err = brought("import-ror", str(registry))
        french_said, _err = brought("import-french", str(schools))
    assert "0 institutions new, 0 changed, 2 as before" in ror_said
    assert "0 institutions new, 0 changed, 2 as before" in french_said
    assert Institution.objects.count() == 4


def test_a_changed_line_changes_its_institution_and_how_it_is_found(registry: Path, tmp_path: Path) -> None:
    brought("import-ror", str(registry))
    renamed = organisation(1)
    renamed["names"][0]["value"] = "Université de la Moselle"
    newer = tmp_path / "newer.json"
    newer.write_text(json.dumps([renamed]), encoding="utf-8")
    out, _ = brought("import-ror", str(newer))
    assert "0 institutions new, 1 changed" in out
    assert [each.ror for each in finding.find(text="moselle", country="FR", most=8)] == ["0test0001"]
    assert [each.ror for each in finding.find(text="université du rhin", country="FR", most=8)] == [
        "0test0002"
    ]


def test_a_dry_run_writes_nothing(registry: Path) -> None:
    out, _ = brought("import-ror", str(registry), "--dry-run")
    assert "2 institutions would be new" in out
    assert not Institution.objects.exists()
    assert not Domain.objects.exists()


def test_a_french_school_has_a_number_whose_letter_checks_it(schools: Path) -> None:
    _, err = brought("import-french", str(schools))
    assert "line 4: '0000003X' is no UAI" in err
    assert set(Institution.objects.values_list("uai", "kind")) == {
        ("0000001B", Kind.SCHOOL),
        ("0000002C", Kind.VOCATIONAL),
    }
    assert french.right_number(text="0000001B")
    assert not french.right_number(text="0000001A")
    assert not french.right_number(text="000000²B")


@pytest.mark.parametrize(
    ("content", "action"), [("{}", "import-ror"), ("[{", "import-ror"), ("a;b\n1;2\n", "import-french")]
)
def test_what_is_not_the_list_is_said(tmp_path: Path, content: str, action: str) -> None:
    path = tmp_path / "wrong"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match="not the list that was expected"):
        brought(action, str(path))
    with pytest.raises(CommandError, match="cannot be read"):
        brought(action, str(tmp_path / "nowhere"))


def test_the_own_table_stands_above_every_list(tmp_path: Path) -> None:
    abused = tmp_path / "abused.txt"
    abused.write_text("# sold\nCampus.example\nschool.example.\nno domain at all\n", encoding="utf-8")
    own = tmp_path / "own.csv"
    own.write_text(
        "domain;trust;roles;note\n"
        "campus.example;active_members;teacher;asked by telephone\n"
        "other.example;nice;;\n",
        encoding="utf-8",
    )
    _, err = brought("import-domains", str(abused), "--trust", "abused")
    assert "line 4:" in err
    _, err = brought("import-own", str(own))
    assert "line 3: trust is one of" in err
    brought("import-domains", str(abused), "--trust", "abused")
    campus = Domain.objects.get(name="campus.example")
    assert (campus.trust, campus.roles, campus.source) == (Trust.ACTIVE_MEMBERS, [Role.TEACHER], "own")
    assert Domain.objects.get(name="school.example").trust == Trust.ABUSED


def test_a_list_that_says_less_does_not_overwrite_one_that_says_more() -> None:
    def said(trust: Trust, source: str) -> str:
        rows = [DomainRow(name="campus.example", trust=trust)]
        listing.import_domains(rows=rows, source=source, by=OPERATOR, now=NOW)
        return Domain.objects.get(name="campus.example").trust

    assert said(Trust.ACTIVE_MEMBERS, "swot") == Trust.ACTIVE_MEMBERS
    assert said(Trust.MIXED, "stop") == Trust.MIXED
    assert said(Trust.ACTIVE_MEMBERS, "swot") == Trust.MIXED


def test_what_a_list_says_twice_counts_once() -> None:
    rows = [DomainRow(name="campus.example", trust=trust) for trust in (Trust.ACTIVE_MEMBERS, Trust.MIXED)]
    for times in range(2):
        report = listing.import_domains(rows=rows, source="swot", by=OPERATOR, now=NOW)
        assert (report.created, report.changed, report.same) == (1 - times, 0, times)


def test_the_collection_that_comes_along_says_what_mailboxes_mean() -> None:
    rows = {row.name: row for row in swot.read() if isinstance(row, DomainRow)}
    assert len(rows) > 20_000
    spanish = [row for name, row in rows.items() if name.startswith("alumnos.")]
    assert {row.trust for row in spanish} == {Trust.ACTIVE_MEMBERS}, "they are there now"
    assert {row.roles for row in spanish} == {frozenset({Role.PUPIL, Role.STUDENT})}
    assert {row.trust for name, row in rows.items() if name.startswith("alumni.")} == {Trust.ALUMNI}
    stopped = {row.name: row.trust for row in swot.read_stopped() if isinstance(row, DomainRow)}
    assert set(stopped.values()) == {Trust.MIXED, Trust.ALUMNI, Trust.OPEN_REGISTRATION}
    both = stopped.keys() & {name for name, row in rows.items() if row.trust == Trust.ACTIVE_MEMBERS}
    assert len(both) < 10
    assert listing.RANK["stop"] > listing.RANK["swot"], "of two words about a domain, the stricter one stands"


def test_institutions_of_two_lists_meet_by_their_domain(registry: Path) -> None:
    rows = [InstitutionRow(names={"en": "Uni Rhine"}, country="FR", domains=("uni1.example",))]
    listing.import_institutions(rows=rows, source="swot", by=OPERATOR, now=NOW)
    brought("import-ror", str(registry))
    assert Institution.objects.count() == 2
    assert Institution.objects.get(ror="0test0001").names["en"] == "Rhine University 1"


@pytest.mark.parametrize(
    "text", ["universite rhin 1", "Université du Rhin 1", "rhin 1 univ", "UDR1", "rhine university 1", "ÜDR1"]
)
def test_words_are_found_in_any_order_without_accents_and_by_short_forms(registry: Path, text: str) -> None:
    brought("import-ror", str(registry))
    found = finding.find(text=text, country="FR", most=8)
    assert found[0].ror == "0test0001"


def test_a_search_stays_in_its_country(registry: Path) -> None:
    brought("import-ror", str(registry))
    assert finding.find(text="rhin", country="DE", most=8) == []
    assert len(finding.find(text="rhin", country="", most=8)) == 2
    assert finding.find(text="", country="FR", most=8) == []
    assert finding.find(text="%_ '\"", country="FR", most=8) == []


def test_a_search_takes_one_statement_however_many_words(registry: Path) -> None:
    brought("import-ror", str(registry))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        finding.find(text="universite du rhin a strasbourg", country="FR", most=8)
    assert len(queries) == 1


def test_a_place_belongs_to_what_a_school_is_found_by(schools: Path) -> None:
    brought("import-french", str(schools))
    assert [each.uai for each in finding.find(text="lycee st exemple", country="FR", most=8)] == ["0000001B"]
    assert Word.objects.filter(word="exemple").count() == 2


def test_a_reviewer_lists_what_an_applicant_wrote(world: World) -> None:
    row = InstitutionRow(names={"fr": "École du Rhin"}, country="FR", city="Colmar")
    made = listing.list_institution(row=row, by=world.victor.actor(), now=NOW)
    assert finding.find(text="ecole rhin", country="FR", most=8) == [made]
    assert listing.list_institution(row=row, by=world.victor.actor(), now=NOW) == made
    with pytest.raises(Forbidden):
        listing.list_institution(row=row, by=world.alice.actor(), now=NOW)
    with pytest.raises(Forbidden):
        listing.import_institutions(rows=[row], source="own", by=world.victor.actor(), now=NOW)
