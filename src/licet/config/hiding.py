"""What the log never shows: license codes, wherever a line or a traceback would have one."""

import logging

from licet.licenses.rules import hidden

_PLAIN = logging.Formatter()


class HideCodes(logging.Filter):
    """Put a code's ending in its place, in the message as in the traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Reword the record where it has a code; let every record pass."""
        message = record.getMessage()
        safe = hidden(text=message)
        if safe != message:
            record.msg, record.args = safe, ()
        if record.exc_info and not record.exc_text:
            record.exc_text = _PLAIN.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = hidden(text=record.exc_text)
        return True
