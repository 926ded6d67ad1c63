"""Put the compiled translation catalogues into the wheel; the repository holds their sources only."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):
    """Compiles every `.po` below `src/licet/locale` beside itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run by hatchling before it gathers the files."""
        for source in sorted(Path(self.root, "src", "licet", "locale").glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            with source.open("rb") as text, target.open("wb") as binary:
                write_mo(binary, read_po(text))
            build_data["artifacts"].append(str(target.relative_to(self.root)))
