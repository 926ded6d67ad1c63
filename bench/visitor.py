"""Somebody in a browser: one page after the other, as fast as they come, through one kept connection.

    python -m bench.visitor --port 8703 --cookie ... --seconds 5 /account/licenses/ ...

Prints the seconds that each page took, as JSON. A process of its own, so that the load does not count.
"""

import argparse
import http.client
import itertools
import json
import time


def main() -> None:
    """Visit until the time is over."""
    parser = argparse.ArgumentParser(description="Look at pages.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--cookie", required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--pause", type=float, default=0.1, help="seconds between two pages")
    parser.add_argument("pages", nargs="+")
    asked = parser.parse_args()
    line = http.client.HTTPConnection("127.0.0.1", asked.port)
    took, end = [], time.perf_counter() + asked.seconds
    for page in itertools.cycle(asked.pages):
        start = time.perf_counter()
        if start > end:
            break
        line.request("GET", page, headers={"Cookie": asked.cookie, "Accept-Language": "en"})
        answer = line.getresponse()
        body = answer.read()
        assert answer.status == 200, (page, answer.status, body[:200])
        took.append(time.perf_counter() - start)
        time.sleep(asked.pause)
    print(json.dumps(took))


if __name__ == "__main__":
    main()
