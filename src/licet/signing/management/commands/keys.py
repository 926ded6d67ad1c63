"""`licet keys`: the keys that the server signs with, from their root to their end."""

import os
import secrets
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from licet.kernel import clock
from licet.kernel.actor import system
from licet.kernel.refusal import Refusal
from licet.signing import actions, backup, ceremony, certification, checks, envelope, queries, rules
from licet.signing.errors import BadKeyFile
from licet.signing.health import health
from licet.signing.management.report import report
from licet.signing.states import SIGNING, Purpose

OPERATOR = system(label="licet keys")

HELP = """\
The keys that the server signs with. A root key certifies the others; applications know (pin) two roots.

Until you take them away, both roots lie sealed in the database: good for trying out. For production, make
them on a machine apart and keep them there:

  apart    licet keys ceremony roots/                makes two roots, each under a passphrase
  server   licet keys import root-1.public.json root-2.public.json
  server   licet keys request request.json           asks for certificates, for about a year
  apart    licet keys certify request.json --root roots/root-1.json
  server   licet keys import certificates.json

licet keys offline DIRECTORY does the same for roots that applications pin already.
docs/keys.md says what to do when something is lost or stolen.
"""


class Command(BaseCommand):
    """Read the arguments, call one verb, say what came of it."""

    help = HELP
    requires_system_checks = [checks.TAG]

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Keep the lines of the help as they are."""
        return super().create_parser(
            prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the subcommands."""
        commands = parser.add_subparsers(dest="what", required=True, metavar="COMMAND")

        def add(name: str, text: str, *, passphrase: bool = False) -> ArgumentParser:
            one = commands.add_parser(name, help=text, description=text)
            if passphrase:
                one.add_argument(
                    "--passphrase-file",
                    type=Path,
                    help="read the passphrase from this file instead of asking",
                )
            return one

        add("status", "say how things stand; exit code 0: good, 1: act within 30 days, 2: act now")
        add("list", "show every key and what it does")
        add("ensure", "make what is missing, replace what is due (safe at every start)")
        one = add("rotate", "let another key sign from now on; what the old one signed stays good")
        one.add_argument(
            "--purpose", choices=[p.value for p in SIGNING], help="only the key for this purpose"
        )
        one = add("revoke", "take all trust away from a key that was stolen, and replace it")
        one.add_argument("kid", nargs="?", help="the key, as licet keys list shows it")
        one.add_argument(
            "--all", action="store_true", help="every key but the roots: the server was taken over"
        )
        add("root", "make one more root key in the database")
        self._add_roots(add)
        self._add_safekeeping(add)

    def _add_roots(self, add: Callable[..., ArgumentParser]) -> None:
        one = add("ceremony", "on a machine apart: make two root keys in files", passphrase=True)
        one.add_argument("directory", type=Path, help="where to write them: four files, two of them public")
        one = add("request", "ask for certificates: write a request for the machine apart")
        one.add_argument("file", type=Path)
        turns = "for how many turns of 90 days (default: 4)"
        one.add_argument("--periods", type=int, default=certification.PERIODS, help=turns)
        one = add("certify", "on the machine apart: answer a request with a root", passphrase=True)
        one.add_argument("file", type=Path, help="the request")
        one.add_argument("--root", type=Path, required=True, help="the file of the root key")
        one.add_argument(
            "--out", type=Path, default=Path("certificates.json"), help="where to write the answer"
        )
        one.add_argument("--yes", action="store_true", help="do not ask before signing")
        one = add("import", "take in the public half of a root, or the certificates that a root gave")
        one.add_argument("files", type=Path, nargs="+")
        text = "move the roots from the database into files; keys for a year are made first"
        add("offline", text, passphrase=True).add_argument("directory", type=Path)

    def _add_safekeeping(self, add: Callable[..., ArgumentParser]) -> None:
        add("export", "write all keys into one encrypted file", passphrase=True).add_argument(
            "file", type=Path
        )
        add("restore", "bring the keys back from such a file", passphrase=True).add_argument(
            "file", type=Path
        )
        add("master", "print a new master key; nothing is changed")
        one = add(
            "reseal", "seal everything under the new master key (LICET_MASTER_KEY), away from the old one"
        )
        lost = "the old master key is lost: retire what cannot be opened"
        one.add_argument("--give-up-lost", action="store_true", help=lost)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one subcommand; a refusal becomes the command's error."""
        try:
            getattr(self, f"_{options['what']}")(options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal

    # --- reading ------------------------------------------------------------------------------

    def _status(self, options: dict[str, Any]) -> None:
        now = clock.read()
        found = health(now=now)
        self.stdout.write(report(found, now=now))
        if found.level:
            said = "Something cannot be signed: act now." if found.ended else "Keys end soon: act in time."
            raise CommandError(said, returncode=int(found.level))

    def _list(self, options: dict[str, Any]) -> None:
        for row in queries.listed(now=clock.read()):
            until = f"{row.ends_at:%Y-%m-%d}" if row.ends_at else "-"
            self.stdout.write(
                f"{row.kid}  {row.purpose:8}  {row.standing:9}  {row.not_before:%Y-%m-%d}  {until}"
            )

    # --- on the server ------------------------------------------------------------------------

    def _ensure(self, options: dict[str, Any]) -> None:
        seed, root_seed = secrets.token_bytes(32), secrets.token_bytes(32)
        key = actions.ensure(root_seed=root_seed, seed=seed, by=OPERATOR, now=clock.read())
        if key is None:
            self.stderr.write(
                "No key can sign leases yet: its certificate has to come from a root. See licet keys status."
            )
        elif options["verbosity"]:
            self.stdout.write(f"{key.purpose} key {key.kid}")

    def _rotate(self, options: dict[str, Any]) -> None:
        for purpose in [Purpose(options["purpose"])] if options["purpose"] else SIGNING:
            seed = secrets.token_bytes(32)
            key = actions.rotate(seed=seed, purpose=purpose, by=OPERATOR, now=clock.read())
            self.stdout.write(f"{key.purpose:8}  {key.kid}")

    def _revoke(self, options: dict[str, Any]) -> None:
        now = clock.read()
        if bool(options["kid"]) == options["all"]:
            raise CommandError("Name one key, or say --all.")
        listed = [row.kid for row in queries.listed(now=now) if row.purpose != Purpose.ROOT]
        for kid in listed if options["all"] else [options["kid"]]:
            key = actions.revoke(kid=kid, seed=secrets.token_bytes(32), by=OPERATOR, now=now)
            self.stdout.write(f"{key.purpose:8}  {key.kid}  revoked")
        self.stdout.write("licet keys status shows what signs now.")

    def _root(self, options: dict[str, Any]) -> None:
        key = actions.make_root(seed=secrets.token_bytes(32), by=OPERATOR, now=clock.read())
        self.stdout.write(f"root key {key.kid}")

    def _request(self, options: dict[str, Any]) -> None:
        text = certification.request(
            periods=options["periods"], chance=secrets.token_bytes, by=OPERATOR, now=clock.read()
        )
        _write(options["file"], text)
        self.stdout.write(
            f"Take {options['file']} to the machine apart: licet keys certify {options['file'].name}"
        )

    def _import(self, options: dict[str, Any]) -> None:
        for path in options["files"]:
            text, name, now = _read(path), path.name, clock.read()
            if f'"{ceremony.PUBLIC}"' in text:
                root = certification.import_root(text=text, file=name, by=OPERATOR, now=now)
                self.stdout.write(f"root key {root.kid} is trusted")
                continue
            keys = certification.import_certificates(text=text, file=name, by=OPERATOR, now=now)
            self.stdout.write(f"certificates imported: {len(keys)}")

    def _offline(self, options: dict[str, Any]) -> None:
        passphrase = _passphrase(options, new=True)
        files = certification.root_files(passphrase=passphrase, chance=secrets.token_bytes, now=clock.read())
        options["directory"].mkdir(parents=True, exist_ok=True)
        for number, text in enumerate(files.values(), start=1):
            path = options["directory"] / f"root-{number}.json"
            _write(path, text)
            # what was written is what counts: it is read back before anything is erased
            ceremony.open_root(text=_read(path), passphrase=passphrase, file=path.name)
        certification.take_roots_offline(chance=secrets.token_bytes, by=OPERATOR, now=clock.read())
        self.stdout.write(
            f"The roots lie in {options['directory']} alone now. Move them to two safe places, "
            "and the passphrase to a third."
        )

    def _export(self, options: dict[str, Any]) -> None:
        passphrase = _passphrase(options, new=True)
        text = backup.export(passphrase=passphrase, chance=secrets.token_bytes, by=OPERATOR, now=clock.read())
        _write(options["file"], text)
        self.stdout.write(f"All keys are in {options['file']}. Keep it apart from its passphrase.")

    def _restore(self, options: dict[str, Any]) -> None:
        passphrase = _passphrase(options)
        path = options["file"]
        number = backup.restore(
            text=_read(path), file=path.name, passphrase=passphrase, by=OPERATOR, now=clock.read()
        )
        self.stdout.write(f"keys restored: {number}")

    def _master(self, options: dict[str, Any]) -> None:
        self.stdout.write(rules.b64(secrets.token_bytes(32)))

    def _reseal(self, options: dict[str, Any]) -> None:
        if options["give_up_lost"]:
            lost = backup.give_up_lost(by=OPERATOR, now=clock.read())
            self.stdout.write(
                f"keys given up: {len(lost)}. Go on with licet keys ensure or licet keys restore."
            )
            return
        number = backup.reseal(by=OPERATOR, now=clock.read())
        self.stdout.write(
            f"keys sealed under the new master key: {number}. Take LICET_MASTER_KEY_FALLBACKS away now."
        )

    # --- on the machine apart -----------------------------------------------------------------

    def _ceremony(self, options: dict[str, Any]) -> None:
        directory, passphrase = options["directory"], _passphrase(options, new=True)
        directory.mkdir(parents=True, exist_ok=True)
        for number in (1, 2):
            text = ceremony.root_file(
                seed=secrets.token_bytes(32),
                passphrase=passphrase,
                chance=secrets.token_bytes(envelope.CHANCE),
                now=clock.read(),
            )
            name = f"root-{number}"
            root = ceremony.open_root(text=text, passphrase=passphrase, file=name)
            _write(directory / f"{name}.json", text)
            _write(directory / f"{name}.public.json", ceremony.public_file(text=text, file=name))
            self.stdout.write(f"{directory / name}.json  {root.kid}")
        self.stdout.write(
            "root-1 certifies, root-2 is spare: keep them in two places. "
            "Take the public files to the server: licet keys import root-1.public.json root-2.public.json"
        )

    def _certify(self, options: dict[str, Any]) -> None:
        path, now = options["file"], clock.read()
        issuer, asked = ceremony.read_request(text=_read(path), file=path.name, now=now)
        self.stdout.write(f"The server {issuer} asks for:")
        for each in asked:
            self.stdout.write(f"  {each.purpose:8}  {each.kid}  until {each.until:%Y-%m-%d}")
        if not options["yes"] and input("Certify all of them? Type yes: ").strip().lower() != "yes":
            raise CommandError("Nothing was signed.")
        root = ceremony.open_root(
            text=_read(options["root"]), passphrase=_passphrase(options), file=options["root"].name
        )
        _write(options["out"], ceremony.certificates_file(root=root, issuer=issuer, asked=asked))
        self.stdout.write(f"Take {options['out']} to the server: licet keys import {options['out'].name}")


def _passphrase(options: dict[str, Any], *, new: bool = False) -> str:
    if options["passphrase_file"]:
        return _read(options["passphrase_file"]).strip("\r\n")
    given = getpass("Passphrase: ")
    if new and getpass("Once more: ") != given:
        raise CommandError("These are two different passphrases. Nothing was written.")
    return given


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadKeyFile(file=path.name, form="licet-…") from None
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error


def _write(path: Path, text: str) -> None:
    """Write a new file that its owner alone may read; never over another one."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
