"""The language server: the loop that answers messages, and what it does while none waits."""

import os
import sys
from collections.abc import Iterator
from time import monotonic
from typing import Any

import msgspec

from techstock.commands.console import print_message, print_traceback
from techstock.server.client import read_settings
from techstock.server.context import AnswerCallback, Context
from techstock.server.framing import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    NOT_INITIALIZED,
    REQUEST_CANCELLED,
    REQUEST_FAILED,
    Json,
    Message,
    MessageId,
    ProtocolError,
    encode_message,
)
from techstock.server.inbox import Inbox
from techstock.server.lifecycle import Lifecycle
from techstock.server.parameters import Parameters
from techstock.server.requests import NOTIFICATIONS, REQUESTS
from techstock.server.synchronization import Synchronization, Work
from techstock.server.workspace import EXPECTED_ERRORS

_PAUSE = 0.5  # seconds between two looks at whether there is anything to do


class Outbox:
    """A writer of messages to a file descriptor. `closed` is set when nobody reads them any more."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.closed = False

    def send_message(self, content: Json) -> None:
        """Write a message."""
        data = memoryview(encode_message(content))
        try:
            while data and not self.closed:
                data = data[os.write(self._descriptor, data) :]
        except OSError:
            self.closed = True


class LanguageServer:
    """A language server that reads messages from one file descriptor and writes them to another."""

    def __init__(self, source: int, target: int) -> None:
        self._inbox, self._outbox = Inbox(source), Outbox(target)
        self._answers: dict[MessageId, AnswerCallback] = {}
        self._asked = 0
        self.context = Context(self._send_notification, self._send_request)
        self._life = Lifecycle(self.context)
        self._sync = Synchronization(self.context)
        self._work: Iterator[Work] | None = None  # what is left to do until the next message

    def run(self) -> int:
        """Run until the client says `exit`, or is gone; return the exit code."""
        while not self._life.has_ended and not self._outbox.closed:
            if self._life.may_run_thread and not self._inbox.is_threaded:
                self.context.workspace.forbid_processes()
                self._inbox.start_thread()
            waits = self._inbox.is_threaded or self._work is None
            message = self._inbox.get_message(_PAUSE if self._work is None else 0) if waits else None
            if message is not None:
                self._handle(message)
                self._work = self._list_work()
            elif self._inbox.ended:
                break
            else:
                self._do_next()
        if self._inbox.trouble:
            print_message(f"error: {self._inbox.trouble}")
        return self._life.exit_code

    def _do_next(self) -> None:
        """Do a piece of work. When none is left, there is none until the next message or pause."""
        self._work = self._list_work() if self._work is None else self._work
        piece = next(self._work, None)
        if piece is None:
            self._work = None
        else:
            self._run_guarded(piece)

    def _list_work(self) -> Iterator[Work]:
        """Yield what is due, piece by piece."""
        yield lambda: self._life.look_for_client(monotonic())
        if self._life.is_ready:
            yield self._life.open_folders
            yield from self._sync.list_work()

    def _run_guarded(self, action: Work) -> None:
        """Run a piece of work that nobody waits for; log an error, so that it ends nothing else."""
        try:
            action()
        except EXPECTED_ERRORS as error:
            self._log(f"error: {error}")
        except Exception as error:  # noqa: BLE001 (the editor would lose the server)
            print_traceback(error)
            self._log(f"error: techstock has a defect: {type(error).__name__}: {error}")

    # Messages

    def _handle(self, message: Message | ProtocolError) -> None:
        if isinstance(message, ProtocolError):
            self._send_error(None, message.code, str(message))
        elif message.is_answer:
            callback = self._answers.pop(message.id, None)
            if callback and message.error is None:
                self._run_guarded(lambda: callback(message.result))
        elif message.is_request:
            self._answer(message)
        else:
            self._run_guarded(lambda: self._note(message))

    def _answer(self, message: Message) -> None:
        """Answer a request with its result or an error, whatever happens."""
        if self._inbox.take_cancelled(message.id):
            self._send_error(message.id, REQUEST_CANCELLED, "the request was cancelled")
            return
        try:
            result = self._find_result(message)
        except ProtocolError as error:
            self._send_error(message.id, error.code, str(error))
        except EXPECTED_ERRORS as error:
            self._send_error(message.id, REQUEST_FAILED, str(error))
        except Exception as error:  # noqa: BLE001 (an answer must be sent)
            print_traceback(error)
            self._send_error(message.id, INTERNAL_ERROR, f"techstock has a defect: {type(error).__name__}: {error}")
        else:
            self._outbox.send_message({"id": message.id, "result": result})

    def _find_result(self, message: Message) -> Any:
        method = message.method
        if method == "initialize":
            return self._life.initialize(message.params)
        if not self._life.is_initialized:
            raise ProtocolError(NOT_INITIALIZED, "the first request must be `initialize`")
        if self._life.is_shut_down:
            raise ProtocolError(INVALID_REQUEST, "the server is shut down")
        if method == "shutdown":
            return self._life.shut_down()
        handler = REQUESTS.get(method)
        if handler is None:
            raise ProtocolError(METHOD_NOT_FOUND, f"`{method}` is not known")
        if not self.context.settings.is_on(handler.feature):
            return None
        params = convert_parameters(message.params, handler.parameters)
        self._sync.take_changes(checked=handler.needs_check)
        return handler.run(self.context, params)

    def _note(self, message: Message) -> None:
        """Handle a notification; one that is not known is ignored, as the protocol says."""
        if message.method == "exit":
            self._life.end()
        elif message.method == "initialized":
            self._life.confirm()
        elif self._life.is_initialized and not self._life.is_shut_down:
            if message.method == "workspace/didChangeConfiguration":
                self._change_settings(message.params)
            elif kind := NOTIFICATIONS.get(message.method):
                try:
                    self._sync.take_notification(message.method, convert_parameters(message.params, kind))
                except ProtocolError as error:
                    self._log(f"error: {message.method}: {error}")

    def _change_settings(self, params: Any) -> None:
        given = params.get("settings") if isinstance(params, dict) else None
        self.context.settings, wrong = read_settings(given, self.context.settings)
        for sentence in wrong:
            self.context.show_message(sentence)
        self._sync.publish_again()

    # What is sent

    def _send_notification(self, method: str, params: Json) -> None:
        self._outbox.send_message({"method": method, "params": params})

    def _send_request(self, method: str, params: Json, callback: AnswerCallback) -> None:
        self._asked += 1
        key = f"techstock-{self._asked}"
        self._answers[key] = callback
        self._outbox.send_message({"id": key, "method": method, "params": params})

    def _send_error(self, key: MessageId, code: int, text: str) -> None:
        self._outbox.send_message({"id": key, "error": {"code": code, "message": text}})

    def _log(self, text: str) -> None:
        print_message(text)
        self._send_notification("window/logMessage", {"type": 1, "message": text})


def convert_parameters(given: Any, kind: type[Parameters]) -> Parameters:
    """Return parameters as a struct. Raise `ProtocolError` if they do not fit."""
    try:
        return msgspec.convert({} if given is None else given, kind)
    except msgspec.ValidationError as error:
        raise ProtocolError(INVALID_PARAMS, f"the parameters do not fit: {error}") from None


def run_server() -> int:
    """Run the server on stdin and stdout, and return its exit code.

    Whatever else is written to stdout goes to stderr: it would be read as a message.
    """
    source, target = os.dup(0), os.dup(1)
    empty, end = os.pipe()
    os.close(end)
    os.dup2(empty, 0)  # no process that is started reads a message
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return LanguageServer(source, target).run()
