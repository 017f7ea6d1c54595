"""The protocol: errors, order, cancellation, and the end of the process in every way."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from techstock.server.context import Context
from techstock.server.framing import (
    FramingError,
    Message,
    MessageReader,
    ProtocolError,
    decode_message,
    encode_message,
)
from techstock.server.inbox import Inbox
from techstock.server.lifecycle import Lifecycle
from techstock.server.uris import make_file_uri
from tests.server.support import EditorClient, ServerError, run_client
from tests.server.test_actions import COPIES
from tests.support import write_files


def frame(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def test_requests_before_initialize_are_refused(tmp_path: Path) -> None:
    with run_client(tmp_path) as client:
        with pytest.raises(ServerError, match="initialize") as caught:
            client.ask_at("textDocument/hover", "file:///a.md", 0, 0)
        assert caught.value.code == -32002
        client.notify("textDocument/didOpen", {})
        client.initialize()
        assert client.stop() == 0


def test_errors_are_answers(client: EditorClient, root: Path) -> None:
    uri = client.open(write_files(root, COPIES) / "a.md")
    for method, params, code in (
        ("textDocument/unheardOf", {}, -32601),
        ("textDocument/hover", {"textDocument": {"uri": uri}}, -32602),
        ("textDocument/hover", {"textDocument": {"uri": 3}, "position": {}}, -32602),
        ("textDocument/hover", [], -32602),
        ("initialize", {}, -32600),
        ("workspace/executeCommand", {"command": "rm"}, -32602),
        ("codeAction/resolve", {"title": "x", "data": {"uri": uri, "do": "nothing"}}, -32803),
        ("codeAction/resolve", {"title": "x"}, -32602),
    ):
        with pytest.raises(ServerError) as caught:
            client.request(method, params)
        assert caught.value.code == code, method
    assert client.ask_at("textDocument/hover", uri, 4, 3)


def test_messages_that_are_none(client: EditorClient, root: Path) -> None:
    before = len(client.broken)
    for body in (b"{", b"[]", b'{"method": 3}', b'{"jsonrpc": "2.0"}', b"\xff", b"[" * 100_000):
        client.send_bytes(frame(body))
    client.wait(lambda: len(client.broken) == before + 6, "not six errors")
    assert {one["error"]["code"] for one in client.broken[before:]} == {-32700, -32600}
    assert client.request("workspace/symbol", {"query": "x"}) is not None


def test_unknown_notifications_and_answers_are_ignored(client: EditorClient) -> None:
    client.notify("$/setTrace", {"value": "off"})
    client.notify("textDocument/willBurn", {})
    client.notify(
        "textDocument/didChange", {"textDocument": {"uri": "file:///none.md", "version": 3}, "contentChanges": []}
    )
    client.send({"id": "none", "result": 3})
    assert client.request("workspace/symbol", {"query": "x"}) is not None


def test_an_older_version_is_refused(client: EditorClient, root: Path) -> None:
    write_files(root, {"a.md": ""})
    uri = client.open(root / "a.md", "- 港:\n")
    client.wait_for_rules(uri, ["definition-missing"])
    client.versions[uri] = 5
    client.change(uri, "- 港: 船。\n")
    client.wait_for_rules(uri, [])
    client.versions[uri] = 3
    client.change(uri, "- 港:\n- 海:\n")
    client.settle(uri)
    assert client.settle(uri) == []


def test_a_range_is_refused(client: EditorClient, root: Path) -> None:
    """Full texts were agreed on: a range that is taken for a whole text would empty the note."""
    write_files(root, {"a.md": ""})
    uri = client.open(root / "a.md", "- 港:\n")
    place = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}}
    name = {"uri": uri, "version": 2}
    client.notify("textDocument/didChange", {"textDocument": name, "contentChanges": [{"text": "", "range": place}]})
    client.wait_for_rules(uri, ["definition-missing"])
    client.settle(uri)
    assert [one["code"] for one in client.settle(uri)] == ["definition-missing"]


def test_waiting_requests_are_cancelled(client: EditorClient, root: Path) -> None:
    """Many changes come at once: those that were outdated while they waited cost nothing."""
    write_files(root, {f"{number}.md": f"- 語{number}: 意味が{number}つある。\n" * 50 for number in range(40)})
    uri = client.open(root / "1.md")
    for number in range(30):
        client.change(uri, f"- 港{number}:\n" * 200)
    position = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 3}}
    keys = [client.start_request("textDocument/hover", position) for _ in range(20)]
    for key in keys[1:]:
        client.notify("$/cancelRequest", {"id": key})
    assert client.wait_for_answer(keys[0]) is not None
    codes = [client.find_error(key) for key in keys[1:]]
    assert set(codes) <= {-32800, None}
    assert client.ask_at("textDocument/hover", uri, 0, 3) is not None


def test_a_cancelled_request_is_not_worked_on() -> None:
    source, target = os.pipe()
    os.write(target, b"".join(frame(body) for body in (
        b'{"id": 1, "method": "a"}',
        b'{"id": 2, "method": "b"}',
        b'{"method": "$/cancelRequest", "params": {"id": 2}}',
        b'{"method": "$/cancelRequest", "params": {"id": 3}}',
        b'{"method": "c"}',
    )))  # fmt: skip
    inbox = Inbox(source)
    inbox.start_thread()
    found = [inbox.get_message(5) for _ in range(3)]
    assert [one.method for one in found if isinstance(one, Message)] == ["a", "b", "c"]
    assert [inbox.take_cancelled(key) for key in (1, 2, 2, 3)] == [False, True, False, False]


def test_shutdown_and_exit(tmp_path: Path) -> None:
    with run_client(tmp_path) as client:
        client.initialize(tmp_path)
        assert client.request("shutdown") is None
        with pytest.raises(ServerError, match="shut down"):
            client.request("workspace/symbol", {"query": ""})
        client.notify("exit")
        assert client.wait_for_end() == 0
    with run_client(tmp_path) as client:
        client.initialize(tmp_path)
        client.notify("exit")
        assert client.wait_for_end() == 1


@pytest.mark.parametrize("sent", [b"", b"Content-Length: 10\r\n\r\n{", b"Content-Length: x\r\n\r\n", b"x" * 9000])
def test_the_end_of_the_input_ends_the_process(tmp_path: Path, sent: bytes) -> None:
    with run_client(tmp_path) as client:
        client.initialize(tmp_path)
        client.send_bytes(sent)
        assert client.process.stdin
        client.process.stdin.close()
        assert client.wait_for_end() == 1
        assert "Traceback" not in client.errors.decode()


@pytest.mark.skipif(os.name != "posix", reason="processes end otherwise on Windows")
def test_the_process_ends_with_the_editor(tmp_path: Path) -> None:
    """The pipe may be held open by another process; the id of the editor tells."""
    with (
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as editor,
        run_client(tmp_path) as client,
    ):
        client.initialize(tmp_path, processId=editor.pid)
        client.open(tmp_path / "a.md", "- 港:\n")
        assert client.process.poll() is None
        editor.send_signal(signal.SIGKILL)
        editor.wait()
        assert client.wait_for_end() == 1


def test_nothing_but_messages_is_on_stdout(tmp_path: Path) -> None:
    """The reader of the client fails at anything else; errors and notices go to stderr."""
    write_files(tmp_path, {"techstock.toml": "select = 3\n", "a.md": "- 港:\n"})
    with run_client(tmp_path) as client:
        client.initialize(tmp_path)
        uri = client.open(tmp_path / "a.md")
        client.wait(lambda: any(one["method"] == "window/showMessage" for one in client.notifications), "no message")
        assert client.settle(uri) == []
        assert client.stop() == 0
        assert "select" in client.errors.decode()


def test_a_path_is_no_argument(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "techstock", "server", "notes"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr == b"error: `techstock server` takes no PATH: the editor names the notes\n"


def test_messages_in_pieces() -> None:
    source, target = os.pipe()
    reader = MessageReader(source)
    os.write(target, b"content-length:2\r\nContent-Type: x\r\n\r\n{}Content-Le")
    assert reader.read_body() == b"{}"
    os.write(target, b"ngth: 4\r\n\r\n[1,2")
    assert reader.read_body() == b"[1,2"
    os.write(target, b"Content-Length: 999999999999\r\n\r\n")
    with pytest.raises(FramingError, match="more than"):
        reader.read_body()
    os.close(target)
    assert reader.read_body() is None
    os.close(source)


def test_a_lone_surrogate_does_not_break_a_message() -> None:
    assert b"a?b" in encode_message({"result": ["a\ud800b"]})
    with pytest.raises(ProtocolError):
        decode_message(b'{"id": 1.5, "method": "x"}')


def test_no_thread_runs_until_the_folders_are_loaded(root: Path) -> None:
    """Notes are parsed by forked processes, which a thread must not be beside; later, they are parsed here."""
    write_files(root, COPIES)
    context = Context(lambda *_: None, lambda *_: None)
    life = Lifecycle(context)
    allowed = [life.may_run_thread]
    life.initialize({"workspaceFolders": [{"uri": make_file_uri(root)}], "rootUri": None})
    allowed.append(life.may_run_thread)
    life.open_folders()
    allowed.append(life.may_run_thread)
    assert allowed == [False, False, True]
    assert [project.session.loading.jobs for project in context.workspace.iter_projects()] == [0]
    (root / "techstock.toml").write_text('preset = "strict"')
    for project in context.workspace.iter_projects():
        assert project.notice_changes()
        assert project.session.loading.jobs == 1
