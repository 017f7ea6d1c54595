"""Fuzz one target until it fails or is told to stop; see the package."""

import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

atheris: Any = import_module("atheris")

with atheris.instrument_imports(include=["techstock", "markdown_it"]):
    from tests.fuzz.targets import TARGETS
    from tests.fuzz.words import words

REGRESSIONS = Path(__file__).parent.parent / "regressions"


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in TARGETS:
        sys.exit(f"which of {', '.join(TARGETS)}?")
    with TemporaryDirectory() as scratch:
        dictionary = Path(scratch, "words")
        dictionary.write_text("".join(map(_line, words(name))), "ascii")
        options = [f"-dict={dictionary}", *sys.argv[2:]]
        if all(option.startswith("-") for option in options):
            options.append(scratch)  # what it learns goes to the folder that is named first
        if (REGRESSIONS / name).is_dir():
            options.append(str(REGRESSIONS / name))
        atheris.Setup([sys.argv[0], *options], TARGETS[name])
        atheris.Fuzz()


def _line(word: bytes) -> str:
    return '"' + "".join(f"\\x{byte:02x}" for byte in word[:100]) + '"\n'


main()
