"""Which project a document belongs to, and what happens when that changes."""

from pathlib import Path

import pytest

from techstock.server.documents import Document
from techstock.server.uris import make_file_uri, parse_file_uri
from techstock.server.workspace import OpenNote, Workspace
from tests.server.support import run_client
from tests.support import write_files

TEXT = "- 港:\n"


def open_note(workspace: Workspace, file: Path | str, text: str = TEXT) -> OpenNote:
    uri = file if isinstance(file, str) else make_file_uri(file)
    return workspace.open_document(Document(uri, 1, text, parse_file_uri(uri) or ""))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = (tmp_path / "home").resolve()
    found.mkdir()
    monkeypatch.setenv("HOME", str(found))
    monkeypatch.setenv("USERPROFILE", str(found))
    return found


def test_the_nearest_project_around_a_note(home: Path) -> None:
    write_files(home, {"work/techstock.toml": "", "work/in/a.md": TEXT, "work/in/deep/.git/HEAD": ""})
    workspace = Workspace()
    note = open_note(workspace, home / "work/in/a.md")
    assert (note.project.root, note.path) == (home / "work", "in/a.md")
    assert open_note(workspace, home / "work/in/new.md").project is note.project
    assert open_note(workspace, home / "work/in/deep/b.md").project.root == home / "work/in/deep"


def test_a_folder_of_the_editor_without_a_mark_is_a_project(home: Path) -> None:
    write_files(home, {"notes/a.md": TEXT, "notes/sub/b.md": TEXT, "other/c.md": TEXT})
    workspace = Workspace([str(home / "notes")])
    workspace.open_folders()
    assert [list(one.session.paths) for one in workspace.iter_projects()] == [["a.md", "sub/b.md"]]
    assert open_note(workspace, home / "notes/sub/b.md").path == "sub/b.md"
    assert open_note(workspace, home / "other/c.md").project.alone


@pytest.mark.parametrize("marked", [False, True])
def test_the_home_folder_is_no_project(home: Path, marked: bool) -> None:
    """Whatever is in it: nobody means all files below."""
    write_files(home, {"a.md": TEXT, "b.md": TEXT, **({"techstock.toml": ""} if marked else {})})
    workspace = Workspace([str(home), home.anchor])
    workspace.open_folders()
    assert list(workspace.iter_projects()) == []
    note = open_note(workspace, home / "a.md")
    assert note.project.alone
    assert [one.path for one in note.project.corpus.notes] == ["a.md"]
    assert [one.rule for one in note.project.check()] == ["definition-missing"]


def test_a_document_without_a_file_is_alone(home: Path) -> None:
    workspace = Workspace()
    note = open_note(workspace, "untitled:Untitled-1")
    assert note.project.alone
    assert [one.rule for one in note.project.check()] == ["definition-missing"]
    other = open_note(workspace, "untitled:Untitled-2")
    assert other.project is not note.project
    workspace.close_document("untitled:Untitled-1")
    assert list(workspace.iter_projects()) == [other.project]


def test_a_link_to_a_project_is_followed(home: Path) -> None:
    write_files(home, {"real/techstock.toml": "", "real/a.md": TEXT})
    (home / "link").symlink_to(home / "real")
    note = open_note(Workspace(), home / "link/a.md")
    assert (note.project.root, note.path) == (home / "real", "a.md")


def test_folders_come_and_go(home: Path) -> None:
    write_files(home, {"one/a.md": TEXT, "two/b.md": TEXT})
    one, two = str(home / "one"), str(home / "two")
    workspace = Workspace([one])
    workspace.open_folders()
    workspace.change_folders([two], [])
    assert [str(project.root) for project in workspace.iter_projects()] == [one, two]
    open_note(workspace, home / "one/a.md")
    workspace.change_folders([], [one, two])
    assert [str(project.root) for project in workspace.iter_projects()] == [one], "it has an open note"


def test_a_broken_configuration_says_nothing_until_it_is_mended(home: Path) -> None:
    write_files(home, {"work/techstock.toml": "select = 3", "work/a.md": TEXT})
    workspace = Workspace()
    note = open_note(workspace, home / "work/a.md")
    assert note.path == ""
    assert len(workspace.messages) == 1
    assert not workspace.review_documents()
    assert len(workspace.messages) == 1
    write_files(home, {"work/techstock.toml": ""})
    assert workspace.review_documents()
    assert workspace.notes[note.document.uri].path == "a.md"


def test_a_project_that_begins_around_an_open_note(home: Path) -> None:
    write_files(home, {"work/a.md": TEXT})
    workspace = Workspace()
    note = open_note(workspace, home / "work/a.md")
    assert note.project.alone
    assert not workspace.review_documents()
    write_files(home, {"work/techstock.toml": "", "work/b.md": TEXT})
    assert workspace.review_documents()
    assert len(workspace.notes[note.document.uri].project.corpus.notes) == 2


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///c%3A/Notes/%E5%BE%85.md", "C:\\Notes\\待.md"),
        ("file:///C:/Notes/a%20b.md", "C:\\Notes\\a b.md"),
        ("file://server/share/a.md", "\\\\server\\share\\a.md"),
    ],
)
def test_uris_of_windows(uri: str, path: str) -> None:
    assert parse_file_uri(uri, windows=True) == path
    assert parse_file_uri(make_file_uri(path, windows=True), windows=True) == path


