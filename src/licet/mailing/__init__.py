"""Mail: text and HTML, in the recipient's language, sent once each.

Concepts say what to tell whom (`mail.py`); this package renders, addresses and sends.
In demonstration mode a mail stays in the database, to be read on a page; otherwise it
goes out over SMTP.
Rules: a mail is keyed by its delivery, so that a repeated delivery does not send it
twice; a mail never holds a secret that a log would keep.
"""
