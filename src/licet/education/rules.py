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
