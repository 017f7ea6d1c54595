"""Client of the child process that decodes images; the child is started on demand, and again after a crash."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Self

from techstock.images import decoder_process
from techstock.project.child_processes import make_python_environment

_PILLOW_NAMES = {"png": "PNG", "jpeg": "JPEG", "gif": "GIF", "webp": "WEBP", "bmp": "BMP", "ico": "ICO", "tiff": "TIFF"}
_PILLOW_NAMES |= {"avif": "AVIF"}
TIMEOUT_SECONDS = 10.0  # wall clock, for one image
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
        answer = self._send_image(child, b"%s %d\n" % (name.encode(), len(data)), data)
        if answer in ("ok", "broken"):
            return answer
        if answer.startswith("size "):
            width, height = answer.split()[1:]
            return f"{width} × {height} are more than {decoder_process.MAX_PIXELS:,} pixels"
        return {"memory": "it takes too much memory", "format": f"there is no decoder for {kind.upper()}"}.get(
            answer, answer
        )

    def _send_image(self, child: subprocess.Popen[bytes], header: bytes, data: bytes) -> str:
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
        except OSError:  # it is gone
            answer = ""
        finally:
            timer.cancel()
        if answer:
            return answer
        self._stop_child()
        return f"it takes longer than {self._seconds:g} seconds" if late else "the decoder broke down on it"

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
