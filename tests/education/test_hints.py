"""What the text of a file says about name, institution and period; help, never a decision."""

from datetime import date

from licet.education.hints import Hint, hints

TODAY = date(2026, 11, 22)
PAPER = "CERTIFICAT DE SCOLARITÉ 2026-2027 Université du Rhin certifie que ROUX Nadia est inscrite"


def said(text: str, name: str = "Nadia Roux", school: str = "Universite du Rhin") -> dict[str, Hint]:
    return dict(hints(text=text, name=name, school=school, country="FR", today=TODAY))


def test_accents_case_and_order_do_not_count() -> None:
    assert said(PAPER) == {"name": Hint.FOUND, "institution": Hint.FOUND, "period": Hint.FOUND}


def test_a_part_of_a_name_is_said_to_be_one() -> None:
    assert said(PAPER, name="Nadia Muller")["name"] == Hint.PARTLY
    assert said(PAPER, name="Ada Bern")["name"] == Hint.NOT_FOUND


def test_another_year_is_another_year() -> None:
    assert said("Année 2024/2025")["period"] == Hint.DIFFERENT
    assert said("Année scolaire")["period"] == Hint.NOT_FOUND


def test_a_picture_says_nothing() -> None:
    assert said(" \n") == {}
