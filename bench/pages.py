"""What a page costs: the shop's first page against an answer that Django gives without doing anything."""

from bench.frame import Figure, prepare, seconds


def main() -> list[Figure]:
    """Measure in this process, through all of the middleware, without a socket."""
    prepare()
    from django.core.management import call_command
    from django.test import Client, override_settings
    from tests.world import World

    world = World()
    assert world.catalog
    call_command("collectstatic", verbosity=0, interactive=False)
    client = Client()
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        assert client.get("/").status_code == 200
        page = seconds(lambda: client.get("/"), times=30)
        floor = seconds(lambda: client.get("/no-such-page-", headers={"host": "testserver"}), times=30)
    return [
        Figure(
            what="first page of the shop",
            value=page * 1000,
            unit="ms",
            floor=floor * 1000,
            floor_of="a 404 page",
        )
    ]
