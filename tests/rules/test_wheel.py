"""The wheel is self-sufficient: pages, styles, the example vendor and compiled translations are inside."""

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.rules.source import LICET, ROOT


def test_the_wheel_holds_everything_that_a_server_needs(tmp_path: Path) -> None:
    """Every file of the package, and a compiled catalogue beside every translation."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(LICET.parent).as_posix()
        for path in LICET.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".mo"
    }
    wanted |= {str(Path(name).with_suffix(".mo")) for name in wanted if name.endswith(".po")}
    assert sorted(wanted - inside) == []
