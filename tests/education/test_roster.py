"""Lists of pupils, as spreadsheets write them: read, shown before anything happens, added in one change."""

import pytest

from licet.education.proofs.class_code import actions as classes
from licet.education.proofs.class_code import enlisting
from licet.education.proofs.class_code.errors import (
    CellIsFormula,
    EmailUnreadable,
    NameMissing,
    NameTooLong,
    PupilThere,
    PupilTwice,
    RosterEmpty,
    RosterTooLong,
    RosterTooMany,
)
from licet.education.proofs.class_code.models import Place
from licet.education.proofs.class_code.roster import read
from licet.eventlog.models import Event
from licet.kernel.refusal import Missing
from licet.seats.errors import SheetIsEmpty, SheetNotText, SheetTooLarge
from tests.education.classrooms import listed, made, teacher, wanted
from tests.education.conftest import Campus
from tests.world import NOW


def found(text: str | bytes) -> list[tuple[int, str, str]]:
    content = text if isinstance(text, bytes) else text.encode()
    return [(each.row, each.name, each.email) for each in read(content=content).pupils]


@pytest.mark.parametrize(
    "content",
    [
        "Nom;Prénom;E-mail\nRoux;Léa;lea@ecole.example\n",
        "\ufeffNom,Prénom,Courriel\nRoux,Léa,LEA@ecole.example\n",
        'Vorname\tName\tE-Mail\n"Léa"\tRoux\t<lea@ecole.example>\n',
        "First name,Last name,Email,Group\nLéa,Roux,lea@ecole.example,A\n",
        "\r\nName;Mail\r\n  Léa   Roux ;lea@ecole.example;\r\n",
        "Nom;Prénom;E-mail\nRoux;Léa;lea@ecole.example".encode("cp1252"),
    ],
    ids=["french", "mark-and-commas", "german-tabs", "english", "blank-first", "windows"],
)
def test_headings_separators_and_encodings_of_spreadsheets_are_read(content: str | bytes) -> None:
    (pupil,) = found(content)
    assert pupil[1:] == ("Léa Roux", "lea@ecole.example")


def test_without_headings_names_alone_are_enough_and_rows_are_counted_from_one() -> None:
    assert found("Léa\n\nTom;tom@ecole.example\n'-Zoé\n-;Max\n") == [
        (1, "Léa", ""),
        (3, "Tom", "tom@ecole.example"),
        (4, "-Zoé", ""),
        (5, "Max", ""),
    ]


def test_a_name_in_quotes_may_hold_the_separator() -> None:
    assert found('Name;E-mail\n"Roux; Léa";\n') == [(2, "Roux; Léa", "")]


def test_bad_rows_are_told_with_line_and_reason_and_lose_nobody_else() -> None:
    roster = read(
        content=(
            "Name;E-mail\nLéa;\n=1+1;\n+33;\nTom;@SUM(A1)\nPia;pia\n;\nlea;\nMax;max@e.example\n"
            f"Maxi;MAX@e.example\n;;x\n{'a' * 121};\nOle;\n"
        ).encode(),
        names=["Ole"],
    )
    assert [each.name for each in roster.pupils] == ["Léa", "Max"]
    assert [(bad.row, type(bad.why)) for bad in roster.bad] == [
        (3, CellIsFormula),
        (4, CellIsFormula),
        (5, CellIsFormula),
        (6, EmailUnreadable),
        (8, PupilTwice),
        (10, PupilTwice),
        (11, NameMissing),
        (12, NameTooLong),
        (13, PupilThere),
    ]
    assert "=1+1" in str(roster.bad[0].why)
    assert roster.bad[3].cells == "Pia · pia"


def test_files_that_are_no_lists_are_refused_as_a_whole() -> None:
    for refusal, content in [
        (SheetIsEmpty, b"\xef\xbb\xbf \n;;\n"),
        (SheetNotText, b"PK\x03\x04\x00\x00"),
        (SheetTooLarge, b"a" * 1_000_001),
        (RosterTooMany, b"a\n" * 5_001),
    ]:
        with pytest.raises(refusal):
            read(content=content)


@pytest.mark.django_db
def test_a_preview_changes_nothing_and_the_list_is_added_in_one_change(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines, seats=3)
    listed(of, "Tom")
    roster = enlisting.preview(of=of, content=b"Name\nTom\nLea\nPia\n", by=ines.actor())
    assert (len(roster.pupils), [each.row for each in roster.bad]) == (2, [2])
    assert Place.objects.count() == 1
    before = Event.objects.count()
    enlisting.add(of=of, pupils=roster.pupils, tell=True, by=ines.actor(), now=NOW)
    assert (of.free(), Event.objects.count() - before) == (0, 1)
    with pytest.raises(RosterEmpty):
        enlisting.add(of=of, pupils=roster.pupils, by=ines.actor(), now=NOW)
    with pytest.raises(Missing):
        enlisting.preview(of=of, content=b"x", by=campus.student.actor())


@pytest.mark.django_db
def test_a_list_longer_than_the_class_adds_nobody(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines, seats=2)
    roster = enlisting.preview(of=of, content=b"Lea\nTom\nPia\n", by=ines.actor())
    with pytest.raises(RosterTooLong):
        enlisting.add(of=of, pupils=roster.pupils, by=ines.actor(), now=NOW)
    assert of.free() == 2
    classes.alter(of=of, wanted=wanted(seats=3), by=ines.actor(), now=NOW)
    assert len(enlisting.add(of=of, pupils=roster.pupils, by=ines.actor(), now=NOW)) == 3


def test_five_thousand_rows_are_read() -> None:
    rows = "".join(f"Pupil {number};p{number}@school.example\n" for number in range(4_999))
    roster = read(content=f"Name;E-mail\n{rows}=bad;\n".encode())
    assert (len(roster.pupils), [each.row for each in roster.bad]) == (4_999, [5_001])
