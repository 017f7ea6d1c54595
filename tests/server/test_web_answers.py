"""What the last check of images on the web found is shown; the web is not asked."""

import time
from pathlib import Path

from techstock.model.web import BROKEN, BROKEN_REASONS, NO_IMAGE, OK, UNKNOWN, WebStatus
from techstock.rules import image_broken
from techstock.storage.cache_directory import CacheDirectory
from techstock.web.answer_cache import AnswerCache
from techstock.web.urls import Url, parse_url
from tests.server.editing import EditingSession, run_lint_here
from tests.server.support import EditorClient
from tests.support import write_files

_TEXT = "".join(f"![絵](https://img.techstock.dev/{name}.png)\n\n" for name in ("gone", "fine", "busy"))


def write_answers(root: Path) -> None:
    """Write what `techstock images` would have found."""
    store = AnswerCache(CacheDirectory(str(root / ".techstock_cache")), time.time())
    for name, answer in (
        ("gone", WebStatus(BROKEN, "gone")),
        ("fine", WebStatus(OK)),
        ("busy", WebStatus(UNKNOWN, "timeout")),
    ):
        url = parse_url(f"https://img.techstock.dev/{name}.png")
        assert isinstance(url, Url)
        store.record_answer(url, answer, "")
    store.save()


def test_broken_images_are_reported(root: Path) -> None:
    write_files(root, {"a.md": _TEXT})
    session = EditingSession(root.resolve())
    session.work()
    assert session.list_findings() == run_lint_here(root) == []
    write_answers(root)
    session.work()
    assert [one[1:3] for one in session.list_findings()] == [("image-broken", 1)]
    session.open("a.md", f"# 題\n\n{_TEXT}")
    session.work()
    assert [one[1:3] for one in session.list_findings()] == [("image-broken", 3)]


def test_a_hover_tells_of_the_last_check(client: EditorClient, root: Path) -> None:
    write_files(root, {"a.md": _TEXT})
    client.open(root / "a.md")
    client.request("workspace/symbol", {"query": ""})
    write_answers(root)
    uri = client.open(root / "a.md")
    client.wait_for_rules(uri, ["image-broken"])
    said = [client.ask_at("textDocument/hover", uri, line, 10)["contents"]["value"] for line in (0, 2, 4)]
    assert "does not load: gone" in said[0]
    assert "loads" in said[1]
    assert "has not been checked" in said[2]


def test_every_reason_has_a_message() -> None:
    """A reason that no rule knows would end the rule; the cache may come from somebody else."""
    assert image_broken._WHY.keys() | NO_IMAGE == BROKEN_REASONS
