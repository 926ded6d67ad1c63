"""What a license's terms demand of a check-out and of a renewal, each with a sentence that helps."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from licet.eventlog.models import Event
from licet.leases.models import Lease
from licet.licenses.models import License
from licet.projects import actions as projects
from licet.projects.models import Project, ProjectMember
from licet.projects.states import ProjectRole
from licet.seats import actions as seats
from licet.teams.models import Member
from licet.teams.states import Role
from tests.doorway import Machine, Reply
from tests.gateway.conftest import Scene, stage
from tests.leases.borrowing import borrow
from tests.world import World

DAY = timedelta(days=1)


def ask(machine: Machine, scene: Scene, **more: Any) -> Reply:
    return machine.call(
        "/v1/leases/checkout",
        {"product": scene.product.code, **more},
        proof=machine.proof(),
        authorization=f"DPoP {machine.token}",
    )


def later(machine: Machine, now: datetime) -> Machine:
    machine.now = now
    return machine


# --- how long ------------------------------------------------------------------------------------


def test_a_lease_says_how_long_an_outage_may_be_bridged(world: World) -> None:
    scene = stage(world, outage_hours=12)
    claims = ask(scene.machine(), scene).claims
    assert claims["outage_until"] == claims["exp"] + 12 * 3600


def test_no_outage_is_bridged_beyond_the_grace_of_the_license(scene: Scene) -> None:
    end = scene.world.now + timedelta(hours=5)
    License.objects.update(valid_until=scene.world.now + timedelta(hours=2), usable_until=end)
    claims = ask(scene.machine(), scene).claims
    assert claims["outage_until"] == claims["grace_until"] == int(end.timestamp())


def test_the_vendor_may_bridge_no_outage_at_all(world: World) -> None:
    scene = stage(world, outage_hours=0)
    claims = ask(scene.machine(), scene).claims
    assert claims["outage_until"] == claims["exp"]


# --- borrowed --------------------------------------------------------------------------------------


def lent(scene: Scene) -> tuple[Machine, Reply]:
    """Borrow for nine days, then ask for the lease again, online."""
    machine = scene.machine(name="Laptop")
    borrow(machine, scene.product, until=scene.world.now + 9 * DAY)
    return machine, ask(machine, scene)


def test_checking_out_what_is_borrowed_gets_the_borrowed_lease_again(scene: Scene) -> None:
    _machine, reply = lent(scene)
    assert reply.claims["mode"] == "offline"
    assert reply.claims["exp"] == int((scene.world.now + 9 * DAY).timestamp())
    assert Lease.objects.filter(released_at=None).count() == 1


def test_renewing_a_borrowed_lease_keeps_its_end(scene: Scene) -> None:
    machine, reply = lent(scene)
    renewed = later(machine, scene.world.now + DAY).renew(reply)
    assert renewed.status == 200, renewed.values
    assert (renewed.claims["mode"], renewed.claims["exp"]) == ("offline", reply.claims["exp"])
    assert renewed.claims["outage_until"] == renewed.claims["exp"]


def test_after_its_date_a_borrowed_lease_is_over_and_the_next_one_is_online(scene: Scene) -> None:
    machine, reply = lent(scene)
    machine.row.expires_at = scene.world.now + 20 * DAY
    machine.row.save()
    later(machine, scene.world.now + 9 * DAY)
    assert machine.renew(reply).code == "lease_ended"
    assert ask(machine, scene).claims["mode"] == "online"


def test_a_borrowed_lease_is_returned_and_not_released(scene: Scene) -> None:
    machine, reply = lent(scene)
    refused = machine.release(reply)
    assert (refused.status, refused.code) == (409, "lease_borrowed")
    assert Lease.objects.get(released_at=None).borrowed_until is not None


def test_a_seat_taken_back_ends_renewals_of_a_borrowed_lease_too(scene: Scene) -> None:
    machine, reply = lent(scene)
    seats.release(seat=scene.seat, by=scene.world.alice.actor(), now=scene.world.now)
    assert machine.renew(reply).code == "seat_released"


# --- another device in its favour ----------------------------------------------------------------


def two(world: World) -> tuple[Scene, Machine, Machine, Reply]:
    """One device is allowed and in use; the second one asks."""
    scene = stage(world, devices_per_person=1)
    desk, laptop = scene.machine(name="Desk"), scene.machine(name="Laptop")
    running = ask(desk, scene)
    return scene, desk, laptop, running


def test_the_refusal_lists_devices_and_one_call_takes_the_place_of_one(world: World) -> None:
    scene, desk, laptop, running = two(world)
    refused = ask(laptop, scene)
    assert refused.code == "device_limit"
    assert "release one of them here" in refused.values["detail"]
    [device] = refused.values["devices"]
    assert device == {
        "device": desk.device.public_id,
        "name": "Desk",
        "until": running.claims["exp"],
        "borrowed": False,
    }
    assert ask(laptop, scene, instead_of=device["device"]).status == 200
    assert desk.renew(running).code == "lease_ended"
    told = Event.objects.get(name="device.released")
    assert (told.team, told.actor_id) == (world.team.pk, world.bob.pk)


def test_where_there_is_room_nothing_is_released(scene: Scene) -> None:
    desk, laptop = scene.machine(name="Desk"), scene.machine(name="Laptop")
    running = ask(desk, scene)
    assert ask(laptop, scene, instead_of=desk.device.public_id).status == 200
    assert desk.renew(running).status == 200


def test_another_persons_device_cannot_be_released(world: World) -> None:
    scene, _desk, laptop, _running = two(world)
    world.seat(scene.pool, world.member(world.alice))
    hers = scene.machine(world.alice, name="Hers")
    ask(hers, scene)
    refused = ask(laptop, scene, instead_of=hers.device.public_id)
    assert refused.code == "not_that_device"
    assert Lease.objects.filter(device=hers.device, released_at=None).exists()


def test_what_goes_on_offline_cannot_be_released_in_favour_of_another(world: World) -> None:
    scene = stage(world, devices_per_person=1)
    laptop = scene.machine(name="Laptop")
    borrow(laptop, scene.product, until=world.now + DAY)
    refused = ask(scene.machine(name="Desk"), scene, instead_of=laptop.device.public_id)
    assert (refused.code, refused.values["devices"][0]["borrowed"]) == ("device_borrows", True)
    assert "Laptop has borrowed" in refused.values["detail"]


# --- the release of the application --------------------------------------------------------------


def test_a_release_of_the_covered_time_runs_until_the_license_ends(world: World) -> None:
    scene = stage(world, maintenance_days=10)
    last = (world.now + 9 * DAY).date()
    reply = ask(later(scene.machine(), world.now), scene, released_on=last.isoformat())
    assert reply.status == 200, reply.values
    assert reply.claims["maintenance_until"] == int((world.now + 10 * DAY).timestamp())


def test_a_younger_release_is_refused_and_told_which_one_may_run(world: World) -> None:
    scene = stage(world, maintenance_days=10)
    refused = ask(scene.machine(), scene, released_on="2026-06-01")
    assert (refused.status, refused.code) == (410, "maintenance_ended")
    assert "covers releases until 12 March 2026; this one is of 1 June 2026" in refused.values["detail"]
    assert refused.values["fixed_by"] == "team_admin"


@pytest.mark.parametrize("terms", [{}, {"maintenance_days": 10}])
def test_who_does_not_say_which_release_it_is_is_not_asked(world: World, terms: dict[str, Any]) -> None:
    scene = stage(world, **terms)
    reply = ask(scene.machine(), scene)
    assert reply.status == 200
    assert ("maintenance_until" in reply.claims) == bool(terms)


@pytest.mark.parametrize("day", ["yesterday", 20260601, "", "2026-13-01"])
def test_a_day_that_is_none_is_the_applications_mistake(scene: Scene, day: object) -> None:
    assert ask(scene.machine(), scene, released_on=day).code == "bad_member"


# --- a project -----------------------------------------------------------------------------------


def project_of(scene: Scene, role: ProjectRole | None = ProjectRole.EDITOR) -> Project:
    """Return a project of Alice's team; Bob is in it with this role."""
    world = scene.world
    made = projects.create(team=world.team, name="Harbour", by=world.alice.actor(), now=world.now)
    if role is not None:
        projects.add(
            project=made, member=world.member(world.bob), role=role, by=world.alice.actor(), now=world.now
        )
    return made


