"""Client of the child process that decodes images; the child is started on demand, and again after a crash."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import IO, Self

from techstock.images import decoder_process
from techstock.project.child_processes import make_python_environment

_PILLOW_NAMES = {"png": "PNG", "jpeg": "JPEG", "gif": "GIF", "webp": "WEBP", "bmp": "BMP", "ico": "ICO", "tiff": "TIFF"}
_PILLOW_NAMES |= {"avif": "AVIF"}
TIMEOUT_SECONDS = 10.0  # wall clock, for one image
_MAX_THUMBNAIL_SIZE = 1 << 20  # bytes
_MAX_STARTS = 5  # children that may be lost in one run


class Decoder:
    """A context manager for the child process. Images are decoded only there."""

    def __init__(self, seconds: float = TIMEOUT_SECONDS) -> None:
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._left = _MAX_STARTS

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop_child()

    def try_decode(self, data: bytes, kind: str) -> str:
        """Return `ok`, `broken`, or the reason why the image was not decoded, in a few words."""
        name = _PILLOW_NAMES.get(kind)
        if name is None:
            return f"there is no decoder for {kind.upper()}"
        child = self._child or self._start_child()
        if child is None:
            return "the decoder does not start"
        answer, _ = self._send_image(child, b"%s %d\n" % (name.encode(), len(data)), data)
        if answer in ("ok", "broken"):
            return answer
        if answer.startswith("size "):
            width, height = answer.split()[1:]
            return f"{width} × {height} are more than {decoder_process.MAX_PIXELS:,} pixels"
        return {"memory": "it takes too much memory", "format": f"there is no decoder for {kind.upper()}"}.get(
            answer, answer
        )

    def try_thumbnail(self, data: bytes, kind: str, width: int, height: int) -> bytes:
        """Return a WebP file of at most this size; empty if there is none."""
        name = _PILLOW_NAMES.get(kind)
        child = (self._child or self._start_child()) if name else None
        if name is None or child is None:
            return b""
        _, made = self._send_image(child, b"%s %d %d %d\n" % (name.encode(), len(data), width, height), data)
        return made

    def _send_image(self, child: subprocess.Popen[bytes], header: bytes, data: bytes) -> tuple[str, bytes]:
        """Send a frame and return the answer, with the bytes of a thumbnail if that is the answer."""
        assert child.stdin is not None  # noqa: S101  (both are pipes)
        assert child.stdout is not None  # noqa: S101
        late: list[bool] = []

        def stop() -> None:
            late.append(True)
            child.kill()

        timer = Timer(self._seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            child.stdin.write(header)
            child.stdin.write(data)
            child.stdin.flush()
            answer = child.stdout.readline(100).decode("ascii", "replace").strip()
            made = _read_thumbnail(child.stdout, answer)
        except OSError:  # it is gone
            answer, made = "", b""
        finally:
            timer.cancel()
        if answer and made is not None:
            return answer, made
        self._stop_child()
        return (f"it takes longer than {self._seconds:g} seconds" if late else "the decoder broke down on it"), b""

    def _start_child(self) -> subprocess.Popen[bytes] | None:
        if not self._left or not sys.executable or getattr(sys, "frozen", False):
            return None
        self._left -= 1
        # -P: what lies in the working directory must never be imported.
        command, pipe = [sys.executable, "-P", decoder_process.__file__], subprocess.PIPE
        try:
            self._child = subprocess.Popen(
                command,
                stdin=pipe,
                stdout=pipe,
                stderr=subprocess.DEVNULL,
                cwd=Path(sys.executable).anchor,
                env=make_python_environment(os.environ),
            )
        except OSError:
            return None
        return self._child

    def _stop_child(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for stream in (child.stdin, child.stdout):
            if stream:
                try:
                    stream.close()
                except OSError:  # what was still to be written is of no use
                    continue
        child.wait()


def _read_thumbnail(stream: IO[bytes], answer: str) -> bytes | None:
    """Return the bytes that an answer announces; `None` if they do not come, or are no thumbnail."""
    name, _, length = answer.partition(" ")
    if name != "thumbnail":
        return b""
    if not length.isdigit() or not 0 < int(length[:9]) <= _MAX_THUMBNAIL_SIZE:
        return None
    made = stream.read(int(length))
    return made if len(made) == int(length) and made[:4] == b"RIFF" else None
