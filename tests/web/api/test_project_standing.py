"""What applications are told of a person in a project."""

from typing import Any

import pytest
from django.test import Client

from licet.projects.models import Project
from licet.projects.states import ProjectRole
from tests.connect.desktop import Desktop, registered
from tests.projects.shared import project, working
from tests.world import World


def ask(world: World, where: Project | str, product: str, *, as_whom: Any = None) -> Any:
    token = Desktop(as_whom or world.bob).sign_in()["access_token"]
    name = where if isinstance(where, str) else where.public_id
    return Client().get(
        f"/api/v1/projects/{name}/standing",
        {"product": product},
        headers={"Authorization": f"Bearer {token}"},
    )


def test_it_says_who_can_fix_what_is_missing(world: World) -> None:
    registered(products=[world.product.code])
    where = project(world)
    working(world, where, world.member(world.bob))
    answer = ask(world, where, world.product.code).json()
    assert answer.pop("detail").startswith(f"You need a license of {world.product.name}")
    assert answer == {
        "project": where.public_id,
        "product": world.product.code,
        "permitted": False,
        "role": "editor",
        "code": "license_required",
        "fixed_by": "team_admin",
    }


def test_it_says_that_nothing_is_missing(world: World) -> None:
    registered(products=[world.product.code])
    where = project(world)
    working(world, where, world.member(world.bob), ProjectRole.VIEWER)
    answer = ask(world, where, world.product.code).json()
    assert (answer["permitted"], answer["role"], answer["code"]) == (True, "viewer", None)


def test_a_member_of_the_team_reads_that_the_project_is_closed_to_him(world: World) -> None:
    registered(products=[world.product.code])
    answer = ask(world, project(world), world.product.code).json()
    assert (answer["permitted"], answer["role"]) == (False, None)
    assert (answer["code"], answer["fixed_by"]) == ("project_member_required", "project_admin")


@pytest.mark.parametrize("product", ["", "unknown", "x" * 3000])
def test_a_product_that_is_not_the_applications_is_not_there(world: World, product: str) -> None:
    registered(products=[world.product.code])
    where = project(world)
    working(world, where, world.member(world.bob))
    answer = ask(world, where, product or world.other_product.code)
    assert (answer.status_code, answer.json()["code"]) == (404, "missing")


def test_a_stranger_learns_nothing_of_a_project(world: World) -> None:
    registered(products=[world.product.code])
    for where in (project(world), "prj_unknown"):
        answer = ask(world, where, world.product.code, as_whom=world.charlie)
        assert (answer.status_code, answer.json()["code"]) == (404, "missing")
