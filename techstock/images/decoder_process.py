"""Child process that decodes images: a broken or malicious image can crash only this process.

It reads frames from stdin, each a line `FORMAT LENGTH` and that many bytes, and answers each with one line: `ok`,
`broken`, `size WIDTH HEIGHT`, `memory` or `format`. For a line `FORMAT LENGTH WIDTH HEIGHT`, the answer to an intact
image is `thumbnail LENGTH`, and that many bytes of a WebP file of at most that size. It is run as a file, so that it
needs nothing but Pillow.
"""

import sys
import warnings
from importlib import import_module
from io import BytesIO
from typing import BinaryIO

MAX_PIXELS = 100_000_000
_PLUGINS = ("Avif", "Bmp", "Gif", "Ico", "Jpeg", "Png", "Tiff", "WebP")
_MAX_MEMORY = 1 << 30  # bytes of address space
_CPU_SECONDS = 20  # of processor time for one image, in case nobody is left to end this process


def main() -> None:
    """Answer frames until stdin ends."""
    from PIL import Image

    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # asked below, before any pixel is decoded
    for plugin in _PLUGINS:
        import_module(f"PIL.{plugin}ImagePlugin")  # no others: some of Pillow's start programs
    _limit_resources()
    while header := sys.stdin.buffer.readline(100):
        name, length, *size = header.split()
        _extend_cpu_limit()
        made = BytesIO() if size else None
        data = BytesIO(_read_exactly(sys.stdin.buffer, int(length)))
        answer = decode_image(name.decode(), data, made, *map(int, size))
        if made and answer == "ok":
            sys.stdout.write(f"thumbnail {len(made.getvalue())}\n")
            sys.stdout.flush()
            sys.stdout.buffer.write(made.getvalue())
        else:
            sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def decode_image(name: str, data: BytesIO, made: BytesIO | None = None, most_wide: int = 1, most_high: int = 1) -> str:
    """Return the answer for one image; `name` is Pillow's name of its format. A thumbnail is written to `made`."""
    from PIL import Image

    if name not in Image.OPEN:
        return "format"
    try:
        with Image.open(data, formats=[name]) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                return f"size {width} {height}"
            # A JPEG is read to its end all the same, at an eighth of its size.
            image.draft(image.mode, (most_wide, most_high))
            image.load()
            if made is not None:
                small = image.convert("RGBA" if image.has_transparency_data else "RGB")
                small.thumbnail((most_wide, most_high))
                small.save(made, "WEBP", quality=70)
    except MemoryError:
        return "memory"
    except Exception:  # noqa: BLE001  (plug-ins raise whatever struct, zlib or an index does)
        return "broken"
    return "ok"


def _read_exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise SystemExit(0)  # whoever asked is gone
    return data


def _limit_resources() -> None:
    """Limit memory and forbid new files and core dumps: everything this process needs is already open and loaded."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for limit, value in ((resource.RLIMIT_AS, _MAX_MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(limit, (value, value))
        except (OSError, ValueError):  # a stricter one holds already
            continue


def _extend_cpu_limit() -> None:
    """Extend the limit of processor time for the next image."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    until = int(used.ru_utime + used.ru_stime) + _CPU_SECONDS
    if most in (resource.RLIM_INFINITY, -1) or until < most:
        resource.setrlimit(resource.RLIMIT_CPU, (until, most))


if __name__ == "__main__":
    main()