def test_a_license_for_projects_is_given_to_members_of_the_project(world: World) -> None:
    scene = stage(world, project_required=True)
    project = project_of(scene)
    reply = ask(scene.machine(), scene, project=project.public_id)
    assert reply.status == 200, reply.values
    assert reply.claims["project"] == project.public_id
    assert Lease.objects.get().project == project


def test_without_a_project_it_asks_for_one(world: World) -> None:
    scene = stage(world, project_required=True)
    for more in ({}, {"project": "prj_nothing"}):
        refused = ask(scene.machine(), scene, **more)
        assert (refused.status, refused.code) == (409, "project_needed")


def test_who_is_no_member_is_told_who_can_change_that(world: World) -> None:
    scene = stage(world, project_required=True)
    refused = ask(scene.machine(), scene, project=project_of(scene, role=None).public_id)
    assert (refused.status, refused.code) == (403, "project_member_required")
    assert refused.values["fixed_by"] == "project_admin"
    assert "Harbour" in refused.values["detail"]
    assert Event.objects.get(name="lease.denied").team == world.team.pk


def test_an_archived_project_gives_no_lease(world: World) -> None:
    scene = stage(world, project_required=True)
    project = project_of(scene)
    projects.archive(project=project, by=world.alice.actor(), now=world.now)
    refused = ask(scene.machine(), scene, project=project.public_id)
    assert (refused.status, refused.code, refused.values["fixed_by"]) == (410, "project_rests", "team_admin")


