"""What the checkout costs the server: its two pages and the order, in time and in statements."""

import secrets
import time

from bench.frame import Figure, prepare, seconds

ADDRESS = {
    "buyer": "business",
    "company": "Atelier Nord SARL",
    "name": "Alice Martin",
    "street": "1 rue Haute",
    "postal_code": "67000",
    "city": "Strasbourg",
    "country": "FR",
}


def main() -> list[Figure]:
    """Measure in this process, through all of the middleware, without a socket; five products are bought."""
    prepare()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client, override_settings
    from django.test.utils import CaptureQueriesContext
    from tests.world import World

    from licet.catalog.models import Plan
    from licet.catalog.queries import seller

    world = World()
    assert world.catalog
    call_command("collectstatic", verbosity=0, interactive=False)
    browser, team = Client(), world.team
    browser.force_login(world.alice)

    def fill() -> None:
        for plan in Plan.objects.offered().filter(period="year").select_related("product")[:5]:
            browser.post("/basket/add/", {"product": plan.product.code, "plan": plan.code, "quantity": "3"})
        browser.post("/checkout/", {"team": team.public_id, "team_name": "", **ADDRESS})

    def order() -> float:
        review = browser.get("/checkout/review/").content.decode()
        shown = review.split('name="shown" value="')[1].split('"')[0]
        start = time.perf_counter()
        answer = browser.post(
            "/checkout/review/",
            {"checkout_key": secrets.token_urlsafe(24), "shown": shown, "terms": seller().terms.version},
        )
        assert answer.status_code == 302, answer.content[:200]
        return time.perf_counter() - start

    figures = []
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        fill()
        floor = seconds(lambda: browser.get("/no-such-page-"), times=10)
        for what, path in {"team and address": "/checkout/", "check and order": "/checkout/review/"}.items():
            assert browser.get(path).status_code == 200
            spent = seconds(lambda path=path: browser.get(path), times=10)  # type: ignore[misc]
            with CaptureQueriesContext(connection) as asked:
                browser.get(path)
            figures += [
                Figure(
                    what=f"checkout, {what}",
                    value=spent * 1000,
                    unit="ms",
                    floor=floor * 1000,
                    floor_of="a 404 page",
                ),
                Figure(what=f"checkout, {what}: statements", value=len(asked), unit="statements"),
            ]
        took = []
        for _ in range(5):
            fill()
            took.append(order())
        figures.append(Figure(what="checkout, order of 5 products", value=sorted(took)[2] * 1000, unit="ms"))
    return figures
