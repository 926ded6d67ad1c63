"""A grant without a page, for a proof of another kind, such as a license code."""

from functools import partial

import pytest

from licet.connect import actions as connect
from licet.connect import ending
from licet.connect.errors import AccountClosed, ApplicationWithdrawn
from licet.connect.models import Application, Grant
from tests.connect.desktop import Desktop, registered
from tests.races import together
from tests.world import NOW, OPERATOR, World


def opened(world: World, **changed: object) -> Grant:
    asked: dict[str, object] = {
        "person": world.alice,
        "application": Application.objects.get(),
        "device_name": "Desk\n7",
        "access": "lat_x",
        "refresh": "lrt_x",
    }
    return connect.grant_directly(**{**asked, **changed}, by=OPERATOR, now=world.now)  # type: ignore[arg-type]


def test_its_tokens_work_like_any_others(world: World) -> None:
    registered()
    grant = opened(world)
    assert (grant.device_name, grant.scope) == ("Desk 7", "licenses")
    alice = Desktop(world.alice)
    assert alice.me("lat_x").json()["id"] == world.alice.public_id
    assert alice.refresh("lrt_x").status_code == 200
    ending.end(grant=grant, by=world.alice.actor(), now=world.now)
    assert alice.me("lat_x").status_code == 401


def test_neither_a_withdrawn_application_nor_a_closed_account_gets_one(world: World) -> None:
    registered()
    world.alice.is_active = False
    world.alice.save()
    with pytest.raises(AccountClosed):
        opened(world)
    Application.objects.update(withdrawn_at=world.now)
    with pytest.raises(ApplicationWithdrawn):
        opened(world, person=world.charlie)
    assert not Grant.objects.exists()


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_no_grant_slips_through_while_the_account_is_closed() -> None:
    registered()
    world = World()
    person = world.alice
    outcomes = together(
        [
            *(partial(opened, world, access=f"lat_{n}", refresh=f"lrt_{n}") for n in range(4)),
            partial(ending.deactivate, person=person, by=OPERATOR, now=NOW),
        ]
    )
    assert {type(each.raised).__name__ for each in outcomes if each.raised} <= {"AccountClosed"}
    assert not Grant.objects.filter(ended_at=None).exists()
