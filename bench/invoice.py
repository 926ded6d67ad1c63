"""A complete invoice: from the document to the stored PDF/A-3 with its XML, and UBL beside it.

The floor is the same page drawn by the library alone, without archive, XML and store, in the same process.
"""

import resource
import statistics
import time

from bench.frame import Figure, prepare

TIMES = 15


def main() -> list[Figure]:
    """Measure time for one, warm, and what the process grew to."""
    prepare()
    from django.conf import settings
    from tests.invoices.conftest import finalised
    from tests.world import World

    from licet.invoices.formats.pdf import drawing
    from licet.invoices.formats.pdf.fetching import fetcher
    from licet.invoices.models import InvoiceFile
    from licet.invoices.rendering import prepare as prepare_files
    from licet.kernel.actor import system

    world, by = World(), system(label="bench")
    before = _peak()
    invoices = [finalised(world) for _ in range(TIMES + 2)]
    took, worked = [], []
    for invoice in invoices:
        started, began = time.perf_counter(), time.process_time()
        prepare_files(invoice=invoice, by=by, now=world.now)
        took.append(time.perf_counter() - started)
        worked.append(time.process_time() - began)
    assert InvoiceFile.objects.count() == 3 * len(invoices)

    html = drawing.page(document=invoices[0].document())
    code = drawing.transfer_code(document=invoices[0].document())
    fonts, sheet = drawing._style()
    floor = []
    for _ in range(5):
        started = time.perf_counter()
        page = drawing.library().HTML(string=html, base_url="static:/", url_fetcher=fetcher(code=code))
        page.write_pdf(stylesheets=[sheet], font_config=fonts)
        floor.append(time.perf_counter() - started)
    size = len(bytes(InvoiceFile.objects.filter(kind="pdf")[0].content))
    engine = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[-1]
    return [
        Figure(
            what=f"invoice, data to stored files, p50 ({engine})",
            value=statistics.median(took[2:]) * 1000,
            unit="ms",
            floor=statistics.median(floor) * 1000,
            floor_of="the page drawn by the library alone",
        ),
        Figure(what="invoice, processor time p50", value=statistics.median(worked[2:]) * 1000, unit="ms"),
        Figure(what="invoice, the first one of a process", value=took[0] * 1000, unit="ms"),
        Figure(what="invoice, peak memory of the process", value=_peak(), unit="MB"),
        Figure(what="invoice, of that before the first one", value=before, unit="MB"),
        Figure(what="invoice, size of the PDF", value=size / 1000, unit="kB"),
    ]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
