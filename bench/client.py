"""The application's side: what importing the client costs a start, and how long verifying offline takes.

The import counts against an interpreter that imports nothing; the verification is `Client.status`:
reading the stored state, two Ed25519 signatures, every check of docs/lease-format.md.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from bench.frame import Figure, prepare, seconds

STARTS = 15
IMPORT_MS, VERIFY_MS = 100, 2
"""What issue and README promise."""


def main() -> list[Figure]:
    """Measure both."""
    prepare()  # the vectors are made by the server's own rules
    with tempfile.TemporaryDirectory(prefix="licet-bench-") as folder:
        verified = _verify(Path(folder))
    imported = max(0.001, _start("import licet_client") - _start("pass"))
    return [
        Figure(
            what="client: import", value=imported * 1e3, unit="ms", floor=IMPORT_MS, floor_of="target", most=1
        ),
        Figure(
            what="client: verify a stored lease offline",
            value=verified * 1e3,
            unit="ms",
            floor=VERIFY_MS,
            floor_of="target",
            most=1,
        ),
    ]


def _start(code: str) -> float:
    """Return the median seconds of an interpreter that runs this line, from start to end."""
    took = []
    for _ in range(STARTS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def _verify(folder: Path) -> float:
    from tests.signing import vectors

    from licet_client import Client

    document = vectors.document()
    good = document["vectors"][0]
    now = vectors.NOW + timedelta(seconds=30)
    client = Client(
        vectors.ISSUER, vectors.AUDIENCE, roots=document["roots"], folder=folder, clock=now.timestamp
    )
    stored = {"lease": good["lease"], "certificate": good["certificate"], "renew_key": ""}
    state = {
        "seen": document["now"],
        "device": {"jkt": vectors.DEVICE},
        "leases": {f"main/{vectors.PRODUCT}": stored},
    }
    client._state.folder.mkdir(parents=True)
    (client._state.folder / "state.json").write_text(json.dumps(state))
    assert client.status(vectors.PRODUCT).product == vectors.PRODUCT
    return seconds(lambda: client.status(vectors.PRODUCT), times=50)
