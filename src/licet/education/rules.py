"""The spans of time of education licenses. No database."""

from datetime import timedelta

EXTEND_BEFORE = timedelta(days=60)
"""So long before its end a license can be extended."""

EXTEND_AFTER = timedelta(days=365)
"""So long after its end the same license goes on; later a new one begins."""

REST = timedelta(days=30)
"""Between a final refusal and the next request."""

APPEAL = timedelta(days=14)
"""Within which somebody may object to a refusal."""

CLAIM = timedelta(minutes=15)
"""How long a reviewer has a case in hand; working on it renews it."""

GRACE_DAYS = 30
"""An education license goes on so long after its end."""

OVERLAP = timedelta(days=14)
"""How long the codes of a superseded license work on."""

REMINDERS = (60, 30, 14, 3, 0, -7, -25)
"""Days before the end of a license (negative: after it) on which its holder is reminded."""

TARGET = timedelta(hours=8)
"""Working time within which a request should be decided."""

FILES, FILES_A_DAY = 4, 20
"""Files of one request at a time; and those that were sent within a day, removed ones included."""

MEGABYTE = 1024 * 1024
"""As browsers and file managers count for people."""

FILE_BYTES, CASE_BYTES = 10 * MEGABYTE, 25 * MEGABYTE
"""Bytes of one file, and of all files of a request."""

KEEP_DRAFT = timedelta(days=7)
"""How long papers of a request stay that nobody has sent."""

KEEP_UNREADABLE = timedelta(hours=24)
"""How long a file stays that could not be read."""

KEEP_STRAY = timedelta(hours=1)
"""How long bytes stay that belong to no document: an upload that was broken off."""

READ_WITHIN = timedelta(minutes=10)
"""A paper that waits longer is told to the operator, and tried again."""
