"""In French: a teacher makes a class, reads in its list, prints cards; a pupil joins by its code."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import DESKTOP, PHONE, Server
from tests.flows.campus import desk
from tests.flows.test_campus import CODE, Seat, seated

pytestmark = pytest.mark.browser

LIST = "Prénom;Nom;Courriel\nZoé;Muller;\nTom;=1+1;\nSamir;Amrani;samir@ecole.example\nJules;Klein;\n"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_teacher_makes_a_class_and_its_pupils_get_licenses(
    visitor: Seat, server: Server, viewport: dict[str, int]
) -> None:
    had = desk(server, "teacher", f"ines{viewport['width']}@lycee.example")
    ines = seated(visitor, had["session"], viewport=viewport)
    page = ines.page
    ines.open("/campus/classes/")
    ines.examine_both_schemes()
    ines.press("New class")
    page.get_by_label(ines.says("Name of the class")).fill("Seconde B")
    page.get_by_label(ines.says("Places", context="of a class")).fill("12")
    ines.examine_both_schemes()
    ines.press("Make the class")
    code = page.locator(".code-shown .mono").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", code)
    ines.examine_both_schemes()

    ines.press("Read in a list")
    ines.examine_both_schemes()
    file = {"name": "classe.csv", "mimeType": "text/csv", "buffer": LIST.encode("cp1252")}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    ines.press("Look at the list")
    expect(page.get_by_role("cell", name="Tom · =1+1")).to_be_visible()
    ines.examine_both_schemes()
    page.locator("button[name=add]").click()
    expect(page.get_by_role("row", name=re.compile("Zoé Muller"))).to_be_visible()
    ines.press("Make cards")
    ready = page.get_by_role("heading", name=ines.says("The cards are ready"))
    expect(ready).to_be_visible(timeout=30_000)
    ines.examine_both_schemes()
    ines.press("Print from the browser")
    expect(page.locator(".tickets article")).to_have_count(2)
    assert len(CODE.findall(page.locator(".tickets").inner_text())) == 4
    ines.examine_both_schemes()

    lea = seated(visitor, had["pupil"], viewport=viewport)
    lea.open("/campus/class/")
    lea.page.get_by_label(lea.says("Code of the class")).fill(code.lower())
    lea.examine_both_schemes()
    lea.press("Join the class")
    expect(lea.page).to_have_url(re.compile(r"/campus/requests/cas_[0-9a-z]+/$"))

    ines.press("Back to the class")
    page.get_by_role("checkbox", name=re.compile("Léa Roux")).check()
    ines.examine_both_schemes()
    page.locator("button[value=confirm]").click()
    lea.page.reload()
    lea.press("License and codes")
    expect(lea.page.get_by_text("Lycée du Rhin").first).to_be_visible()