@pytest.mark.parametrize("path", ["/a/b.md", "/待/%41 #?.md", "/a\udcff.md", "/a(b)[c].md"])
def test_uris_lead_back(path: str) -> None:
    assert parse_file_uri(make_file_uri(path, windows=False), windows=False) == path


@pytest.mark.parametrize(
    "uri", ["untitled:1", "http://a/b.md", "file:", "file:///a%00b", "file://host/a.md", "//[", ""]
)
def test_uris_that_name_no_file(uri: str) -> None:
    assert parse_file_uri(uri, windows=False) is None


@pytest.mark.parametrize("folders", [None, []])
def test_no_folder_at_all(root: Path, folders: list[object] | None) -> None:
    """Neovim sends null for a single file."""
    write_files(root, {"a.md": TEXT})
    with run_client(root) as client:
        client.initialize(workspaceFolders=folders)
        client.wait_for_rules(client.open(root / "a.md"), ["definition-missing"])
        assert client.stop() == 0


def test_the_root_of_an_older_client(root: Path) -> None:
    write_files(root, {"a.md": "- 港: 船が泊まる所。\n"})
    with run_client(root) as client:
        client.initialize(workspaceFolders=None, rootUri=make_file_uri(root))
        assert [one["name"] for one in client.request("workspace/symbol", {"query": "港"})] == ["港"]
        assert client.stop() == 0


def test_settings(root: Path) -> None:
    write_files(root, {"a.md": TEXT, "b.md": "- 海:\n"})
    with run_client(root) as client:
        done = client.initialize(root, initializationOptions={"diagnostics": "all", "hidden": ["hover", "completion"]})
        assert "hoverProvider" not in done["capabilities"]
        uri = make_file_uri(root / "b.md")
        client.wait_for_rules(uri, ["definition-missing"])
        client.notify("workspace/didChangeConfiguration", {"settings": {"techstock": {"diagnostics": "open"}}})
        client.wait_for_rules(uri, [])
        client.notify("workspace/didChangeConfiguration", {"settings": {"techstock": {"diagnostics": "some"}}})
        client.wait(lambda: any(one["method"] == "window/showMessage" for one in client.notifications), "no message")
        assert client.stop() == 0


def test_references_of_links_can_be_left_to_the_editor(root: Path) -> None:
    write_files(root, {"a.md": "# 港\n\n- 船: 浮く物。\n- 海: [船](#港)の場所。\n"})
    with run_client(root) as client:
        client.initialize(root, initializationOptions={"hidden": ["linkReferences"]})
        uri = client.open(root / "a.md")

        def count_references() -> list[int]:
            return [len(client.ask_at("textDocument/references", uri, *at)) for at in ((0, 2), (3, 9), (2, 2))]

        assert count_references() == [0, 0, 2]
        client.notify("workspace/didChangeConfiguration", {"settings": {"hidden": []}})
        assert count_references() == [1, 1, 2]
        assert client.stop() == 0


def test_a_new_note_leaves_the_folder_of_images_as_it_is_set(root: Path) -> None:
    settings = 'select = ["image-missing"]\nimage-root = "assets"\n'
    images = "![一](/x.png)\n\n![二](/y.png)\n\n![三](/z.png)\n"
    write_files(root, {"techstock.toml": settings, "assets/x.png": "", "a.md": images})
    with run_client(root) as client:
        client.initialize(root)
        uri = client.open(root / "a.md")
        client.wait_for_rules(uri, ["image-missing"] * 2)
        write_files(root, {"b.md": "- 港: 船が泊まる所。\n", "assets/y.png": ""})
        client.notify("workspace/didChangeWatchedFiles", {"changes": []})
        client.wait_for_rules(uri, ["image-missing"])
        assert client.stop() == 0


def test_a_client_that_watches_files_is_asked_to(root: Path) -> None:
    write_files(root, {"a.md": TEXT})
    with run_client(root) as client:
        client.initialize(root, abilities={"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}})
        client.wait(lambda: bool(client.asked), "nothing was asked")
        asked = client.asked.popleft()
        assert asked["method"] == "client/registerCapability"
        client.send({"id": asked["id"], "result": None})
        uri = client.open(root / "a.md")
        client.wait_for_rules(uri, ["definition-missing"])
        write_files(root, {"techstock.toml": 'ignore = ["definition-missing"]\n'})
        client.notify("workspace/didChangeWatchedFiles", {"changes": []})
        client.wait_for_rules(uri, [])
        assert client.stop() == 0


def test_changes_are_noticed_without_the_help_of_the_client(root: Path) -> None:
    write_files(root, {"a.md": TEXT})
    with run_client(root) as client:
        client.initialize(root)
        uri = client.open(root / "a.md")
        client.wait_for_rules(uri, ["definition-missing"])
        write_files(root, {"techstock.toml": 'ignore = ["definition-missing"]\n'})
        client.wait_for_rules(uri, [])
        assert client.stop() == 0
