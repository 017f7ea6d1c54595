"""How long the page of `techstock report` takes to open and to search, and its memory, in headless Chromium.

`python -m tests.benchmarks.report [PAGE ...]` measures these pages, or one of 100,000 made entries.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from techstock.cli import main
from tests.browser.support import find_program
from tests.support import write_files

ENTRIES, PER_NOTE, ROUNDS = 100_000, 250, 5
SYLLABLES = "アカサタナハマヤラワイキシチニヒミリウクスツヌフムユルエケセテネヘメレオコソトノホモヨロ"
_KEY = """
async (text) => {
  const box = document.getElementById("search"), begun = performance.now();
  box.value = text;
  box.dispatchEvent(new Event("input"));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - begun;
}
"""


def make_notes(folder: Path, entries: int = ENTRIES) -> Path:
    """Write notes with so many term entries, of which each says something of its own."""
    files: dict[str, str | bytes] = {"techstock.toml": ""}
    for first in range(0, entries, PER_NOTE):
        lines = "".join(map(make_line, range(first, first + PER_NOTE)))
        files[f"{first // 10_000}/{first}.md"] = f"# {first}\n\n{lines}"
    return write_files(folder, files)


def make_line(number: int) -> str:
    """Return an entry that mentions another one."""
    other = make_term(7 * number + 3)
    return f"- {make_term(number)}: {number} 番目の水門。{other}と同じ川で、{number**2} 日ごとに、閉じる。\n"


def make_term(number: int) -> str:
    """Return the name of an entry: kana, an ideograph or Latin letters, each a third."""
    kana, rest = "", number
    for _ in range(4):
        rest, index = divmod(rest * 31 + 7, len(SYLLABLES))
        kana += SYLLABLES[index]
    return (f"{kana}{number}", f"{chr(0x4E00 + number % 900)}{kana}{number}", f"{chr(65 + number % 26)}x{number}")[
        number % 3
    ]


def _read_private(pid: int) -> float:
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(row.split()[1]) for row in rows if row.startswith("Private_")) / 1024


def measure_page(url: str) -> Iterator[str]:
    """Yield lines about one page."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_program("chromium") or None)
        opened, busy, keys, key_busy, fresh, memory = [], [], [], [], [], []
        for _ in range(ROUNDS):
            page = browser.new_page()
            begun = perf_counter()
            page.goto(url)
            page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
            opened.append(perf_counter() - begun)
            busy.append(_measure_renderer(browser)[1])
            fresh.append(_measure_renderer(browser)[0])
            page.goto(f"{url}#glossary")
            page.focus("#search")
            page.wait_for_timeout(1_000)
            memory.append(_measure_renderer(browser)[0])
            texts = ("み", "みず", "水", "水門", "x9", "x99", "q", "かに")
            before = _measure_renderer(browser)[1]
            keys += [page.evaluate(_KEY, text) for text in texts]
            key_busy.append((_measure_renderer(browser)[1] - before) / len(texts))
            page.close()
        browser.close()
    yield f"open: {median(opened):.2f} s (worst {max(opened):.2f}), of processor time {median(busy):.2f} s"
    yield f"memory of the page's process: {median(fresh):.0f} MB, with the index of the search {median(memory):.0f} MB"
    yield f"a key: {median(keys):.0f} ms (worst {max(keys):.0f}), of processor time {1000 * median(key_busy):.0f} ms"


def _measure_renderer(browser: Any) -> tuple[float, float]:
    """Return the memory in MB and the processor time in seconds of the process of a page: the largest renderer."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    return max((_read_private(one["id"]), one["cpuTime"]) for one in processes if one["type"] == "renderer")


def run() -> Iterator[str]:
    """Yield lines about all pages."""
    if pages := sys.argv[1:]:
        for name in pages:
            yield name
            yield from measure_page(Path(name).resolve().as_uri())
        return
    with TemporaryDirectory() as folder:
        root, page = make_notes(Path(folder, "notes")), Path(folder, "page.html")
        begun = perf_counter()
        main(["report", "--no-cache", "-q", "--root", str(root), str(root), "-o", str(page), "--only", "glossary"])
        yield f"{ENTRIES:,} entries: {page.stat().st_size / 1e6:.1f} MB, written in {perf_counter() - begun:.1f} s"
        yield from measure_page(page.as_uri())


if __name__ == "__main__":
    for line in run():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
