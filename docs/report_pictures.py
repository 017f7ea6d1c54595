"""Take pictures of the report on this repository's notes: `python docs/report_pictures.py` writes them anew.

It needs the extra `browser`, Chromium and `fonts-noto-cjk`. Each picture has 64 colours, which keeps it small.
"""

import shutil
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from techstock.cli import main

ROOT = Path(__file__).parents[1]
DOCS = Path(__file__).parent
_COLORS = 64
_MAX_SIZE = 70_000  # bytes
_SHOTS = (
    ("report-duplicates", 1280, 930, "light", "en", "duplicates"),
    ("report-glossary", 390, 780, "dark", "ja", "glossary"),
)


def write_pages(folder: Path) -> dict[str, str]:
    """Write the report in each language, and return the URLs of the pages."""
    shutil.copytree(ROOT / "notes", folder / "notes")
    (folder / "techstock.toml").touch()
    pages = {}
    for language in ("en", "ja"):
        page = folder / f"{language}.html"
        arguments = ["--no-cache", "--quiet", "--root", str(folder / "notes"), "--language", language]
        if main(["report", *arguments, "--output", str(page), str(folder / "notes")]):
            raise SystemExit("the report is not written")
        pages[language] = page.as_uri()
    return pages


def take_pictures(browser: Any, pages: dict[str, str]) -> dict[str, bytes]:
    """Return the pictures by name, as PNG."""
    found = {}
    for name, width, height, scheme, language, section in _SHOTS:
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        page.goto(f"{pages[language]}#{section}")
        page.evaluate("scrollTo(0, 0)")
        if section == "duplicates":
            page.evaluate("for (const one of document.querySelectorAll('.pair, .cluster')) one.open = true")
        else:
            page.evaluate("for (const one of document.querySelectorAll('#glossary details')) one.open = true")
        found[name] = reduce_colors(page.screenshot())
        page.close()
    return found


def reduce_colors(data: bytes) -> bytes:
    """Return a PNG with few colours."""
    stream = BytesIO()
    with Image.open(BytesIO(data)) as image:
        image.convert("RGB").quantize(_COLORS).save(stream, "PNG", optimize=True)
    return stream.getvalue()


def run() -> None:
    """Write all pictures. Raise `SystemExit` if one is too large."""
    from playwright.sync_api import sync_playwright

    with TemporaryDirectory() as scratch, sync_playwright() as play:
        own = Path(play.chromium.executable_path)
        browser = play.chromium.launch(executable_path=own if own.exists() else shutil.which("chromium"))
        pictures = take_pictures(browser, write_pages(Path(scratch)))
        browser.close()
    for name, data in pictures.items():
        if len(data) > _MAX_SIZE:
            raise SystemExit(f"{name} has {len(data):,} bytes, more than {_MAX_SIZE:,}")
        (DOCS / f"{name}.png").write_bytes(data)


if __name__ == "__main__":
    run()
