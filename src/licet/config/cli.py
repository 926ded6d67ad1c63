"""`licet`: the one command line, for operators. It wraps Django's commands and adds its own."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from licet import __version__

COMMANDS: dict[str, str] = {
    "run": "start the web server and the worker; on an empty database, with the demonstration",
    "migrate": "bring the database's tables up to this version",
    "worker": "work through what follows from events: mails and the like",
    "gateway": "answer applications' calls alone, beside the web server, for large installations",
    "catalog": "check or import the vendor's catalog and brand from its TOML file",
    "payments": "take a large bank statement in; say which ways of paying work",
    "keys": "the keys that sign: status, rotation, roots kept apart, export and restore, revocation",
    "institutions": "the directory of schools and of their mailboxes' domains: bring lists in from files",
    "education": "uploaded papers: see that they are read and destroyed as they should",
    "reassignments": "let a team give used licenses to other people at once, as an exception",
    "account": "close somebody's account with all its sign-ins, or open it again",
    "staff": "make a person one of the vendor's staff, or end that",
    "demo": "load the demonstration: an invented vendor, its customer and their people",
    "exchange": "bring exchange rates in, for the VAT of invoices in another currency",
    "coupons": "make, list and withdraw codes that lower prices in the shop",
    "invoices": "check that no invoice was touched, or hold one against the rules of its standard",
    "verify_events": "check the event log's hash chain",
    "clearsessions": "delete sessions that have ended (once a day)",
    "check": "check the settings (with --deploy: for production)",
}

APART = {("keys", "ceremony"), ("keys", "certify")}
"""Run where no server is: nothing is made there but what they are asked for."""

INTRODUCTION = f"""\
Licet {__version__}, the self-hosted license desk of a software vendor.

usage: licet COMMAND [options]        licet COMMAND --help tells more
"""

ENVIRONMENT = """\
The environment decides where things are (NAME_FILE may name a file that holds the value):
  LICET_URL          the address under which people reach it; without it, Licet runs as a
                     demonstration for this machine alone
  DATABASE_URL       postgresql://...; else a SQLite file in the data folder
  LICET_DATA         the data folder (default: ./var)
  LICET_DOCUMENTS    where applicants' papers lie, encrypted (default: documents in the data folder)
  LICET_CLAMD_ADDRESS
                     a virus scanner for papers, unix:/run/clamav/clamd.ctl or host:3310; none: no scanner
  LICET_VIES         check VAT numbers with the EU member states: off (default), on, or an address
  LICET_EXCHANGE_RATES
                     exchange rates of the central bank: ecb, an https address, or a file; read by the worker
  LICET_MAIL_URL     smtp://user:password@host:587?tls=yes&from=licenses@vendor.example
  LICET_INVOICE_DROP a folder into which every invoice is put (PDF and UBL), for a platform to fetch
  LICET_PAYMENTS     how customers may pay: invoice stripe sepa_debit (default: invoice)
  LICET_STRIPE_KEY, LICET_STRIPE_WEBHOOK_SECRET
                     the two secrets of Stripe; LICET_SEPA_CREDITOR: the creditor identifier for debits
  LICET_SECRET_KEY   signs sessions and links
  LICET_MASTER_KEY   encrypts the signing keys and what is derived from it; earlier ones stand in
                     LICET_MASTER_KEY_FALLBACKS until licet keys reseal has run
"""


def main() -> None:
    """Run one command; without one, say which there are."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "licet.config.settings")
    arguments = sys.argv[1:]
    if not arguments or (arguments[0] in {"-h", "--help", "help"} and len(arguments) == 1):
        sys.stdout.write(overview())
        return
    if arguments[0] in {"-V", "--version", "version"}:
        sys.stdout.write(f"{__version__}\n")
        return
    if tuple(arguments[:2]) not in APART:
        provide_secrets(data=Path(os.environ.get("LICET_DATA", "var")))
    execute_from_command_line(["licet", *arguments])


def overview() -> str:
    """Return what `licet --help` prints."""
    width = max(map(len, COMMANDS)) + 2
    lines = "".join(f"  {name:<{width}}{text}\n" for name, text in COMMANDS.items())
    return f"{INTRODUCTION}\n{lines}\n{ENVIRONMENT}"


def provide_secrets(*, data: Path) -> None:
    """Point the settings to the two secret files of the data folder, which are made where they are missing.

    Only for a secret that the environment does not give. The files are readable by their
    owner alone; losing `master.key` means losing the signing keys, so back both up.
    """
    # Imported late: chance is drawn here, at the outermost edge, and nowhere below.
    from base64 import urlsafe_b64encode
    from secrets import token_bytes

    for variable, name in (("LICET_SECRET_KEY", "secret.key"), ("LICET_MASTER_KEY", "master.key")):
        if os.environ.get(variable) or os.environ.get(f"{variable}_FILE"):
            continue
        path = data / name
        if not path.exists():
            data.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(urlsafe_b64encode(token_bytes(32)) + b"\n")
        os.environ[f"{variable}_FILE"] = str(path.resolve())
