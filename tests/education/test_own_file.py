"""The operator's own file of institutions and domains (TOML)."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from licet.education import listing
from licet.education.directory import Domain, Institution
from licet.education.sources.rows import DomainRow, InstitutionRow
from licet.education.states import Kind, Trust
from tests.world import NOW, OPERATOR

pytestmark = pytest.mark.django_db

FILE = """
[[institutions]]
name = { fr = "Académie du Rhin", de = "Akademie am Rhein" }
country = "FR"
kind = "higher"
city = "Strasbourg"
uai = "0671234A"
short = ["ADR"]
domains = ["rhin.example"]

[[domains]]
domain = "etu.rhin.example"
trust = "active_members"
roles = ["student"]
institution = "0671234A"
note = "the registrar, by telephone"
"""


def brought(path: Path, text: str) -> tuple[str, str]:
    file = path / "own.toml"
    file.write_text(text, encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    call_command("institutions", "import-own", str(file), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_institutions_and_domains_come_in_and_twice_changes_nothing(tmp_path: Path) -> None:
    said, _err = brought(tmp_path, FILE)
    assert "1 institutions new" in said
    school = Institution.objects.get(uai="0671234A")
    assert (school.names["de"], school.kind, school.city) == ("Akademie am Rhein", Kind.HIGHER, "Strasbourg")
    domain = Domain.objects.get(name="etu.rhin.example")
    assert (domain.trust, domain.roles, domain.source) == (Trust.ACTIVE_MEMBERS, ["student"], "own")
    assert domain.institution == school
    assert Domain.objects.get(name="rhin.example").institution == school
    said, _err = brought(tmp_path, FILE)
    assert "0 institutions new, 0 changed, 1 as before" in said
    assert "0 domains new, 0 changed, 1 as before" in said


def test_it_stands_above_every_list(tmp_path: Path) -> None:
    """A list ties a domain to the wrong school and calls it abused: the own file stays."""
    rows = [InstitutionRow(names={"fr": "École du Doubs"}, country="FR", domains=("etu.rhin.example",))]
    listing.import_institutions(rows=rows, source="swot", by=OPERATOR, now=NOW)
    brought(tmp_path, FILE)
    abused = [DomainRow(name="etu.rhin.example", trust=Trust.ABUSED)]
    listing.import_domains(rows=abused, source="abused", by=OPERATOR, now=NOW)
    domain = Domain.objects.select_related("institution").get(name="etu.rhin.example")
    assert domain.trust == Trust.ACTIVE_MEMBERS
    assert domain.institution
    assert domain.institution.uai == "0671234A"


def test_what_is_wrong_is_told_with_its_line_and_the_rest_comes_in(tmp_path: Path) -> None:
    wrong = FILE.replace('trust = "active_members"', 'trust = "everybody"')
    said, err = brought(
        tmp_path, wrong + '\n[[institutions]]\nname = "X"\ncountry = "France"\nplanet = "Mars"\n'
    )
    assert "line 11: trust:" in err
    assert "line 18: country:" in err
    assert "1 institutions new" in said
    assert "0 domains new" in said


@pytest.mark.parametrize("text", ["[[institutions", "[[schools]]\nname = 'X'\n"])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(CommandError, match="not the list that was expected"):
        brought(tmp_path, text)
