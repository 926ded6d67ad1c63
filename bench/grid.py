"""The seat grid: a page of 200 people, and the tick of one box, through all of the middleware."""

from itertools import cycle

from bench.frame import Figure, prepare, seconds

PEOPLE = 200


def main() -> list[Figure]:
    """Measure time and statements in this process, without a socket; sign-in included."""
    prepare()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client, override_settings
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse
    from tests.world import World

    call_command("collectstatic", verbosity=0, interactive=False)
    hasher = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}
    with override_settings(ALLOWED_HOSTS=["testserver"], **hasher):
        world = World()
        pool = world.licenses(seats=PEOPLE).pool
        members = world.people(world.team, PEOPLE - 1)
        for member in members[::2]:
            world.seat(pool, member)
        client = Client()
        client.force_login(world.alice)
        here = [world.team.public_id, world.product.code]
        page = reverse("team_members", args=here)
        boxes = cycle(reverse("seat_toggle", args=[*here, each.public_id]) for each in members[1::2])
        turns = cycle([{"wanted": "on"}, {}])
        box = next(boxes)

        def tick() -> None:
            answer = client.post(box, next(turns), headers={"HX-Request": "true"})
            assert answer.status_code == 200

        def statements(path: str, body: dict[str, str] | None) -> int:
            with CaptureQueriesContext(connection) as captured:
                if body is None:
                    client.get(path)
                else:
                    client.post(path, body, headers={"HX-Request": "true"})
            brackets = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
            return sum(not each["sql"].startswith(brackets) for each in captured.captured_queries)

        assert client.get(page).status_code == 200
        floor = seconds(lambda: client.get("/no-such-page-"), times=20)
        engine = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[-1]
        return [
            Figure(
                what=f"grid of {PEOPLE} people ({engine})",
                value=seconds(lambda: client.get(page), times=10) * 1000,
                unit="ms",
                floor=floor * 1000,
                floor_of="a 404 page",
            ),
            Figure(what="grid: statements", value=statements(page, None), unit="statements"),
            Figure(
                what="tick of one box",
                value=seconds(tick, times=20) * 1000,
                unit="ms",
                floor=floor * 1000,
                floor_of="a 404 page",
            ),
            Figure(
                what="tick: statements", value=statements(next(boxes), {"wanted": "on"}), unit="statements"
            ),
        ]
