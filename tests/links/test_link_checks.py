"""Links between notes: what leads somewhere, what does not, and what is better left alone."""

from pathlib import Path

import pytest

from techstock.links import suggestions
from techstock.links.file_index import FileIndex
from techstock.links.resolver import find_vault
from techstock.rules import link_missing
from tests.images.pictures import PNG, list_problems
from tests.support import make_corpus, make_project, run_git, run_rule, write_files

OTHER = "## 復旧\n\n### 復旧\n\ntext\n"


def list_link_messages(text: str, beside: tuple[str, ...] = (), **files: str) -> list[str]:
    notes = {"a/note.md": text, "b/other.md": OTHER, **files}
    return [found.problem.message for found in run_rule("link-missing", notes, beside)]


@pytest.mark.parametrize(
    "link",
    [
        "[x](../b/other.md)",
        "[x](../b/other.md#復旧-1)",
        "[x](../b/other.md#%E5%BE%A9%E6%97%A7)",
        "[x](/b/other.md)",
        "[x](../b/)",
        "[x](../b)",
        "[x](..)",
        "[x](#)",
        "[x](#top)",
        "[x](#:~:text=a)",
        "[x](../b/other.html)",
        "[x](../b/other)",
        "[x](../b/other/)",
        "[x](script.py#L10)",
        "[x](../../outside.md)",
        "[x](https://example.org/a.md)",
        "[x](mailto:me@example.org)",
        "<https://example.org>",
        "[x]({{ site.url }}/a)",
        "[[other]]",
        "[[not written yet]]",
        "[[other#復旧]]",
        "[[other#^block]]",
        "[[other#a#復旧]]",
        "[[#復旧|x]]\n\n## 復旧！",
        "[[other]](aside)",
        "$[TS](u) = x$",
        "`[x](none.md)`",
        "[x]()",
    ],
)
def test_fine(link: str) -> None:
    assert list_link_messages(f"{link}\n", ("a/script.py",)) == []


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("[x](none.md)", "there is no `a/none.md`"),
        ("[x](none.py)", "there is no `a/none.py`"),
        ("[x](none/)", "there is no `a/none`"),
        ("[x](other.md)", "there is no `a/other.md`"),
        ("[x](../B/Other.md)", "`b/other.md` is written here in another case"),
        ("[x][r]\n\n[r]: none.md", "there is no `a/none.md`"),
        ("[x](../b/other.md#復旧-2)", "`b/other.md` has no heading `#復旧-2`"),
        ("[x](#none)", "this note has no heading `#none`"),
        ("[[other#待避]]", "`b/other.md` has no heading `待避`"),
        ("[[#待避]]", "this note has no heading `待避`"),
        ("![x](a.png) [x](gone.md)", "`a/gone.md` is deleted, but still in git's index"),
    ],
)
def test_leads_nowhere(link: str, message: str) -> None:
    assert list_link_messages(f"{link}\n", ("a/gone.md (gone)",)) == [message]


def test_help() -> None:
    text = "[x](other.md) [x](#none-such) [x](example.com/a) [x](noet.md)\n\n## None such?\n"
    found = run_rule("link-missing", {"a/note.md": text.replace("#none-such", "#non-such"), "b/other.md": OTHER}, ())
    assert [problem.problem.help for problem in found] == [
        "did you mean `../b/other.md`?",
        "did you mean `#none-such`?",
        "put `https://` before it, if it is a web page",
        "did you mean `note.md`?",
    ]


def test_a_definition_of_many_links() -> None:
    found = run_rule("link-missing", {"a.md": "[x][r] [y][r]\n\n[r]: B.md\n", "b.md": ""}, ())
    assert [problem.problem.place.start for problem in found] == [0, 7]
    assert [problem.problem.fix for problem in found] == [None, None]


def test_without_files_nothing_is_said() -> None:
    assert run_rule("link-missing", {"a.md": "[x](none.md)\n"}) == []


def test_links_to_this_repository(tmp_path: Path) -> None:
    home = "https://github.com/me/notes/blob/main"
    write_files(tmp_path, {"a.md": f"[x]({home}/b.md#x) [x]({home}/b.md#y) [x]({home}/c.md)\n", "b.md": "# x\n"})
    run_git(tmp_path, "init", "--quiet", "-b", "main")
    run_git(tmp_path, "remote", "add", "origin", "https://github.com/me/notes")
    assert [message for _, message in list_problems(tmp_path, "link-missing")] == [
        "`b.md` has no heading `#y`",
        "there is no `c.md`",
    ]


def embeds(text: str, *beside: str) -> list[str]:
    return [found.problem.message for found in run_rule("image-missing", {"v/n/a.md": text}, beside)]


def test_embeds_of_obsidian() -> None:
    vaulted = ("v/.obsidian/app.json", "v/img/A b.png", "other/c.png")
    fine = "![[A b.png]] ![[img/a B.png|300]] ![[note]] ![[note#h]] ![[talk.mp4]] ![[x.excalidraw]]\n"
    assert embeds(fine, *vaulted) == []
    assert embeds("![[none.png]] ![[c.png]]\n", *vaulted) == [
        "no file of the vault has the name `none.png`",
        "no file of the vault has the name `c.png`",
    ]
    assert embeds("![[none.png]]\n", "v/img/b.png") == []


def test_an_embed_is_looked_into(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        ".obsidian/x": "",
        "n/a.md": "![[b.png]] ![[c.png]]\n",
        "i/b.png": PNG[:-1],
        "i/c.png": PNG,
    }
    make_project(tmp_path, files, git=True)
    (tmp_path / "i/c.png").unlink()
    assert list_problems(tmp_path) == [
        ("image-corrupt", "`i/b.png` is cut off: the end of the PNG is missing"),
        ("image-missing", "`i/c.png` is deleted, but still in git's index"),
    ]


def test_a_vault_that_git_ignores(tmp_path: Path) -> None:
    write_files(tmp_path, {".gitignore": ".obsidian\n", ".obsidian/x": "", "a.md": "![[none.png]]\n"})
    run_git(tmp_path, "init", "--quiet", "-b", "main")
    assert list_problems(tmp_path) == [("image-missing", "no file of the vault has the name `none.png`")]


def test_no_vault() -> None:
    notes = make_corpus({"a/b.md": ""}, ())
    assert find_vault(FileIndex(notes), "a/b.md") is None


def test_guesses_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (link_missing, suggestions):
        monkeypatch.setattr(module, "_GUESSES", 1)
    text = "[x](#no-sush) [x](#no-sush) [x](noet.md) [x](noet.md) [x](ntoe.md) [x](a/note.md)\n\n## No such\n"
    found = run_rule("link-missing", {"note.md": text}, ())
    helps = [problem.problem.help.startswith("did you mean") for problem in found]
    assert helps == [True, False, True, True, False, True]


def test_without_files_only_targets_are_judged() -> None:
    notes = {"a.md": "![](none.png) ![](C:/a.png) ![](data:image/png;base64,@)\n"}
    assert [run_rule(rule, notes) != [] for rule in ("image-missing", "image-path", "image-corrupt")] == [
        False,
        True,
        False,
    ]
    assert run_rule("image-size", notes) == run_rule("image-unused", notes) == []
