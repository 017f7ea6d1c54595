"""A client of the language server over real pipes, for tests and benchmarks."""

import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from techstock.server.uris import make_file_uri

Json = dict[str, Any]
WAIT = 20.0  # seconds until a test gives up; none of them waits as long unless it fails

CODE_ABILITIES: Json = {
    "general": {"positionEncodings": ["utf-16"]},
    "window": {"showMessage": {}},
    "workspace": {
        "workspaceFolders": True,
        "workspaceEdit": {"documentChanges": True, "changeAnnotationSupport": {"groupsOnLabel": True}},
    },
    "textDocument": {
        "publishDiagnostics": {"relatedInformation": True, "versionSupport": True},
        "hover": {"contentFormat": ["markdown"]},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}},
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
    },
}
"""As those of VS Code, in so far as the server looks at them."""


class ServerError(Exception):
    """The error with which the server answered; `code` is that of JSON-RPC."""

    def __init__(self, error: Json) -> None:
        super().__init__(error["message"])
        self.code: int = error["code"]


class EditorClient:
    """An editor that talks to a server in a process of its own."""

    def __init__(self, cwd: Path, environment: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "techstock", "server", "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
        )
        self.notifications: list[Json] = []
        self.asked: deque[Json] = deque()  # requests of the server
        self.broken: list[Json] = []  # answers to what was no message
        self.versions: dict[str, int] = {}
        self.errors = b""
        self._answers: dict[int, Json] = {}
        self._changed = threading.Condition()
        self._ended = False
        self._key = 0
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._read, self._read_errors)]
        for thread in self._threads:
            thread.start()

    def send_bytes(self, data: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, content: Json) -> None:
        body = json.dumps({"jsonrpc": "2.0", **content}).encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"method": method, "params": params})

    def start_request(self, method: str, params: Any = None) -> int:
        self._key += 1
        self.send({"id": self._key, "method": method, "params": params})
        return self._key

    def wait_for_answer(self, key: int) -> Any:
        self.wait(lambda: key in self._answers, f"no answer to request {key}")
        answer = self._answers.pop(key)
        if "error" in answer:
            raise ServerError(answer["error"])
        return answer["result"]

    def find_error(self, key: int) -> int | None:
        """Return the code of the error with which a request is answered; `None` if it has a result."""
        try:
            self.wait_for_answer(key)
        except ServerError as error:
            return error.code
        return None

    def request(self, method: str, params: Any = None) -> Any:
        return self.wait_for_answer(self.start_request(method, params))

    def wait(self, is_done: Callable[[], bool], complaint: str, seconds: float = WAIT) -> None:
        limit = monotonic() + seconds
        with self._changed:
            while not is_done():
                left = limit - monotonic()
                if left <= 0 or (self._ended and not is_done()):
                    raise AssertionError(f"{complaint}; stderr: {self.errors.decode()[-2000:]}")
                self._changed.wait(min(left, 1))

    # What editors do

    def initialize(self, *folders: Path, abilities: Json | None = None, **given: Any) -> Any:
        named = [{"uri": make_file_uri(folder), "name": folder.name} for folder in folders]
        capabilities = CODE_ABILITIES if abilities is None else abilities
        params = {"processId": os.getpid(), "capabilities": capabilities, "rootUri": None, "workspaceFolders": named}
        result = self.request("initialize", {**params, **given})
        self.notify("initialized", {})
        return result

    def open(self, file: Path | str, text: str | None = None) -> str:
        uri = file if isinstance(file, str) else make_file_uri(file)
        content = (
            text if text is not None or isinstance(file, str) else file.read_bytes().decode().removeprefix("\ufeff")
        )
        self.versions[uri] = 1
        item = {"uri": uri, "languageId": "markdown", "version": 1, "text": content}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def change(self, uri: str, text: str) -> int:
        self.versions[uri] += 1
        name = {"uri": uri, "version": self.versions[uri]}
        self.notify("textDocument/didChange", {"textDocument": name, "contentChanges": [{"text": text}]})
        return self.versions[uri]

    def close(self, uri: str) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def ask_at(self, method: str, uri: str, line: int, character: int, **more: Any) -> Any:
        position = {"line": line, "character": character}
        return self.request(method, {"textDocument": {"uri": uri}, "position": position, **more})

    def get_published(self, uri: str) -> list[Json] | None:
        """Return the diagnostics that were published last; `None` if there were none yet."""
        for one in reversed(self.notifications):
            if one["method"] == "textDocument/publishDiagnostics" and one["params"]["uri"] == uri:
                found: list[Json] = one["params"]["diagnostics"]
                return found
        return None

    def wait_for_rules(self, uri: str, rules: Iterable[str]) -> list[Json]:
        """Wait until the diagnostics of a document are of exactly these rules, and return them."""
        wanted = sorted(rules)
        self.wait(
            lambda: (found := self.get_published(uri)) is not None and sorted(one["code"] for one in found) == wanted,
            f"not {wanted}, but {[one['code'] for one in self.get_published(uri) or ()]}",
        )
        return self.get_published(uri) or []

    def settle(self, uri: str) -> list[Json]:
        """Return the diagnostics of a document after all that was sent before has been checked."""
        self.request("textDocument/codeAction", {
            "textDocument": {"uri": uri},
            "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
            "context": {"diagnostics": []},
        })  # fmt: skip
        return self.get_published(uri) or []

    def stop(self) -> int:
        """Shut the server down, and return its exit code."""
        self.request("shutdown")
        self.notify("exit")
        return self.wait_for_end()

    def wait_for_end(self) -> int:
        code = self.process.wait(WAIT)
        for thread in self._threads:
            thread.join(WAIT)
        return code

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream
        while line := stream.readline():
            length = int(line.partition(b":")[2])
            while stream.readline().strip():
                pass
            message = json.loads(stream.read(length))
            with self._changed:
                if "method" not in message and message["id"] is None:
                    self.broken.append(message)
                elif "method" not in message:
                    self._answers[message["id"]] = message
                elif "id" in message:
                    self.asked.append(message)
                else:
                    self.notifications.append(message)
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _read_errors(self) -> None:
        assert self.process.stderr
        self.errors = self.process.stderr.read()


@contextmanager
def run_client(cwd: Path, environment: Mapping[str, str] | None = None) -> Iterator[EditorClient]:
    """Run a server, and end it at last if it has not ended."""
    client = EditorClient(cwd, environment)
    try:
        yield client
    finally:
        if client.process.poll() is None:
            client.process.kill()
        client.process.wait()
        for stream in (client.process.stdin, client.process.stdout, client.process.stderr):
            if stream:
                stream.close()


def run_lint(root: Path, *arguments: str) -> list[Json]:
    """Run `techstock lint` in a process, and return the problems it reports."""
    command = [sys.executable, "-m", "techstock", "lint", "--quiet", "--output-format", "json", *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    found: list[Json] = json.loads(done.stdout or b"[]")
    return found
