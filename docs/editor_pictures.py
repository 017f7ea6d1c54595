"""Make the pictures of docs/editors.md: VS Code on this repository's own notes.

It needs what tests/editors/test_vscode.py needs, and the same variables that say where that is.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from tests.editors.test_vscode import run_scenario  # noqa: E402 (found only now)

VIEWPORT = {"width": 1000, "height": 560}
COLORS = 64
MAX_SIZE = 70_000  # bytes
SETTINGS = {"workbench.activityBar.location": "hidden", "window.commandCenter": False}


def take_pictures(folder: Path) -> None:
    """Write the pictures of all steps into a folder."""
    shutil.copytree(HERE.parent / "notes", folder / "notes")
    (folder / "notes" / "baseline.txt").unlink()
    os.environ["TECHSTOCK_PICTURES"] = str(folder)
    program = {"techstock.path": str(folder / "bin" / "techstock")}
    run_scenario("pictures", folder, {**SETTINGS, **program}, VIEWPORT)


def write_pictures(source: Path, target: Path) -> None:
    """Write the pictures with few colors, so that they are small. Raise `SystemExit` if one is not."""
    target.mkdir(exist_ok=True)
    for file in sorted(source.glob("pictures-*.png")):
        written = target / file.name.removeprefix("pictures-")
        with Image.open(file) as picture:
            picture.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(written, optimize=True)
        if written.stat().st_size > MAX_SIZE:
            raise SystemExit(f"{written} is larger than {MAX_SIZE:,} bytes")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as found:
        take_pictures(Path(found))
        write_pictures(Path(found), HERE / "editors")
