"""The messages that wait for the main thread, and the thread that reads them."""

import os
import threading
from collections import deque
from time import monotonic

from techstock.server.framing import FramingError, Message, MessageId, MessageReader, ProtocolError, decode_message

_PATIENCE = 10.0  # seconds that the main thread has to end after its input has ended


class Inbox:
    """The messages that were read and not yet handled.

    They are read by a thread of their own, so that a request can be cancelled while it waits, and that the end of the
    input is noticed while the main thread works. Until `start_thread`, the main thread reads them itself: processes are
    forked in that time, and threads must not be.
    """

    def __init__(self, descriptor: int) -> None:
        self._reader = MessageReader(descriptor)
        self._waiting: deque[Message | ProtocolError] = deque()
        self._changed = threading.Condition()
        self._cancelled: set[MessageId] = set()
        self.is_threaded = False
        self.ended = False
        self.trouble = ""  # why nothing more can be read, if that is an error

    def start_thread(self) -> None:
        """Read messages in a thread from now on."""
        if not self.is_threaded:
            self.is_threaded = True
            threading.Thread(target=self._read_all, name="reader", daemon=True).start()

    def get_message(self, seconds: float) -> Message | ProtocolError | None:
        """Return the next message, or an error in its place; `None` after so many seconds, or at the end."""
        if not self.is_threaded:
            return self._read_one()
        limit = monotonic() + seconds
        with self._changed:
            while not self._waiting and not self.ended and (left := limit - monotonic()) > 0:
                self._changed.wait(left)
            return self._waiting.popleft() if self._waiting else None

    def take_cancelled(self, key: MessageId) -> bool:
        """Return whether the request was cancelled, and forget it."""
        with self._changed:
            found = key in self._cancelled
            self._cancelled.discard(key)
            return found

    def _read_one(self) -> Message | ProtocolError | None:
        try:
            body = self._reader.read_body()
        except FramingError as error:
            self.trouble, body = str(error), None
        if body is None:
            self.ended = True
            return None
        try:
            return decode_message(body)
        except ProtocolError as error:
            return error

    def _read_all(self) -> None:
        while (found := self._read_one()) is not None:
            with self._changed:
                if isinstance(found, Message) and found.method == "$/cancelRequest":
                    self._cancel(found)
                else:
                    self._waiting.append(found)
                    self._changed.notify()
        with self._changed:
            self._changed.notify()
        threading.Event().wait(_PATIENCE)  # a daemon thread: it ends with the process, or ends it
        os._exit(1)

    def _cancel(self, found: Message) -> None:
        """Remember a request that is no longer wanted, if it still waits."""
        key = found.params.get("id") if isinstance(found.params, dict) else None
        if any(isinstance(one, Message) and one.is_request and one.id == key for one in self._waiting):
            self._cancelled.add(key)
