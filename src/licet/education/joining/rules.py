"""The states of a joining of accounts, its spans, and how its links are spelled. No database."""

import hmac
from base64 import b32encode
from datetime import timedelta
from enum import StrEnum

from licet.education.proofs.mailbox import rules as loops

LINKS, BACKUPS = "links to join accounts", "codes to backup addresses"
"""Purposes of the secrets (`signing.queries.secret`)."""

LIFE = timedelta(days=14)
"""So long the old account can answer."""

WAITING = timedelta(hours=72)
"""Without the old account's word it takes so long, and can be stopped."""

PAUSE = timedelta(days=30)
"""After a no of the old account or the desk, the same account does not ask for the same license so long."""

DAY = timedelta(days=1)
ASKED_A_DAY, TOLD_A_DAY = 3, 2
"""So often a day an account may ask, and the owner of a license be asked, whoever asks."""

CODE_LIFE, CODE_TRIES, CODES_A_DAY = timedelta(minutes=30), 5, 4
"""Of the code to a backup address."""


class JoiningState(StrEnum):
    """What was said about it. Expired is derived."""

    ASKED = "asked"
    DESK = "desk"  # the vendor's people look at it
    ENDORSED = "endorsed"  # one of them says yes; another one has to
    WAITING = "waiting"  # happens at `takes_effect_at` unless somebody stops it
    DONE = "done"
    STOPPED = "stopped"  # by the old account
    DECLINED = "declined"  # by the vendor
    WITHDRAWN = "withdrawn"  # by the new account
    VOID = "void"  # there was nothing left to move


S = JoiningState
_ENDS = {S.STOPPED, S.WITHDRAWN, S.VOID}
MOVES: dict[JoiningState, set[JoiningState]] = {
    S.ASKED: {S.DESK, S.WAITING, S.DONE, *_ENDS},
    S.DESK: {S.ENDORSED, S.WAITING, S.DECLINED, S.DONE, *_ENDS},
    S.ENDORSED: {S.WAITING, S.DECLINED, S.DONE, *_ENDS},
    S.WAITING: {S.DONE, *_ENDS},
    **{end: set() for end in (S.DONE, S.STOPPED, S.DECLINED, S.WITHDRAWN, S.VOID)},
}

OPEN = frozenset({S.ASKED, S.DESK, S.ENDORSED, S.WAITING})
NO = frozenset({S.STOPPED, S.DECLINED})
AT_THE_DESK = frozenset({S.DESK, S.ENDORSED})


class Way(StrEnum):
    """By whose word it happened."""

    LINK = "link"  # a mailbox of the old account, the backup address included
    SIGNED_IN = "signed_in"  # a passkey, a recovery code, a password
    PROOF = "proof"  # the same proof in both accounts
    DESK = "desk"  # two people of the vendor


def token(*, key: bytes, name: str) -> str:
    """Return what a link has behind the row's identifier: 26 characters."""
    return b32encode(hmac.digest(key, name.encode(), "sha256")).decode().lower()[:26]


def code(*, key: bytes, name: str) -> str:
    """Return the code of a mail to a second address: eight characters of Crockford's base 32."""
    return loops.spell(key=key, name=name)
