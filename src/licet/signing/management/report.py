"""What `licet keys status` prints."""

from datetime import datetime

from licet.signing.health import NEVER, Health, Turn

ONLINE = """\
Root keys: {here} in the database, sealed under the master key. Whoever takes over this server can certify
keys of their own. That is good for trying out; before customers depend on it, take the roots away:
  licet keys offline DIRECTORY        (docs/keys.md, "Taking the roots offline")"""

SPARE = "There is one root key only: make a spare one before applications ship (docs/keys.md)."


def report(found: Health, *, now: datetime) -> str:
    """Return the state of the keys in words, what is urgent first."""
    lines = [*_urgent(found, now=now), *_roots(found), "", *map(_line, found.turns)]
    if found.requested:
        lines.append(
            f"Waiting for their certificates: {found.requested} (licet keys request, certify, import)."
        )
    if found.next_update is None:
        lines.append("Manifest: none is published.")
    elif found.next_update <= now:
        lines.append(f"Manifest: number {found.serial} is out of date. Is the worker running (licet worker)?")
    else:
        lines.append(f"Manifest: number {found.serial}, good until {found.next_update:%Y-%m-%d}.")
    return "\n".join(lines)


def _urgent(found: Health, *, now: datetime) -> list[str]:
    lines = []
    for turn in found.turns:
        if not turn.readable:
            lines.append(f"ACT NOW: the master key does not open the {turn.purpose} key (docs/keys.md).")
        elif not turn.here:
            lines.append(f"ACT NOW: the certificate of the {turn.purpose} key names another address.")
        elif not turn.kid:
            lines.append(f"ACT NOW: no key can sign for: {turn.purpose}.")
    if not lines and found.warning is not None:
        left = (found.warning.ends - now).days
        lines.append(f"ACT SOON: in {left} days, keys end for: {', '.join(found.warning.purposes)}.")
    if lines:
        how = "licet keys ensure" if found.roots_here else "licet keys request, certify, import"
        lines += [f"  what to do: {how}", ""]
    return lines


def _roots(found: Health) -> list[str]:
    lines = []
    if found.roots_here:
        lines.append(ONLINE.format(here=len(found.roots_here)))
    if found.roots_away:
        lines.append(f"Root keys kept elsewhere: {len(found.roots_away)}.")
    if len(found.roots_here) + len(found.roots_away) == 1:
        lines.append(SPARE)
    return lines or ["Root keys: none. licet keys ensure makes two here; licet keys import brings yours."]


def _line(turn: Turn) -> str:
    if turn.until == NEVER:
        return f"{turn.purpose:8}  nobody signs"
    following = f"next turn {turn.next_turn:%Y-%m-%d}" if turn.next_turn else ""
    return f"{turn.purpose:8}  signs until {turn.until:%Y-%m-%d}  {following}  certified ahead: {turn.ahead}"