def test_who_is_removed_from_the_project_stops_at_the_next_renewal(world: World) -> None:
    scene = stage(world, project_required=True)
    project, machine = project_of(scene), scene.machine()
    reply = ask(machine, scene, project=project.public_id)
    reply = machine.renew(reply)
    assert (reply.status, reply.claims["project"]) == (200, project.public_id)
    ProjectMember.objects.filter(project=project, member__person=world.bob).update(left_at=world.now)
    assert machine.renew(reply).code == "project_member_required"


def test_where_no_project_is_demanded_none_is_read(scene: Scene) -> None:
    reply = ask(scene.machine(), scene, project="prj_nothing")
    assert reply.status == 200
    assert "project" not in reply.claims


# --- whose log a denial stands in ------------------------------------------------------------------


def denied_in(scene: Scene, machine: Machine) -> int:
    ask(machine, scene)
    return Event.objects.get(name="lease.denied").team


def test_a_denial_stands_in_the_log_of_the_team_that_could_help(scene: Scene) -> None:
    seats.release(seat=scene.seat, by=scene.world.alice.actor(), now=scene.world.now)
    assert denied_in(scene, scene.machine()) == scene.world.team.pk


def test_a_denial_of_somebody_who_never_had_a_seat_does_too(scene: Scene) -> None:
    assert denied_in(scene, scene.machine(scene.world.alice)) == scene.world.team.pk


def test_what_could_be_of_two_teams_stands_in_the_installations(scene: Scene) -> None:
    world = scene.world
    world.licenses(team=world.other_team)
    Member.objects.create(team=world.other_team, person=world.alice, role=Role.MEMBER, joined_at=world.now)
    assert denied_in(scene, scene.machine(world.alice)) == 0


def test_a_denial_of_a_stranger_stands_in_the_installations(scene: Scene) -> None:
    assert denied_in(scene, scene.machine(scene.world.charlie)) == 0
