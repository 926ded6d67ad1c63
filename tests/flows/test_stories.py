"""What an administrator and the people of a team do, in French, wide and narrow, with the keyboard alone.

Each story has a team of its own (tests/flows/scenes.py), so they run in any order. Axe looks at every page.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import DESKTOP, PHONE, Server, Visitor
from tests.flows import scenes
from tests.flows.scenes import PEOPLE, Scene
from tests.keyboard import Keyboard

pytestmark = pytest.mark.browser

JEANNE, KARIM, LEA, MAXIMILIEN = PEOPLE
Seat = Callable[..., Visitor]
Scenes = dict[str, dict[str, Scene]]


@pytest.fixture(scope="session")
def built(server: Server, chromium: Browser) -> Scenes:
    """Every team of the stories."""
    return scenes.build(server)


class Story:
    """One story at one width: its scene, and people who come with their hands on the keyboard."""

    def __init__(self, scene: Scene, seat: Seat, width: int) -> None:
        self.scene, self.seat = scene, seat
        self.viewport = DESKTOP if width == DESKTOP["width"] else PHONE
        self.here = f"/teams/{scene['team']}/"

    def come(self, who: str, path: str) -> Keyboard:
        """Let somebody open a page, signed in."""
        visitor = self.seat(language="fr", viewport=self.viewport)
        cookie = {"name": "licet", "value": self.scene[who], "url": visitor.server.url}
        visitor.context.add_cookies([cookie])
        visitor.open(path)
        hands = Keyboard(visitor)
        hands.look()
        return hands


@pytest.fixture(params=[DESKTOP["width"], PHONE["width"]])
def story(request: pytest.FixtureRequest, built: Scenes, visitor: Seat) -> Story:
    """The scene that is named like the test, at one width."""
    name = str(request.function.__name__).split("_")[1]
    return Story(built[name][str(request.param)], visitor, request.param)


def box(hands: Keyboard, person: str) -> str:
    """Return the name of a person's box of the first product."""
    return hands.says("License of %(product)s for %(person)s", product="Structure", person=person)


def is_ticked(hands: Keyboard, person: str) -> bool:
    """Whether that box is ticked."""
    return hands.page.get_by_role("checkbox", name=box(hands, person)).is_checked()


def apply(hands: Keyboard, number: int) -> None:
    """Look at the effect that is shown, and apply so many changes."""
    hands.look()
    hands.follow(hands.counted("Apply %(number)s change", "Apply %(number)s changes", number))


def test_matrix_many_boxes_change_after_a_look_at_the_effect_and_back(story: Story) -> None:
    ines = story.come("owner", f"{story.here}matrix/")
    ines.press(box(ines, JEANNE))
    ines.press(box(ines, KARIM))
    ines.follow(ines.says("Show the effect"))
    assert ines.reads(ines.says("What will change"))
    assert ines.reads(ines.says("Nothing has happened yet."))
    apply(ines, 2)
    assert (is_ticked(ines, JEANNE), is_ticked(ines, KARIM)) == (False, True)
    ines.look()
    ines.follow(ines.says("See what undoing does"))
    ines.look()
    ines.follow(ines.says("Undo these changes"))
    assert (is_ticked(ines, JEANNE), is_ticked(ines, KARIM)) == (True, False)


def test_paste_a_list_of_people_gets_a_product(story: Story) -> None:
    ines = story.come("owner", f"{story.here}matrix/")
    ines.follow(ines.says("Paste addresses"))
    ines.look()
    emails = story.scene["emails"]
    ines.to_field("people")
    ines.page.keyboard.type(f"Karim <{emails[KARIM]}>; nobody@elsewhere.example")
    ines.press("Structure")
    ines.follow(ines.says("Show the effect"))
    assert ines.reads("nobody@elsewhere.example")
    apply(ines, 1)
    assert is_ticked(ines, KARIM)


def test_sheet_is_downloaded_changed_and_read_with_its_errors(story: Story, tmp_path: Path) -> None:
    ines = story.come("owner", f"{story.here}matrix/")
    ines.follow(ines.says("Spreadsheet"))
    ines.look()
    ines.to(ines.says("Download for Excel"))
    with ines.page.expect_download() as download:
        ines.page.keyboard.press("Enter")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    heads, *rows = text.splitlines()
    column = heads.split(";").index(story.scene["products"][0])
    changed = [heads]
    for row in rows:
        cells = row.split(";")
        if story.scene["emails"][KARIM] in row:
            cells[column] = "oui"
        if story.scene["emails"][LEA] in row:
            cells[column] = "peut-être"
        changed.append(";".join(cells))
    sheet = tmp_path / "licences.csv"
    sheet.write_text("\n".join(changed), encoding="utf-8-sig")
    ines.to(ines.says("CSV file"))
    # which file: that is chosen in a window of the operating system
    ines.page.locator("input[type=file]").set_input_files(sheet)
    ines.follow(ines.says("Show the effect"))
    assert ines.reads(ines.counted("%(number)s row was left out", "%(number)s rows were left out", 1))
    apply(ines, 1)
    assert (is_ticked(ines, KARIM), is_ticked(ines, LEA)) == (True, False)


