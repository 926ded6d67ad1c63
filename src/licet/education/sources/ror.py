"""The Research Organization Registry's dump (https://ror.readme.io/docs/data-dump, schema 2, CC0).

One JSON array of some hundred megabytes, alone or in the ZIP archive as it is published: read one entry at
a time.
"""

import json
import zipfile
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from licet.education import addresses
from licet.education.sources.rows import Fault, InstitutionRow
from licet.education.states import Kind

_CHUNK = 1 << 20


def read(*, path: Path) -> Iterator[InstitutionRow | Fault]:
    """Yield the active organisations of the kind "education". ValueError for what is no such dump."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            inside = [name for name in archive.namelist() if name.endswith(".json")]
            if not inside:
                raise ValueError("the archive has no JSON file")
            # The newer schema's file stands beside the older one's in some archives.
            with archive.open(max(inside, key=lambda name: ("v2" in name, name))) as file:
                yield from _rows(TextIOWrapper(file, encoding="utf-8"))
    else:
        with path.open(encoding="utf-8") as file:
            yield from _rows(file)


def _rows(file: TextIO) -> Iterator[InstitutionRow | Fault]:
    for number, entry in enumerate(_entries(file), start=1):
        try:
            row = _row(entry)
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            yield Fault(line=number, why=f"is no organisation of schema 2: {error}")
            continue
        if row:
            yield row


def _row(entry: dict[str, Any]) -> InstitutionRow | None:
    if entry["status"] != "active" or "education" not in entry["types"]:
        return None
    names: dict[str, str] = {}
    display, short = "", []
    for name in entry["names"]:
        language = (name.get("lang") or "")[:2]
        shown = "ror_display" in name["types"]
        if "label" in name["types"] and language and language not in names:
            names[language] = name["value"][:200]
        elif not shown:
            short.append(name["value"])
        if shown:
            display = name["value"][:200]
    names.setdefault("en", display)  # what the registry shows, where it has no English name
    place = entry["locations"][0]["geonames_details"]
    return InstitutionRow(
        names=names,
        country=place["country_code"],
        kind=Kind.HIGHER,
        city=place.get("name") or "",
        ror=entry["id"].rsplit("/", 1)[-1],
        short=tuple(short),
        domains=tuple(_domains(entry.get("domains") or [])),
    )


def _domains(found: list[str]) -> Iterator[str]:
    for each in found:
        try:
            yield addresses.domain(text=each)
        except ValueError:  # of somebody else's list; the organisation is right without it
            continue


def _entries(file: TextIO) -> Iterator[Any]:
    """Yield the elements of one large JSON array; ValueError where the text is none."""
    decoder, text, at, begun = json.JSONDecoder(), "", 0, False
    while True:
        more = file.read(_CHUNK)
        text, at = text[at:] + more, 0
        if not begun:
            text = text.lstrip("\ufeff \t\r\n")
            if not text.startswith("["):
                raise ValueError("the file is no JSON array")
            at, begun = 1, True
        while True:
            while at < len(text) and text[at] in " \t\r\n,":
                at += 1
            if at < len(text) and text[at] == "]":
                return
            try:
                entry, at = decoder.raw_decode(text, at)
            except json.JSONDecodeError as error:
                if not more:  # nothing follows that could complete it
                    raise ValueError(f"the JSON breaks off: {error.msg}") from error
                break
            yield entry
