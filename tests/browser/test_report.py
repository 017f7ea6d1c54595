"""The page of `techstock report` in real browsers: `pytest -m browser`."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from techstock.cli import main
from tests.browser.conftest import OpenVisit
from tests.browser.support import NOTES, find_program, serve_file, write_report
from tests.cli.support import make_environment
from tests.hostile.support import make_hostile_repository

pytestmark = pytest.mark.browser

SECTIONS = ("duplicates", "images", "glossary", "problems", "trend")


def list_shown(page: Any) -> list[str]:
    """Return the sections that are shown."""
    shown: list[str] = page.evaluate(
        "[...document.querySelectorAll('.view')].filter((one) => one.checkVisibility()).map((one) => one.id)"
    )
    return shown


def read_hash(page: Any) -> str:
    found: str = page.evaluate("location.hash")
    return found


def test_nothing_is_requested_and_nothing_fails(visit: OpenVisit, url: str) -> None:
    there = visit()
    page = there.open(url)
    for name in SECTIONS:
        page.click(f"[data-tab={name}]")
        assert list_shown(page) == [name]
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert (there.requests[0], there.faults) == (url, [])
    assert all(one.startswith(("data:image/", url)) for one in there.requests)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_width_needs_scrolling(visit: OpenVisit, url: str, width: int) -> None:
    page = visit(viewport={"width": width, "height": 800}).open(url)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for name in SECTIONS:
        page.click(f"[data-tab={name}]")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_the_plot_is_drawn(visit: OpenVisit, url: str) -> None:
    page = visit().open(f"{url}#trend")
    assert page.locator(".plot circle").count() == page.locator(".plot circle:visible").count() > 0
    box = page.locator(".plot circle").first.bounding_box()
    assert box["width"] > 1
    assert page.locator(".plot text").all_text_contents()[-1] == "0"


def test_without_javascript_everything_is_there(visit: OpenVisit, url: str) -> None:
    there = visit(java_script_enabled=False)
    page = there.open(url)
    assert page.locator(".view:visible").count() == len(SECTIONS)
    assert page.locator(".js-only:visible").count() == 0
    page.click(".cluster >> nth=0 >> summary >> nth=0")
    assert page.locator(".cluster .result:visible").count() == 1
    assert "techstock merge --apply" in page.locator(".cluster[open] .actions").inner_text()
    assert there.faults == []


def test_the_structure(visit: OpenVisit, url: str) -> None:
    page = visit().open(url)
    snapshot = page.locator("body").aria_snapshot()
    for line in (
        '- heading "手帳" [level=1]',
        '- navigation "目次"',
        '- searchbox "この節を検索（かな・全角半角・大文字小文字を区別しません）"',
        '- heading "重複" [level=2]',
        '- button "すべて 4" [pressed]',
    ):
        assert line in snapshot
    assert 'heading "画像"' not in snapshot  # of another tab


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility(visit: OpenVisit, url: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page = visit(color_scheme=scheme, bypass_csp=True).open(url)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for name in SECTIONS:
        page.click(f"[data-tab={name}]")
        found = axe.Axe().run(page).response["violations"]
        serious = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found
                   if one["impact"] in ("serious", "critical")]  # fmt: skip
        assert serious == [], name


def test_the_page_is_printed_whole(visit: OpenVisit, url: str, browser: Any) -> None:
    page = visit().open(url)
    page.emulate_media(media="print")
    assert list_shown(page) == [*SECTIONS]
    assert page.locator(".tabs:visible, .tools:visible").count() == 0
    if browser.browser_type.name == "chromium":  # the others print no file
        assert page.pdf().startswith(b"%PDF-")


def test_search_folds_kana_width_and_case(visit: OpenVisit, url: str) -> None:
    page = visit().open(f"{url}#glossary")
    page.keyboard.press("/")
    for typed, term in (("どれいん", "ﾄﾞﾚｲﾝ"), ("ＱＵＥＵＥ", "Queue"), ("待避", "待避")):
        page.fill("#search", typed)
        assert page.locator(".hits dfn").all_inner_texts()[0] == term
    assert not page.locator("#glossary > .rows").is_visible()
    page.wait_for_url(re.compile("q=%E5%BE%85"))
    page.reload()
    assert page.input_value("#search") == "待避"
    page.focus("#search")
    page.keyboard.press("Escape")
    assert page.locator("#glossary > .rows").is_visible()
    page.wait_for_url(re.compile("#glossary$"))


def test_a_walk_by_keyboard(visit: OpenVisit, url: str) -> None:
    page = visit().open(url)
    chosen = ".here"
    page.keyboard.press("j")
    first = page.locator(chosen).get_attribute("id")
    page.keyboard.press("o")
    assert page.locator(chosen).get_attribute("open") == ""
    page.keyboard.press("m")
    assert page.locator(f"{chosen} summary .decided").inner_text() == "統合"
    page.keyboard.press("j")
    page.keyboard.press("i")
    page.keyboard.press("j")
    assert page.locator(chosen).get_attribute("id") not in ("", first)
    page.keyboard.press("l")
    assert page.inner_text("#decided") == "3"
    page.keyboard.press("k")
    page.keyboard.press("i")  # once more: no decision
    assert page.inner_text("#decided") == "2"
    page.reload()
    assert page.inner_text("#decided") == "2"


def test_what_no_command_merges_is_not_decided_to_be_merged(visit: OpenVisit, url: str) -> None:
    page = visit().open(url)
    page.click("[data-show=refused]")
    page.keyboard.press("j")
    page.keyboard.press("m")
    assert page.inner_text("#decided") == "0"
    assert page.locator(".cluster:visible").count() == 1


def test_state_is_in_the_url(visit: OpenVisit, url: str) -> None:
    page = visit().open(f"{url}#problems")
    assert list_shown(page) == ["problems"]
    page.click("[data-tab=duplicates]")
    page.click("[data-show=ready]")
    assert read_hash(page) == "#duplicates?show=ready"
    page.reload()
    assert set(page.locator(".cluster:visible").evaluate_all("(all) => all.map((one) => one.dataset.kind)")) == {
        "ready"
    }
    finding = page.locator(".cluster").last.get_attribute("id")
    page.goto("about:blank")
    page.goto(f"{url}#{finding}")
    assert page.locator(f"[id='{finding}']").is_visible()
    page.goto(f"{url}#%3Cimg%20src=x%3E&%")  # a hash that means nothing
    assert list_shown(page) == ["duplicates"]


def test_a_term_in_a_definition_leads_to_it(visit: OpenVisit, url: str) -> None:
    page = visit().open(f"{url}#glossary")
    page.fill("#search", "あとに始める")
    page.click(".hits p a")
    assert page.locator(".list > .here dfn, .list > li.here dfn").inner_text() == "待避"
    assert page.input_value("#search") == ""


def test_the_script_of_the_decisions_does_what_was_decided(visit: OpenVisit, tmp_path: Path) -> None:
    page = visit().open(write_report(tmp_path, NOTES))
    for row in page.locator(".cluster[data-kind=ready] , .cluster[data-kind=gains]").all():
        row.evaluate("(row) => decide(row, 'merge')")
    for row in page.locator(".cluster[data-kind=refused], .cluster[data-kind=read]").all():
        row.evaluate("(row) => decide(row, 'ignore')")
    page.click("#decisions > summary")
    script = page.input_value("#script")
    with page.expect_download() as waiting:
        page.click("#download")
    assert waiting.value.suggested_filename == "techstock-decisions.sh"
    assert Path(waiting.value.path()).read_text("utf-8") == script
    program = tmp_path / "bin" / "techstock"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nexec "$PYTHON" -P -m techstock "$@"\n', "utf-8")
    program.chmod(0o755)
    root = tmp_path / "手帳"
    path = f"{program.parent}:{make_environment()['PATH']}"
    environment = make_environment(PATH=path, PYTHON=sys.executable)
    subprocess.run(["sh", "-c", script], cwd=root, env=environment, check=True, capture_output=True)
    after = visit().open(write_report(tmp_path / "again", {}, "--root", str(root), str(root)))
    assert after.locator(".cluster").count() == 0
    text = "".join(path.read_text("utf-8") for path in root.rglob("*.md"))
    assert text.count("水門のそばで") == 1
    assert text.count("They pay by length.") == 1
    assert text.count("別の内容") >= 1


def test_blocked_storage_is_told(visit: OpenVisit, url: str) -> None:
    there = visit()
    there.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    page = there.open(url)
    page.keyboard.press("j")
    page.keyboard.press("m")
    assert page.inner_text("#decided") == "1"
    page.click("#decisions > summary")
    assert page.locator("#not-kept").is_visible()
    assert there.faults == []


def test_hostile_notes(visit: OpenVisit, tmp_path: Path) -> None:
    folder = make_hostile_repository(tmp_path / "x")
    file = tmp_path / "page.html"
    assert main(["report", "--root", str(folder), str(folder), "-o", str(file), "-q"]) == 0
    there = visit()
    page = there.open(file.as_uri())
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for tab in page.locator("[data-tab]").all():
        tab.click()
    page.fill("#search", "<img src=x onerror=x>")
    assert page.locator(".hits:visible").count() == 1
    page.evaluate("for (const row of document.querySelectorAll('.cluster')) decide(row, 'later')")
    assert [one for one in there.requests if not one.startswith((file.as_uri(), "data:image/"))] == []
    assert there.faults == []
    assert page.locator("img:not([src^='data:image/']), iframe, object, embed, base, form").count() == 0
    assert re.fullmatch(r"(#.*\n)+", page.input_value("#script"))


def test_the_firefox_of_this_machine_asks_for_the_page_alone(tmp_path: Path) -> None:
    program = find_program("firefox")
    if not program:
        pytest.skip("there is no firefox on this machine")
    folder = make_hostile_repository(tmp_path / "x")
    file, profile = tmp_path / "page.html", tmp_path / "profile"
    profile.mkdir()
    assert main(["report", "--root", str(folder), str(folder), "-o", str(file), "-q"]) == 0
    with serve_file(file) as (url, asked):
        command = [
            program,
            "--headless",
            "--no-remote",
            "--profile",
            str(profile),
            "--screenshot",
            str(tmp_path / "a.png"),
        ]
        home = {"HOME": str(tmp_path), "MOZ_CRASHREPORTER_DISABLE": "1"}
        done = subprocess.run(
            [*command, url], env=make_environment(**home), check=False, capture_output=True, timeout=60
        )
    assert (tmp_path / "a.png").exists(), done.stderr
    assert {*asked} - {"/favicon.ico"} == {"/page.html"}
