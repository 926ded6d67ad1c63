"""The rules of the standards (Schematron) held against an XML, in a process of its own.

The XSLT engine can end a whole process, and takes much memory: so it never runs inside the web server or
the worker. `checking.Checker` starts `python -m licet.invoices.schematron` and speaks lines of JSON with
it. What crashed or took too long was **not validated**, never valid. Needs the extra `einvoice-check`.
"""
