"""What makes a drawn page an archive of law: one set of metadata, one entry for the XML; and the proof.

A PDF/A-3 has one `rdf:RDF` in its XMP (ISO 16684-1, 7.4), with a description of every schema that the
standard does not know (ISO 19005-3, 6.6.2.3); PDF/UA wants its mark there (ISO 14289-1, 5), Factur-X its
four properties (Factur-X 1.0, 6.2).
"""

from io import BytesIO
from typing import Any, cast

import pikepdf
from lxml import etree

from licet.invoices.formats.facturx import NAME
from licet.invoices.formats.pdf.errors import PageFaulty

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PDFA = "http://www.aiim.org/pdfa/ns/id/"
PDFUA = "http://www.aiim.org/pdfua/ns/id/"
FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"

_FIELD = (
    '<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
    "<pdfaProperty:valueType>{kind}</pdfaProperty:valueType>"
    "<pdfaProperty:category>{category}</pdfaProperty:category>"
    "<pdfaProperty:description>{text}</pdfaProperty:description></rdf:li>"
)
_SCHEMA = (
    '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>{title}</pdfaSchema:schema>'
    "<pdfaSchema:namespaceURI>{space}</pdfaSchema:namespaceURI><pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>"
    "<pdfaSchema:property><rdf:Seq>{fields}</rdf:Seq></pdfaSchema:property></rdf:li>"
)
_FX_FIELDS = {
    "DocumentFileName": "name of the embedded XML invoice file",
    "DocumentType": "INVOICE",
    "Version": "version of the Factur-X XML schema",
    "ConformanceLevel": "conformance level of the embedded Factur-X data",
}
_MORE = (
    f'<rdf:RDF xmlns:rdf="{RDF}">'
    f'<rdf:Description rdf:about="" xmlns:fx="{FX}"><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>'
    f"<fx:DocumentFileName>{NAME}</fx:DocumentFileName><fx:DocumentType>INVOICE</fx:DocumentType>"
    "<fx:Version>1.0</fx:Version></rdf:Description>"
    '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
    ' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>'
    + _SCHEMA.format(
        title="Factur-X PDFA Extension Schema",
        space=FX,
        prefix="fx",
        fields="".join(
            _FIELD.format(name=name, kind="Text", category="external", text=text)
            for name, text in _FX_FIELDS.items()
        ),
    )
    + _SCHEMA.format(
        title="PDF/UA identification schema",
        space=PDFUA,
        prefix="pdfuaid",
        fields=_FIELD.format(
            name="part", kind="Integer", category="internal", text="part of ISO 14289 that is met"
        ),
    )
    + "</rdf:Bag></pdfaExtension:schemas></rdf:Description>"
    f'<rdf:Description rdf:about="" xmlns:pdfuaid="{PDFUA}"><pdfuaid:part>1</pdfuaid:part></rdf:Description>'
    "</rdf:RDF>"
)
_SAFE = etree.XMLParser(resolve_entities=False, no_network=True)


def archived(*, drawn: bytes) -> bytes:
    """Return a drawn PDF with all its metadata in one place, its XML named once and page numbers that nobody
    reads aloud; always the same bytes."""
    with pikepdf.open(BytesIO(drawn)) as pdf:
        _leave_out_margins(pdf)
        pdf.Root.Metadata.write(_merged(bytes(pdf.Root.Metadata.read_bytes())))
        seen: dict[Any, pikepdf.Object] = {each.objgen: each for each in pdf.Root.get("/AF", [])}
        pdf.Root.AF = pikepdf.Array(list(seen.values()))
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        out = BytesIO()
        pdf.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def _leave_out_margins(pdf: pikepdf.Pdf) -> None:
    """Mark what is drawn but stands nowhere in the tree, such as the number of the page, as no content.

    ISO 14289-1, 7.1: everything is content of the tree, or an artifact (ISO 32000-1, 14.8.2.2).
    """
    owners = _owners(pdf)
    for at, page in enumerate(pdf.pages):
        read = owners.get(page.objgen) or set()
        rewritten = []
        for operands, operator in cast("list[Any]", pikepdf.parse_content_stream(page)):
            marks = str(operator) == "BDC" and isinstance(operands[1], pikepdf.Dictionary)
            number = operands[1].get("/MCID") if marks else None
            if number is None or int(number) in read:
                rewritten.append((operands, operator))
                continue
            margin = pikepdf.Dictionary(Type=pikepdf.Name.Pagination)
            rewritten.append(([pikepdf.Name.Artifact, margin], operator))
            parents = pdf.Root.StructTreeRoot.ParentTree.Nums[2 * at + 1]
            parents[int(number)] = None
        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(rewritten))


