"""`techstock report` as it is run."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from techstock.cli import main
from tests.hostile.support import make_hostile_repository, read_everything
from tests.images.pictures import make_image
from tests.report.support import PageReader, read_page
from tests.support import commit_all, make_project, run_git

DRAIN = "- 待避: 水門のそばで新しい舟を受けず、流れを見ながら空くのを待つ状態のこと。\n"
FILES: dict[str, str | bytes] = {
    "techstock.toml": "",
    "a.md": f"# 朝\n\n{DRAIN}\n![図](水門.png)\n\n![](gone.png)\n",
    "n/b.md": f"# 夜\n\n{DRAIN}\n- 復旧: 待避のあとに始めること。\n\n![](https://a.test/x.png)\n",
    "水門.png": make_image("PNG", (640, 480)),
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = make_project(tmp_path / "手帳", FILES)
    monkeypatch.chdir(made)
    return made


def report(*arguments: str, code: int = 0) -> PageReader:
    assert main(["report", "--no-cache", *arguments]) == code
    return read_page(Path("techstock-report.html").read_text("utf-8"))


def find_ids(page: PageReader, tag: str) -> list[str | None]:
    return [one.get("id") for one in page.find_all(tag)]


def test_the_page_holds_everything(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = report()
    assert re.fullmatch(r"`techstock-report.html` is written: [0-9]{2} kB\n", capsys.readouterr().err)
    assert find_ids(page, "section") == ["duplicates", "images", "glossary", "problems"]
    [html] = page.find_all("html")
    assert html["lang"] == "ja"
    assert page.text.count("どの場所も同じ文章") == 1
    assert "techstock merge --apply" in page.text
    assert "<!-- techstock: ignore duplicate-definition 別の内容 -->" in page.text
    assert "待避のあとに始めること。" in page.text
    assert str(root) not in (root / "techstock-report.html").read_text("utf-8")


def test_its_policy_allows_its_own_style_and_script_alone(root: Path) -> None:
    report()
    text = (root / "techstock-report.html").read_text("utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    rules = dict(part.strip().split(" ", 1) for part in policy[1].replace("&#39;", "'").split(";"))
    for name, tag in (("script-src", "script"), ("style-src", "style")):
        content = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.S)
        assert content
        assert rules.pop(name) == f"'sha256-{b64encode(sha256(content[1].encode()).digest()).decode()}'"
    assert rules == {"default-src": "'none'", "img-src": "data:", "base-uri": "'none'", "form-action": "'none'"}
    assert {"name": "referrer", "content": "no-referrer"} in read_page(text).find_all("meta")


def test_images_are_embedded_and_remote_ones_are_not_loaded(root: Path) -> None:
    page = report("--only", "images")
    [picture] = page.find_all("img")
    assert str(picture["src"]).startswith("data:image/webp;base64,")
    assert picture["alt"] == "図"
    assert "https://a.test/x.png" in page.text
    assert "1 表示されない0 要注意0 不明1 未確認1 表示される" in page.text
    assert find_ids(page, "section") == ["images"]


def test_languages(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = report("--language", "en")
    assert page.find_all("html")[0]["lang"] == "en"
    assert {"ja"} <= {one.get("lang") for one in page.find_all("pre")}
    assert main(["report", "--language", "jp"]) == 2
    assert "--language takes en or ja, not `jp`" in capsys.readouterr().err


def test_a_path_chooses_what_touches_it(root: Path) -> None:
    page = report("n")
    assert "techstock merge --apply" in page.text  # the other copy is outside
    assert "gone.png" not in page.text
    assert "n/b.md" in page.text


def test_places_link_to_the_commit_on_github(root: Path) -> None:
    commit = commit_all(root)
    run_git(root, "remote", "add", "origin", "https://github.com/a/手帳")
    report()
    run_git(root, "remote", "set-url", "origin", "https://github.com/a/b.git")
    page = report()
    links = {one["href"] for one in page.find_all("a") if one.get("class") == "at"}
    assert f"https://github.com/a/b/blob/{commit}/n/b.md?plain=1#L3" in links
    assert commit[:12] in page.text


def test_a_history_grows_and_is_plotted(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        page = report("--history", "history.jsonl")
    assert len(page.find_all("circle")) == 2
    lines = [json.loads(line) for line in Path("history.jsonl").read_text("utf-8").splitlines()]
    assert [line["duplicates"] for line in lines] == [1, 1]
    assert lines[0]["problems"]["duplicate-definition"] == 1
    Path("history.jsonl").write_text("[]\n", "utf-8")
    assert main(["report", "--history", "history.jsonl"]) == 2
    assert "holds on line 1 no counts of a run" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--output", "gone/x.html"], "--output: there is no folder `gone` for `gone/x.html`"),
        (["--output", "n"], "--output: `n` names no file"),
        (["--output", ".git/x.html"], "it lies in the folder of git"),
        (["--history", "n"], "--history: `n` names no file"),
        (["--only", "term"], "--only: there is no section `term`"),
        (["--only", "images", "--history", "x"], "--history counts problems, and --only leaves them out"),
        (["-"], "stdin has no place in it"),
    ],
)
def test_wrong_use(root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    (root / ".git").mkdir()
    assert main(["report", *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not (root / "techstock-report.html").exists()


def test_commands_on_the_page_find_the_same(root: Path) -> None:
    page = report("--duplicate-scope", "corpus", "--isolated", "--config", "preset='strict'")
    command = next(text for text in page.texts if text.startswith("techstock merge"))
    assert "--config 'preset='\"'\"'strict'\"'\"'' --isolated --duplicate-scope corpus --apply" in command


def test_hostile_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_hostile_repository(tmp_path / "x")
    monkeypatch.chdir(tmp_path)
    before = read_everything(folder)
    assert main(["report", "--root", str(folder), str(folder), "-o", "page.html", "-q"]) == 0
    text = Path("page.html").read_text("utf-8")
    page = read_page(text)
    known = {"src", "href"}
    assert not any(name.startswith("on") or name == "style" for _, given in page.tags for name in given)
    addresses = [value or "" for _, given in page.tags for name, value in given.items() if name in known]
    assert all(value.startswith(("#", "data:image/")) for value in addresses)
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", text)
    assert str(tmp_path) not in text
    assert read_everything(folder) == before