def test_projects_somebody_who_lacks_a_license_gets_one_with_one_click(story: Story) -> None:
    ines = story.come("owner", f"{story.here}projects/")
    ines.follow(ines.says("New project"))
    ines.look()
    ines.to_field("name")
    ines.page.keyboard.type("École du Quai")
    ines.press("Structure")
    ines.follow(ines.says("Make the project"))
    ines.look()
    ines.follow(ines.says("Add people"))
    ines.look()
    ines.to_field("emails")
    ines.page.keyboard.type(f"{story.scene['emails'][KARIM]}, neue@elsewhere.example")
    ines.follow(ines.says("Add", context="people"))
    assert ines.reads("neue@elsewhere.example")
    ines.look()
    assign = ines.says("Assign a license of %(product)s to %(person)s", product="Structure", person=KARIM)
    ines.follow(assign)
    assert ines.page.get_by_role("button", name=assign).count() == 0
    assert ines.says("Needs a license of %(product)s", product="Structure") not in (
        ines.page.get_by_role("row").filter(has_text=KARIM).inner_text()
    )
    ines.look()


def test_waiting_people_ask_are_given_and_the_line_serves_itself(story: Story) -> None:
    asked = []
    for place, name in enumerate((KARIM, LEA), start=1):
        person = story.come(name, "/account/licenses/")
        person.follow(person.says("Request a license of %(product)s", product="Structure"))
        person.look()
        person.write(person.says("What do you need it for?"), "Le gymnase")
        person.follow(person.says("Send the request"))
        assert person.page.locator("main").get_by_text(re.compile(rf"\b{place}\.")).count()
        person.look()
        asked.append(person)
    karim, lea = asked
    ines = story.come("owner", f"{story.here}members/")
    ines.press(box(ines, JEANNE))
    give = ines.says("Give %(person)s a license", person=KARIM)
    expect(ines.page.get_by_role("button", name=give)).to_be_enabled()
    ines.follow(give)
    assert is_ticked(ines, KARIM)
    karim.page.reload()
    assert karim.page.get_by_role("heading", name="Structure").count() == 1
    karim.look()
    ines.to(ines.says("A license that becomes free goes to the first in line by itself"))
    with ines.page.expect_navigation(wait_until="load"):
        ines.page.keyboard.press("Space")
    ines.look()
    ines.press(box(ines, KARIM))
    expect(ines.page.get_by_role("checkbox", name=box(ines, KARIM))).not_to_be_checked()
    for _ in range(40):
        lea.page.wait_for_timeout(500)
        lea.page.reload()
        if lea.page.get_by_role("heading", name="Structure").count():
            break
    else:
        raise AssertionError("nobody served the line")


def test_shortage_who_stays_is_chosen(story: Story) -> None:
    ines = story.come("owner", story.here)
    ines.follow(ines.says("Choose who keeps a license"))
    ines.look()
    loses = ines.says("Would lose it")
    assert loses in ines.page.get_by_role("row").filter(has_text=LEA).inner_text()
    ines.press(ines.says("%(person)s keeps the license", person=LEA))
    ines.follow(ines.says("Save"))
    assert loses not in ines.page.get_by_role("row").filter(has_text=LEA).inner_text()
    assert loses in ines.page.get_by_role("row").filter(has_text=JEANNE).inner_text()
    ines.look()


def test_owners_hand_over_somebody_leaves_and_the_history_tells(story: Story) -> None:
    ines = story.come("owner", f"{story.here}people/{story.scene['members'][JEANNE]}/")
    ines.to_field("role")
    for _ in range(2):
        ines.page.keyboard.press("ArrowDown")
    ines.follow(ines.says("Save the role"))
    ines.look()
    ines.press(ines.says("Hand over: I step back"))
    ines.follow(ines.says("Send the offer"))
    ines.look()

    jeanne = story.come(JEANNE, "/invitations/")
    jeanne.follow(jeanne.says("See the invitation to %(team)s", team=story.scene["name"]))
    jeanne.look()
    jeanne.follow(jeanne.says("Accept", context="invitation"))
    jeanne.look()
    ines.visitor.open(f"{story.here}people/{story.scene['members'][JEANNE]}/")
    assert ines.reads(ines.says("Only an owner can change the role of an owner."))

    karim = story.come(KARIM, story.here)
    karim.follow(karim.says("Leave this team"))
    karim.look()
    karim.follow(karim.says("Leave the team"))
    assert karim.page.locator(f"a[href*='{story.scene['team']}']").count() == 0
    karim.look()

    read_the_history(jeanne, story)
    see_the_use(jeanne, story)


def read_the_history(jeanne: Keyboard, story: Story) -> None:
    """Narrow it, and take it along as a file."""
    jeanne.visitor.open(f"{story.here}history/")
    jeanne.look()
    assert jeanne.reads(KARIM)
    jeanne.to(jeanne.says("Who did it"))
    jeanne.page.keyboard.type(KARIM[:3])
    jeanne.page.wait_for_url("**/history/*member=*")
    rows = jeanne.page.locator("main tbody tr")
    assert rows.count() == 2  # came and went
    jeanne.to(jeanne.says("Export as CSV"))
    with jeanne.page.expect_download() as download:
        jeanne.page.keyboard.press("Enter")
    assert KARIM in Path(download.value.path()).read_text(encoding="utf-8-sig")


def see_the_use(jeanne: Keyboard, story: Story) -> None:
    """A chart, and the same as a table."""
    jeanne.visitor.open(f"{story.here}usage/")
    jeanne.look()
    jeanne.press(jeanne.says("The same as a table"), key="Enter")
    expect(jeanne.page.locator("main details table")).to_be_visible()
    jeanne.look()


def test_archive_a_team_goes_and_comes_back(story: Story) -> None:
    ines = story.come("owner", f"{story.here}settings/")
    ines.follow(ines.says("Archive the team"))
    ines.look()
    ines.follow(ines.says("Archive the team"))
    ines.look()
    ines.follow(ines.says("To my account"))
    ines.look()
    ines.follow(ines.says("Bring the team %(team)s back", team=story.scene["name"]))
    ines.look()
    ines.follow(ines.says("Bring the team back"))
    assert story.scene["team"] in ines.page.url
    ines.look()
