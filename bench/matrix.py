"""People x products: a page of the matrix for a thousand people and ten products."""

import copy

from bench.frame import Figure, prepare, seconds

PEOPLE = 1_000
PRODUCTS = 10


def main() -> list[Figure]:
    """Measure time, size and statements in this process, without a socket; sign-in included."""
    prepare()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client, override_settings
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse
    from tests.world import World

    from licet.seats import bulk
    from licet.seats.wishes import Mode, Wish

    call_command("collectstatic", verbosity=0, interactive=False)
    hasher = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}
    with override_settings(ALLOWED_HOSTS=["testserver"], **hasher):
        world = World()
        crowd = world.crowd(world.team, PEOPLE - 1)
        pools = []
        for number in range(PRODUCTS):
            product = copy.copy(world.product)
            if number:
                product.pk, product.code = None, f"product-{number}"
                product._state.adding = True
                product.save()
            pools.append(world.licenses(product=product, seats=PEOPLE).pool)
        for pool in pools[::2]:
            wishes = [Wish(each.public_id, pool.product.code, True) for each in crowd[::2]]
            by = world.alice.actor()
            bulk.apply(team=world.team, wishes=wishes, mode=Mode.ALL_OR_NOTHING, by=by, now=world.now)
        client = Client()
        client.force_login(world.alice)
        page = reverse("team_matrix", args=[world.team.public_id])
        answer = client.get(page)
        assert answer.status_code == 200
        assert answer.content.count(b'name="on"') == 1000
        with CaptureQueriesContext(connection) as captured:
            client.get(page)
        brackets = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
        statements = sum(not each["sql"].startswith(brackets) for each in captured.captured_queries)
        floor = seconds(lambda: client.get("/no-such-page-"), times=20) * 1000
        engine = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[-1]
        return [
            Figure(
                what=f"matrix of {PEOPLE} x {PRODUCTS}, a page ({engine})",
                value=seconds(lambda: client.get(page), times=5) * 1000,
                unit="ms",
                floor=floor,
                floor_of="a 404 page",
            ),
            Figure(what="matrix: statements", value=statements, unit="statements"),
            Figure(
                what="matrix: size of the answer",
                value=len(answer.content) / 1000,
                unit="kB",
                floor=300,
                floor_of="the most it may be",
                most=1.0,
            ),
        ]
