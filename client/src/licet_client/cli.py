"""The command line: sign in, check out, look, renew, release, sign out."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from licet_client.client import Client, Profile
from licet_client.elsewhere import Elsewhere
from licet_client.errors import LicetError, NotSignedIn, Refused, Unreachable
from licet_client.keeping import Standing
from licet_client.lease import Lease
from licet_client.sentences import language_of_system, say
from licet_client.state import data_folder

REFUSED, USAGE, NOT_SIGNED_IN, UNREACHABLE = 1, 2, 3, 4

EPILOG = """\
The first command is sign-in; it remembers server and application for the ones after it:

  licet-client --server https://licenses.vendor.example --application my-app sign-in
  licet-client checkout my-product
  licet-client status
  licet-client run my-product my-program --its-own-option

Exit status (of run: the program's own): 0 fine, 1 refused or not valid,
2 wrong usage, 3 not signed in, 4 server not reachable.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="licet-client",
        description="Use the licenses that your team gave you, from this computer.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--server", help="address of the license server (or LICET_SERVER)")
    top.add_argument("--application", help="id of the application (or LICET_APPLICATION)")
    top.add_argument("--folder", type=Path, help="where to keep keys and leases (default: your data folder)")
    top.add_argument(
        "--roots", type=_roots, metavar="FILE", help="JSON file of the vendor's root keys, to pin them"
    )
    top.add_argument("--json", action="store_true", help="answer with JSON, for programs")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    sign_in = commands.add_parser("sign-in", help="sign in through the browser and register this device")
    sign_in.add_argument("--no-browser", action="store_true", help="print the address instead of opening it")
    sign_in.add_argument("--elsewhere", action="store_true", help="use a browser on another device")
    sign_in.add_argument("--timeout", type=float, default=300, help="seconds to wait for the browser (300)")
    for name, text in (
        ("checkout", "get a lease of a product"),
        ("renew", "renew the lease of a product"),
        ("release", "give the lease of a product back"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("product", metavar="PRODUCT")
        if name == "checkout":
            _circumstances(command)
    activate = commands.add_parser("activate", help="sign in with a license code in place of an account")
    activate.add_argument("code", metavar="CODE", help="as it was sent to you; spaces and case do not matter")
    _journeys(commands)
    run = commands.add_parser("run", help="keep a lease alive while another program runs")
    run.add_argument("product", metavar="PRODUCT")
    run.add_argument("program", metavar="PROGRAM", nargs=argparse.REMAINDER, help="and its arguments")
    run.add_argument("--stop", action="store_true", help="end the program when the license is lost")
    status = commands.add_parser("status", help="verify what is stored here, without network")
    status.add_argument("product", metavar="PRODUCT", nargs="?", help="one product (default: all)")
    commands.add_parser("sign-out", help="give all leases back and forget everything on this computer")
    return top


def _circumstances(command: argparse.ArgumentParser) -> None:
    command.add_argument("--project", default="", help="the project worked on, where the license demands one")
    command.add_argument(
        "--instead-of", default="", metavar="DEVICE", help="release this one of your devices, to make room"
    )


def _journeys(commands: Any) -> None:
    """Add the commands for working without network."""
    borrow = commands.add_parser("borrow", help="take a lease along, to work without network")
    borrow.add_argument("product", metavar="PRODUCT")
    borrow.add_argument("--days", type=int, default=7, help="for so many days (7)")
    _circumstances(borrow)
    request = commands.add_parser(
        "request-file", help="ask for a lease by a file, from a computer without network"
    )
    request.add_argument("product", metavar="PRODUCT")
    request.add_argument("file", metavar="FILE", type=Path, help="what to take to My licenses in the portal")
    request.add_argument("--days", type=int, default=7, help="for so many days (7)")
    accept = commands.add_parser("accept-file", help="read the answer that the portal gave")
    accept.add_argument("product", metavar="PRODUCT")
    accept.add_argument("file", metavar="FILE", type=Path)
    bring = commands.add_parser("return-file", help="end the lease here, and write a file that gives it back")
    bring.add_argument("product", metavar="PRODUCT")
    bring.add_argument("file", metavar="FILE", type=Path)


def _roots(path: str) -> list[dict[str, Any]]:
    """Read root keys: a list of JWK, or the server's whole /.well-known/jwks.json."""
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
        keys = found["roots"] if isinstance(found, dict) else found
        return [dict(key) for key in keys]
    except (OSError, ValueError, TypeError, KeyError):
        raise argparse.ArgumentTypeError(f"{path} is no file of root keys") from None


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    top = parser()
    asked = top.parse_args(arguments)
    folder = asked.folder or data_folder()
    server, application = _whom(asked, folder)
    if not server or not application:
        top.error("say --server and --application the first time")
    sys.exit(_run(asked, server=server, application=application, folder=folder))


def _run(asked: argparse.Namespace, *, server: str, application: str, folder: Path) -> int:
    language = language_of_system()
    try:
        client = Client(server, application, folder=folder, roots=asked.roots)
        return Commands(client, asked, folder=folder).run()
    except LicetError as error:
        devices = error.problem.get("devices", []) if isinstance(error, Refused) else []
        if asked.json:
            told = {"code": error.code, "detail": error.sentence(language), "fixed_by": error.fixed_by}
            _out({**told, "devices": devices} if devices else told)
        else:
            _line(error.sentence(language), sys.stderr)
            for device in devices:  # what --instead-of takes
                _line(f"  {device['device']}  {device['name']}", sys.stderr)
        return _status_of(error)
    except OSError as error:  # a file that the user named
        _line(f"{error.filename}: {error.strerror}", sys.stderr)
        return USAGE


def _status_of(error: LicetError) -> int:
    if isinstance(error, NotSignedIn):
        return NOT_SIGNED_IN
    if isinstance(error, Unreachable) or (isinstance(error, Refused) and error.status >= 500):
        return UNREACHABLE
    return REFUSED


class Commands:
    """What each command does and says."""

    def __init__(self, client: Client, asked: argparse.Namespace, *, folder: Path) -> None:
        self.client = client
        self.asked = asked
        self.folder = folder
        self.program: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        """Run the command that was asked for; return the exit status."""
        calls = {"run": self.run_program}
        call = calls.get(self.asked.command) or getattr(self, self.asked.command.replace("-", "_"))
        result: int = call()
        return result

    def sign_in(self) -> int:
        """Sign in, remember whom with."""
        if self.asked.elsewhere:
            profile = self.client.sign_in_elsewhere(show=self._print_code)
        else:
            show = self._print_address if self.asked.no_browser else None
            profile = self.client.sign_in(show=show, timeout=self.asked.timeout)
        return self._signed_in(profile)

    def activate(self) -> int:
        """Sign in with a license code, remember whom with."""
        return self._signed_in(self.client.activate(self.asked.code))

    def _signed_in(self, profile: Profile) -> int:
        _remember(self.client, self.folder)
        values = {"id": profile.id, "name": profile.name, "products": list(profile.products)}
        products = ", ".join(profile.products)
        text = self._say("your_products", products=products) if products else self._say("no_products")
        return self._told(values, f"{self._say('signed_in', name=profile.name)}\n{text}")

    def checkout(self) -> int:
        """Get a lease."""
        return self._lease(self.client.checkout(self.asked.product, **self._where()))

    def renew(self) -> int:
        """Renew a lease."""
        return self._lease(self.client.renew(self.asked.product))

    def release(self) -> int:
        """Give a lease back."""
        self.client.release(self.asked.product)
        return self._told({"released": self.asked.product}, self._say("released", product=self.asked.product))

    def borrow(self) -> int:
        """Take a lease along."""
        return self._lease(self.client.borrow(self.asked.product, until=self._until(), **self._where()))

    def _where(self) -> dict[str, str]:
        return {"project": self.asked.project, "instead_of": self.asked.instead_of}

    def request_file(self) -> int:
        """Write a request."""
        text = self.client.request_file(self.asked.product, until=self._until())
        return self._written(text, "request_written")

    def accept_file(self) -> int:
        """Read an answer."""
        text = self.asked.file.read_text(encoding="utf-8", errors="replace")
        return self._lease(self.client.accept_file(self.asked.product, text))

    def return_file(self) -> int:
        """Write what gives a lease back."""
        return self._written(self.client.return_file(self.asked.product), "return_written")

    def _until(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=self.asked.days)

    def _written(self, text: str, code: str) -> int:
        self.asked.file.write_text(text + "\n", encoding="utf-8")
        return self._told({"file": str(self.asked.file)}, self._say(code, file=str(self.asked.file)))

    def run_program(self) -> int:
        """Run another program under a lease; return its exit status."""
        with self.client.keep(self.asked.product, on_change=self._changed) as keeper:
            if not keeper.standing.may_run and keeper.standing.error:
                raise keeper.standing.error
            self.program = subprocess.Popen(self.asked.program)  # noqa: S603  (what the user asked for)
            return self.program.wait()

    def _changed(self, standing: Standing) -> None:
        if standing.error and self.program:
            _line(standing.error.sentence(self.client.language), sys.stderr)
            if self.asked.stop and not standing.may_run:
                self.program.terminate()

    def sign_out(self) -> int:
        """Forget everything here."""
        self.client.sign_out()
        return self._told({"signed_out": True}, self._say("signed_out"))

    def status(self) -> int:
        """Verify one stored lease, or all."""
        products = [self.asked.product] if self.asked.product else self.client.products()
        if not products:
            return self._told({"leases": []}, self._say("nothing"))
        worst, rows, lines = 0, [], []
        for product in products:
            try:
                lease = self.client.status(product)
            except LicetError as error:
                worst = REFUSED
                rows.append({"product": product, "valid": False, "code": error.code})
                lines.append(f"{product}: {error.sentence(self.client.language)}")
            else:
                rows.append(_values(lease))
                lines.append(self._line(lease))
        self._told({"leases": rows}, "\n".join(lines))
        return worst

    def _lease(self, lease: Lease) -> int:
        return self._told(_values(lease), self._line(lease))

    def _line(self, lease: Lease) -> str:
        end = f"{lease.expires_at.astimezone():%Y-%m-%d %H:%M}"
        features = ", ".join(sorted(lease.features)) or "-"
        return self._say("lease_good", product=lease.product, end=end, features=features)

    def _say(self, code: str, **values: str) -> str:
        return say(code, self.client.language, **values)

    def _print_address(self, address: str) -> None:
        stream = sys.stderr if self.asked.json else sys.stdout
        _line(f"{self._say('open_address')}\n{address}", stream)

    def _print_code(self, found: Elsewhere) -> None:
        stream = sys.stderr if self.asked.json else sys.stdout
        _line(self._say("open_elsewhere", address=found.address, shown=found.code), stream)

    def _told(self, values: dict[str, Any], text: str) -> int:
        if self.asked.json:
            _out(values)
        else:
            _line(text, sys.stdout)
        return 0


def _values(lease: Lease) -> dict[str, Any]:
    return {
        "product": lease.product,
        "valid": True,
        "lease": lease.id,
        "edition": lease.edition,
        "features": sorted(lease.features),
        "expires_at": lease.expires_at.isoformat(),
        "renew_after": lease.renew_after.isoformat(),
        "license_until": lease.license_until.isoformat(),
    }


def _line(text: str, stream: TextIO) -> None:
    stream.write(text + "\n")
    stream.flush()


def _out(values: dict[str, Any]) -> None:
    _line(json.dumps(values, ensure_ascii=False), sys.stdout)


def _remember(client: Client, folder: Path) -> None:
    path = folder / "last.json"
    path.write_text(
        json.dumps({"server": client.server, "application": client.application}), encoding="utf-8"
    )


def _whom(asked: argparse.Namespace, folder: Path) -> tuple[str, str]:
    try:
        last = json.loads((folder / "last.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        last = {}
    server = asked.server or os.environ.get("LICET_SERVER") or last.get("server", "")
    return server, asked.application or os.environ.get("LICET_APPLICATION") or last.get("application", "")
