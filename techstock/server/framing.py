"""Messages of JSON-RPC as the Language Server Protocol frames them, and how they are read and written."""

import os
from typing import Any, Final

import msgspec

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
METHOD_NOT_FOUND: Final = -32601
INVALID_PARAMS: Final = -32602
INTERNAL_ERROR: Final = -32603
NOT_INITIALIZED: Final = -32002
REQUEST_FAILED: Final = -32803
REQUEST_CANCELLED: Final = -32800

_MAX_HEADER = 4096  # bytes
_MAX_BODY = 256 * 1024 * 1024  # bytes; no note is as large
_CHUNK = 1 << 16

Json = dict[str, Any]
MessageId = int | str | None


class FramingError(Exception):
    """A header that does not tell where the next message begins: nothing that follows can be read."""


class ProtocolError(Exception):
    """A message that cannot be answered as asked, with the `code` of JSON-RPC for the reason."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Message(msgspec.Struct, frozen=True):
    """A request (`id` and `method`), a notification (`method`) or an answer (`id` alone).

    `has_id` tells a request whose id is null from a notification.
    """

    method: str = ""
    params: Any = None
    id: MessageId = None
    has_id: bool = False
    result: Any = None
    error: Any = None

    @property
    def is_request(self) -> bool:
        return self.has_id and bool(self.method)

    @property
    def is_answer(self) -> bool:
        return self.has_id and not self.method


class MessageReader:
    """A reader of messages from a file descriptor. It takes no lock that a forked process could inherit."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._buffer = bytearray()

    def read_body(self) -> bytes | None:
        """Return the body of the next message; `None` at the end. Raise `FramingError`."""
        length = self._read_header()
        if length is None:
            return None
        while len(self._buffer) < length:
            if not self._fill():
                return None
        body = bytes(self._buffer[:length])
        del self._buffer[:length]
        return body

    def _read_header(self) -> int | None:
        """Return the length of the next body in bytes; `None` at the end."""
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            if len(self._buffer) > _MAX_HEADER:
                raise FramingError("the header of a message has no end")
            if not self._fill():
                return None
        header = bytes(self._buffer[:end])
        del self._buffer[: end + 4]
        for line in header.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length" and (digits := value.strip()).isdigit():
                if len(digits) > 12 or int(digits) > _MAX_BODY:
                    raise FramingError(f"a message has more than {_MAX_BODY:,} bytes")
                return int(digits)
        raise FramingError("the header of a message has no `Content-Length`")

    def _fill(self) -> bool:
        """Read more, and return whether there was any."""
        try:
            piece = os.read(self._descriptor, _CHUNK)
        except OSError:
            return False
        self._buffer += piece
        return bool(piece)


def decode_message(body: bytes) -> Message:
    """Return the message in a body. Raise `ProtocolError` if there is none."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolError(PARSE_ERROR, f"the message is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise ProtocolError(INVALID_REQUEST, "the message is not a JSON object")
    method, key = found.get("method", ""), found.get("id")
    if not isinstance(method, str) or not isinstance(key, int | str | None) or isinstance(key, bool):
        raise ProtocolError(INVALID_REQUEST, "`method` must be a string and `id` a number or a string")
    if not method and "id" not in found:
        raise ProtocolError(INVALID_REQUEST, "the message has neither `method` nor `id`")
    return Message(method, found.get("params"), key, "id" in found, found.get("result"), found.get("error"))


def encode_message(content: Json) -> bytes:
    """Return a message with its header; lone surrogates, which UTF-8 cannot hold, become question marks."""
    try:
        body = msgspec.json.encode({"jsonrpc": "2.0", **content})
    except UnicodeEncodeError:
        body = msgspec.json.encode({"jsonrpc": "2.0", **_replace_surrogates(content)})
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def _replace_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_replace_surrogates(key): _replace_surrogates(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_replace_surrogates(inner) for inner in value]
    return value
