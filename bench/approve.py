"""Approving a hundred requests: statements and time of each, license, seat and codes included."""

import statistics
import time

from bench.frame import Figure, prepare

CASES = 100


def main() -> list[Figure]:
    """Approve in this process, through the verb; the tenth and the hundredth take the same statements."""
    prepare()
    from django.db import connection
    from django.test import override_settings
    from django.test.utils import CaptureQueriesContext
    from tests.education.conftest import Campus, chances
    from tests.world import World

    from licet.education import deciding

    hasher = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}
    with override_settings(**hasher):
        campus = Campus(World())
        by, now = campus.victor.actor(), campus.world.now
        counts, times = [], []
        for number in range(CASES):
            person = campus.world.person(f"applicant{number}@home.example", f"Applicant {number}")
            case = campus.claimed(campus.sent(person))
            began = time.perf_counter()
            with CaptureQueriesContext(connection) as captured:
                deciding.approve(case=case, year=None, ticks={}, chances=chances(), by=by, now=now)
            times.append(time.perf_counter() - began)
            counts.append(len(captured))
    return [
        Figure(
            what=f"approving {CASES} requests: statements of the last one",
            value=counts[-1],
            unit="statements",
            floor=counts[9],
            floor_of="the tenth one",
            most=1,
        ),
        Figure(what="approving a request, p50", value=statistics.median(times) * 1000, unit="ms"),
    ]
