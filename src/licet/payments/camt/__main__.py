"""The child's program; see `licet.payments.camt`."""

import json
import os
import sys

from licet.kernel import confining
from licet.payments.camt import parsing

MOST_OUTPUT = 200_000_000
CPU_SECONDS = 60


def main() -> None:
    """Give everything up, read the file, say what is in it; the last line is the end or the fault."""
    confining.limit(output=MOST_OUTPUT, cpu_seconds=CPU_SECONDS)
    walls = {"network": confining.leave_network(), "files": confining.leave_files()}
    out = sys.stdout
    out.write(json.dumps({"kind": "walls", **walls}) + "\n")
    try:
        for each in parsing.read(sys.stdin.buffer.read()):
            out.write(json.dumps(each) + "\n")
    except parsing.Unreadable as why:
        out.write(json.dumps({"kind": "fault", "fault": str(why)}) + "\n")
    else:
        out.write(json.dumps({"kind": "end"}) + "\n")
    out.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
