"""Five hundred changes at once, against writing the same rows by plain SQL in one transaction."""

from itertools import cycle

from bench.frame import Figure, prepare, seconds

CHANGES = 500
BRACKETS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def main() -> list[Figure]:
    """Give and take back in turn, through the verb; the floor writes into tables without any index."""
    prepare()
    from django.conf import settings
    from django.db import connection, transaction
    from django.test import override_settings
    from django.test.utils import CaptureQueriesContext
    from tests.world import World

    from licet.eventlog.models import Delivery, Event
    from licet.licenses.models import Pool
    from licet.seats import bulk
    from licet.seats.models import Seat
    from licet.seats.wishes import Mode, Wish

    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        world = World()
        pool = world.licenses(seats=CHANGES).pool
        crowd, team, by = world.crowd(world.team, CHANGES), world.team, world.alice.actor()
        turns = cycle([True, False])

        def change() -> None:
            held = next(turns)
            wishes = [Wish(each.public_id, pool.product.code, held) for each in crowd]
            done = bulk.apply(team=team, wishes=wishes, mode=Mode.ALL_OR_NOTHING, by=by, now=world.now)
            assert done.effects.changes == CHANGES

        def rows() -> int:
            return Seat.objects.count() + Event.objects.count() + Delivery.objects.count()

        change()  # everybody holds one: these are the rows that the floor writes again
        tables = [model._meta.db_table for model in (Seat, Event, Delivery)]
        copies = {table: _read(connection, table=table, most=CHANGES) for table in tables}
        change()

        def plain() -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE {Pool._meta.db_table} SET held = held WHERE id = %s", [pool.pk])
                for table, (columns, lines) in copies.items():
                    scratch = f"bench_{table}"
                    marks = ", ".join(["%s"] * len(columns))
                    cursor.executemany(
                        f"INSERT INTO {scratch} ({', '.join(columns)}) VALUES ({marks})", lines
                    )

        for table in tables:
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE TABLE bench_{table} AS SELECT * FROM {table} WHERE 1 = 0")
        before = rows()
        with CaptureQueriesContext(connection) as captured:
            change()
        written = rows() - before
        change()
        statements = sum(not each["sql"].startswith(BRACKETS) for each in captured.captured_queries)
        engine = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[-1]
        wishes = [Wish(each.public_id, pool.product.code, True) for each in crowd]
        floor = seconds(plain, times=2) * 1000
        return [
            Figure(
                what=f"bulk: {CHANGES} changes ({engine})",
                value=seconds(change, times=2) * 1000,
                unit="ms",
                floor=floor,
                floor_of="the same rows by plain SQL",
            ),
            Figure(
                what="bulk: the effect, before anything happens",
                value=seconds(lambda: bulk.effects(team=team, wishes=wishes, by=by, now=world.now), times=2)
                * 1000,
                unit="ms",
                floor=floor,
                floor_of="the same rows by plain SQL",
            ),
            Figure(
                what=f"bulk: statements for {CHANGES} changes",
                value=statements,
                unit="statements",
                floor=20 + written / 100,
                floor_of="20, and one per 100 rows",
                most=1.0,
            ),
        ]


def _read(connection: object, *, table: str, most: int) -> tuple[list[str], list[tuple[object, ...]]]:
    """Return the columns and the last rows of a table."""
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"SELECT * FROM {table} ORDER BY id DESC LIMIT {most}")
        return [each[0] for each in cursor.description], list(cursor.fetchall())
