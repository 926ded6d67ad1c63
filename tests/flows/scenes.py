"""The teams of the stories, built through the verbs in the data folder of a running server.

Run as a program (`python -m tests.flows.scenes`, with LICET_DATA and DJANGO_SETTINGS_MODULE in its
surroundings) it builds one team for each story and width, signs their people in, and prints where to find
them as JSON. It is a process of its own, because the tests' own Django stands on another database.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.browser import Server
    from tests.world import World

WIDTHS = (1280, 390)
PEOPLE = ("Jeanne Morel", "Karim Haddad", "Léa Fournier", "Maximilien de la Tour-Beaumarchais")
Scene = dict[str, Any]


def build(server: "Server") -> dict[str, dict[str, Scene]]:
    """Build every scene beside this server; return them by story and width."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.flows.scenes"],
        env={
            **os.environ,
            "LICET_DATA": str(server.folder / "data"),
            "DJANGO_SETTINGS_MODULE": "licet.config.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    found: dict[str, dict[str, Scene]] = json.loads(ran.stdout.splitlines()[-1])
    return found


class Stage:
    """One team: its owner Inès, and people of a French studio; all signed in."""

    def __init__(self, world: "World", story: str, width: int) -> None:
        self.world = world
        self.mark = f"{story}{width}"
        self.owner = self._person("Inès Caron")
        self.team = world.found(f"Atelier {story.capitalize()} {width}", owner=self.owner)
        self.people: dict[str, Any] = {}
        self.made: Scene = {
            "team": self.team.public_id,
            "name": self.team.name,
            "owner": signed_in(self.owner),
            "emails": {},
            "members": {},
        }

    def _person(self, name: str) -> Any:
        email = f"{name.split(maxsplit=1)[0].lower()}.{self.mark}@studio.example"
        return self.world.person(email.replace("è", "e").replace("é", "e"), name, language="fr")

    def join(self, *names: str) -> "Stage":
        """Let these people belong to the team."""
        for name in names:
            person = self._person(name)
            self.people[name] = self.world.join(self.team, person, by=self.owner.actor())
            self.made[name] = signed_in(person)
            self.made["emails"][name] = person.email
            self.made["members"][name] = self.people[name].public_id
        return self

    def pool(self, seats: int, *, which: int = 0, **options: Any) -> Any:
        """Issue licenses of a product to the team."""
        product = self.world.catalog[which]
        license = self.world.licenses(self.team, product, seats, **options)
        self.made.setdefault("products", []).append(product.code)
        return license.pool

    def hold(self, pool: Any, *names: str) -> None:
        """Give these people a license."""
        for name in names:
            self.world.seat(pool, self.people[name], by=self.owner)


def lists(stage: Stage) -> None:
    """Four people, two products; of the first one is free, and one is held."""
    stage.join(*PEOPLE)
    pool = stage.pool(3)
    stage.pool(2, which=1)
    stage.hold(pool, PEOPLE[0], PEOPLE[3])


def projects(stage: Stage) -> None:
    """Two people, one license that is free."""
    stage.join(*PEOPLE[:2])
    stage.pool(1)


def waiting(stage: Stage) -> None:
    """One license, which Jeanne holds; two want it."""
    stage.join(*PEOPLE[:3])
    stage.hold(stage.pool(1), PEOPLE[0])


def shortage(stage: Stage) -> None:
    """Three who hold a license, two of which end in three weeks."""
    stage.join(*PEOPLE[:3])
    start = stage.world.now - timedelta(days=300)
    pool = stage.pool(1)
    stage.pool(2, valid_from=start, valid_until=stage.world.now + timedelta(days=21))
    stage.hold(pool, *PEOPLE[:3])


def owners(stage: Stage) -> None:
    """An owner and three others, one with a license."""
    stage.join(*PEOPLE[:3])
    stage.hold(stage.pool(2), PEOPLE[0])


def archive(stage: Stage) -> None:
    """A team of which nothing runs."""
    stage.join(PEOPLE[0])


SCENES: dict[str, Callable[[Stage], None]] = {
    "matrix": lists,
    "paste": lists,
    "sheet": lists,
    "projects": projects,
    "waiting": waiting,
    "shortage": shortage,
    "owners": owners,
    "archive": archive,
}


def signed_in(person: Any) -> str:
    """Return the cookie of a session of this person."""
    from django.conf import settings
    from django.test import Client

    browser = Client()
    browser.force_login(person)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def main() -> None:
    """Build all of it and print it."""
    import django

    from licet.config.cli import provide_secrets

    provide_secrets(data=Path(os.environ["LICET_DATA"]))
    django.setup()
    from django.conf import settings

    # nobody signs in with a password here; hashing fifty of them as for a site takes a minute
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from licet.kernel import clock
    from tests.world import World

    world = World(now=clock.read())
    made: dict[str, dict[str, Scene]] = {}
    for story, dress in SCENES.items():
        for width in WIDTHS:
            stage = Stage(world, story, width)
            dress(stage)
            made.setdefault(story, {})[str(width)] = stage.made
    print(json.dumps(made))


if __name__ == "__main__":
    main()
