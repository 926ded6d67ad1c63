"""The kinds of documents and of files. An invoice has no state of its own: it never changes."""

from enum import StrEnum


class DocumentKind(StrEnum):
    """What a document is (UNTDID 1001)."""

    INVOICE = "380"
    CREDIT_NOTE = "381"


class FileKind(StrEnum):
    """The files of an invoice: the page with its XML inside, that XML alone, and the same in UBL."""

    PDF = "pdf"
    XML = "xml"
    UBL = "ubl"