def _owners(pdf: pikepdf.Pdf) -> dict[Any, set[int]]:
    """Return by page the numbers of the marked content that the tree of tags holds."""
    found: dict[Any, set[int]] = {}
    waiting: list[Any] = [pdf.Root.StructTreeRoot]
    while waiting:
        node = waiting.pop()
        kids: Any = node.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary):
                waiting.append(kid)
            else:
                found.setdefault(node.Pg.objgen, set()).add(int(kid))
    return found


def _merged(xmp: bytes) -> bytes:
    start, end = xmp.index(b"<x:xmpmeta"), xmp.rindex(b"</x:xmpmeta>") + len(b"</x:xmpmeta>")
    root = etree.fromstring(xmp[start:end], _SAFE)
    first, *others = root.findall(f"{{{RDF}}}RDF")
    for other in others:
        first.extend(list(other))
        root.remove(other)
    for old in first.xpath("*[pdfuaid:part]", namespaces={"pdfuaid": PDFUA}):
        first.remove(old)
    first.extend(list(etree.fromstring(_MORE, _SAFE)))
    return xmp[:start] + bytes(etree.tostring(root)) + xmp[end:]


def checked(*, made: bytes, xml: bytes, language: str) -> None:
    """Look whether a PDF has what PDF/A-3a, PDF/UA-1 and Factur-X ask of its structure; raise PageFaulty.

    Cheap, for every file that is stored: no replacement for a validator.
    """
    with pikepdf.open(BytesIO(made)) as pdf:
        faults = {
            "no output intent": not pdf.Root.get("/OutputIntents"),
            "not tagged": not bool(pdf.Root.MarkInfo.Marked if "/MarkInfo" in pdf.Root else False),
            "no structure": "/StructTreeRoot" not in pdf.Root,
            "no language": not str(pdf.Root.get("/Lang", "")).startswith(language),
            "no title": not str(pdf.docinfo.get("/Title", "")),
            "XML named twice or not at all": len(pdf.Root.get("/AF", [])) != 1,
            "another XML inside": extracted(made=pdf) != xml,
            "encrypted": pdf.is_encrypted,
        }
        faults.update(_faults_of_metadata(bytes(pdf.Root.Metadata.read_bytes())))
    for what, wrong in faults.items():
        if wrong:
            raise PageFaulty(what)


def extracted(*, made: pikepdf.Pdf) -> bytes:
    """Return the XML that lies inside a PDF; empty where there is none."""
    for each in made.Root.get("/AF", []):
        if str(each.get("/UF", each.get("/F", ""))) == NAME:
            return bytes(each.EF.F.read_bytes())
    return b""


def _faults_of_metadata(xmp: bytes) -> dict[str, bool]:
    start, end = xmp.index(b"<x:xmpmeta"), xmp.rindex(b"</x:xmpmeta>") + len(b"</x:xmpmeta>")
    root = etree.fromstring(xmp[start:end], _SAFE)

    def said(space: str, name: str) -> str:
        found = root.find(f".//{{{space}}}{name}")
        if found is not None:
            return found.text or ""
        for each in root.iter(f"{{{RDF}}}Description"):
            if value := each.get(f"{{{space}}}{name}"):
                return str(value)
        return ""

    return {
        "metadata in several places": len(root.findall(f"{{{RDF}}}RDF")) != 1,
        "not marked as PDF/A-3a": (said(PDFA, "part"), said(PDFA, "conformance")) != ("3", "A"),
        "not marked as PDF/UA-1": said(PDFUA, "part") != "1",
        "not marked as Factur-X": said(FX, "DocumentFileName") != NAME,
    }
