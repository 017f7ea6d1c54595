"""What pages show of a command is what it prints.

`python -m tests.documentation.test_commands` writes it into the pages anew: read what has changed.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.documentation.pages import SHOWN, blocks, name
from tests.documentation.scenes import real

WITH_COMMANDS = [
    page for page in SHOWN if any(block.language == "console" for block in blocks(page.read_text("utf-8")))
]


# README.ja.md shows the same as README.md, which test_japanese.py sees to.
@pytest.mark.parametrize("page", [page for page in WITH_COMMANDS if page.name != "README.ja.md"], ids=name)
def test_what_a_page_shows_is_what_its_commands_print(page: Path, tmp_path: Path) -> None:
    text = page.read_text("utf-8")
    assert text == real(text, tmp_path)


def test_pages_with_commands_are_found() -> None:
    assert {"README.md", "docs/duplicates.md"} <= {name(page) for page in WITH_COMMANDS}


@pytest.mark.parametrize("page", SHOWN, ids=name)
def test_commands_with_their_output_stand_in_console_fences(page: Path) -> None:
    for block in blocks(page.read_text("utf-8")):
        first, *_ = block.text.split("\n")
        assert first.startswith("$ ") == (block.language == "console"), block.text
        assert block.language not in ("", "text"), block.text


def main() -> None:
    """Write what commands print into the pages that show them."""
    for page in WITH_COMMANDS:
        with TemporaryDirectory() as scratch:
            page.write_text(real(page.read_text("utf-8"), Path(scratch)), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
