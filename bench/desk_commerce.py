"""The vendor's desk with ten thousand orders: search, lists, a customer, figures; all middleware included."""

from datetime import timedelta
from typing import Any

from bench.frame import Figure, prepare, seconds

ORDERS = 10_000


def main() -> list[Figure]:
    """Measure time and statements in this process, without a socket; sign-in included."""
    prepare()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client, override_settings
    from django.test.utils import CaptureQueriesContext
    from tests.orders.conftest import Shop
    from tests.world import World

    call_command("collectstatic", verbosity=0, interactive=False)
    hasher = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}
    with override_settings(ALLOWED_HOSTS=["testserver"], **hasher):
        world = World()
        order = Shop(world).place()
        client = Client()
        client.force_login(world.victor)
        pages: dict[str, tuple[str, dict[str, str]]] = {
            "search a name": ("/desk/search/", {"q": "ustomer"}),
            "search a VAT number": ("/desk/search/", {"q": "FR 40 303 265 045"}),
            "customers": ("/desk/customers/", {}),
            "one customer": (f"/desk/customers/{world.team.public_id}/", {}),
            "orders": ("/desk/orders/", {}),
            "overdue orders": ("/desk/orders/?show=late", {}),
            "contracts": ("/desk/contracts/", {}),
            "figures": ("/desk/figures/", {}),
        }

        def ask(name: str) -> None:
            path, body = pages[name]
            answer = client.post(path, body) if body else client.get(path)
            assert answer.status_code == 200, (name, answer.status_code)

        def statements(name: str) -> int:
            with CaptureQueriesContext(connection) as captured:
                ask(name)
            return len(captured)

        _crowd(order, 100)
        for name in pages:
            ask(name)  # the first answer of a process reads more
        few = {name: statements(name) for name in pages}
        _crowd(order, ORDERS - 100)
        floor = seconds(lambda: client.get("/no-such-page-"), times=10) * 1000
        engine = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[-1]
        figures = []
        for name in pages:
            value = seconds(lambda name=name: ask(name), times=3, rounds=3) * 1000  # type: ignore[misc]
            figures.append(
                Figure(
                    what=f"desk, {name}, {ORDERS} orders ({engine})",
                    value=value,
                    unit="ms",
                    floor=floor,
                    floor_of="a 404 page",
                )
            )
            figures.append(
                Figure(
                    what=f"desk, {name}: statements",
                    value=statements(name),
                    unit="statements",
                    floor=few[name],
                    floor_of="the same with a hundredth of the orders",
                    most=1,
                )
            )
        return figures


def _crowd(order: Any, number: int) -> None:
    """Write so many teams of one person, each with an order, a contract, a license and an invoice."""
    from licet.accounts.models import Person
    from licet.invoices.models import Invoice, SellerEntity, Series, Standing
    from licet.kernel.ids import new_id
    from licet.licenses.models import License, Pool
    from licet.orders.models import Contract, Order
    from licet.teams.models import Member, Team

    first = Order.objects.count() + 1
    span = range(first, first + number)
    seller, _made = SellerEntity.objects.get_or_create(code="main")
    series, _made = Series.objects.get_or_create(seller=seller, year=2026, kind="380")
    people = Person.objects.bulk_create(
        Person(email=f"customer{n}@home.example", full_name=f"Person {n}") for n in span
    )
    teams = Team.objects.bulk_create(Team(name=f"Customer {n}", created_at=order.placed_at) for n in span)
    pairs = list(zip(span, teams, people, strict=True))
    Member.objects.bulk_create(
        Member(team=team, person=person, role="owner", joined_at=order.placed_at)
        for _n, team, person in pairs
    )
    old = Pool.objects.get(team=order.team)
    pools = Pool.objects.bulk_create(Pool(team=team, product=old.product) for team in teams)
    model = License.objects.get(team=order.team)
    License.objects.bulk_create(
        License(
            team=pool.team,
            pool=pool,
            seats=3,
            issued_at=model.issued_at,
            valid_from=model.valid_from,
            valid_until=model.valid_until,
            usable_until=model.usable_until,
            terms=model.terms,
        )
        for pool in pools
    )

    def copy(row: Any, **values: Any) -> Any:
        kept = {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}
        return type(row)(**{**kept, "id": None, **values})

    def moved(n: int) -> timedelta:
        return timedelta(days=n % 330)

    contract = Contract.objects.get(team=order.team)
    Contract.objects.bulk_create(
        copy(
            contract,
            public_id=new_id(prefix="con"),
            number=100_000 + n,
            team_id=team.pk,
            ends_on=contract.ends_on - moved(n),
        )
        for n, team, _person in pairs
    )
    Order.objects.bulk_create(
        copy(
            order,
            public_id=new_id(prefix="ord"),
            number=200_000 + n,
            team_id=team.pk,
            placed_by_id=person.pk,
            checkout_key=f"crowd-{n:08}",
            reference=f"RF00C{n}",
            state="paid" if n % 10 else "placed",
            placed_at=order.placed_at - moved(n),
            due_on=order.due_on - moved(n),
            billed_to={**order.billed_to, "company": f"Customer {n} SARL", "vat_number": f"FR{n:011}"},
        )
        for n, team, person in pairs
    )
    invoices = Invoice.objects.bulk_create(
        Invoice(
            number=f"CROWD-{n}",
            series=series,
            position=1_000_000 + n,
            kind="380",
            team=team,
            buyer=person,
            snapshot={},
            language="fr",
            issued_on=(order.placed_at - moved(n)).date(),
            due_on=order.due_on,
            currency="EUR",
            net_minor=order.net_minor,
            tax_minor=order.tax_minor,
            gross_minor=order.gross_minor,
            hash=str(n),
            issued_at=order.placed_at,
        )
        for n, team, person in pairs
    )
    Standing.objects.bulk_create(Standing(invoice=each) for each in invoices)
