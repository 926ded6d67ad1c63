"""The education desk's queue with fifty thousand requests that wait, through all of the middleware."""

from datetime import timedelta

from bench.frame import Figure, prepare, seconds

CASES = 50_000
MOST_MS = 50


def main() -> list[Figure]:
    """Measure time and statements in this process, without a socket; sign-in included."""
    prepare()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client, override_settings
    from django.test.utils import CaptureQueriesContext
    from tests.world import World

    call_command("collectstatic", verbosity=0, interactive=False)
    hasher = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}
    with override_settings(ALLOWED_HOSTS=["testserver"], **hasher):
        world = World()
        client = Client()
        client.force_login(world.victor)
        page = "/desk/education/"

        def statements() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(page).status_code == 200
            return len(captured)

        _crowd(world, CASES // 1000)
        statements()  # the first answer of a process reads more
        few = statements()
        _crowd(world, CASES - CASES // 1000)
        floor = seconds(lambda: client.get("/no-such-page-"), times=20)
        value = seconds(lambda: client.get(page), times=10) * 1000
        engine = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[-1]
        return [
            Figure(
                what=f"desk queue of {CASES} requests ({engine}; at most {MOST_MS} ms)",
                value=value,
                unit="ms",
                floor=floor * 1000,
                floor_of="a 404 page",
            ),
            Figure(
                what="desk queue: statements",
                value=statements(),
                unit="statements",
                floor=few,
                floor_of="the same with a thousandth of the requests",
                most=1,
            ),
        ]


def _crowd(world: object, number: int) -> None:
    """Put so many requests into the queue, of two programmes, four languages and sixteen countries."""
    from licet.accounts.models import Person
    from licet.education.models import Case, Programme
    from licet.kernel import clock

    now = clock.read()
    first = Person.objects.count()
    people = Person.objects.bulk_create(
        Person(email=f"crowd{first + n}@home.example", full_name=f"Applicant {first + n}")
        for n in range(number)
    )
    programmes = [
        Programme.objects.get_or_create(code=code, defaults={"names": {"en": code}})[0]
        for code in ("campus", "classroom")
    ]
    countries = [
        "FR",
        "DE",
        "AT",
        "CH",
        "BE",
        "IT",
        "ES",
        "PT",
        "NL",
        "PL",
        "GB",
        "US",
        "CA",
        "JP",
        "IN",
        "MA",
    ]
    Case.objects.bulk_create(
        Case(
            person=person,
            programme=programmes[n % 2],
            state=("queued", "queued", "queued", "second_opinion", "appeal")[n % 5],
            role="student",
            full_name=person.full_name,
            country=countries[n % 16],
            language=("fr", "en", "de", "it")[n % 4],
            institution_text=f"School {n % 300}",
            started_at=now,
            sent_at=now,
            queued_at=now - timedelta(minutes=n),
        )
        for n, person in enumerate(people)
    )
