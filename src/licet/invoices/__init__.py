"""Invoices: the legal document, once finalised for ever.

A **document** is everything that an invoice says, as a value (EN 16931's terms). Finalising
gives it the next **number** of its **series** and keeps it as a snapshot; its **files** (PDF with
embedded XML, UBL) are made afterwards by the worker. It knows no orders: whoever sells hands over a
complete document.
Rules: numbers of a series have no gap and rise with the day; every invoice carries the hash of the
one before; the database refuses to change or delete one; what was wrong is corrected by a **credit
note**; what was paid and credited stands in a row of its own, the **standing**.
"""
