"""The page: PDF/A-3a and PDF/UA-1 at once, with the XML inside (ISO 19005-3, ISO 14289-1, Factur-X).

The page is drawn by WeasyPrint, then repaired by pikepdf (`archive`). The same document gives the same
bytes. Nothing of a document becomes an address, and no address but two of ours is answered (`fetching`).
"""
