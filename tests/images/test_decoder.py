"""The child process that decodes: real images, hostile ones, and what happens when it is lost."""

import os
import signal
import subprocess
import sys
import warnings
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from PIL import Image, features

from techstock.images import decoder, decoder_process
from techstock.images.decoder import Decoder
from tests.images.pictures import GIF, JPEG, PNG, WEBP, make_image
from tests.images.test_content import bomb_png, damaged_png
from tests.project.disk import posix_only

KINDS = {"png": PNG, "jpeg": JPEG, "gif": GIF, "webp": WEBP, "bmp": make_image("BMP"), "tiff": make_image("TIFF")}
KINDS |= {"ico": make_image("ICO"), "avif": make_image("AVIF") if features.check("avif") else b""}


def test_images_of_all_formats_and_broken_ones_in_one_child() -> None:
    with Decoder() as child:
        for kind, data in KINDS.items():
            if data:
                assert (kind, child.try_decode(data, kind)) == (kind, "ok")
                assert (kind, child.try_decode(data[: len(data) // 3], kind)) == (kind, "broken")
        assert child.try_decode(damaged_png(), "png") == "broken"
        assert child.try_decode(PNG, "gif") == "broken"  # only the format that the bytes showed is tried
        assert child.try_decode(b"", "heic") == "there is no decoder for HEIC"
        assert child.try_decode(bomb_png(20_000, 20_000), "png") == "20000 × 20000 are more than 100,000,000 pixels"
        assert child.try_decode(PNG, "png") == "ok"


def lines(*answers: str) -> str:
    """A program that answers each image so; `-` means not at all, `!` that it ends."""
    return f"""
import sys, time
for answer in {answers!r}:
    header = sys.stdin.buffer.readline()
    if not header: break
    sys.stdin.buffer.read(int(header.split()[1]))
    if answer == "!": sys.exit(1)
    if answer == "-": time.sleep(60)
    print(answer, flush=True)
"""


def with_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    file = tmp_path / "child.py"
    file.write_text(text, "utf-8")
    monkeypatch.setattr(decoder_process, "__file__", str(file))


def test_a_child_that_hangs_is_ended_and_the_next_image_gets_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_program(tmp_path, monkeypatch, lines("-"))
    with Decoder(seconds=0.5) as child:
        assert child.try_decode(PNG, "png") == "it takes longer than 0.5 seconds"
        with_program(tmp_path, monkeypatch, lines("ok"))
        assert child.try_decode(PNG, "png") == "ok"


def test_a_child_that_is_lost_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_program(tmp_path, monkeypatch, lines("!"))
    with Decoder() as child:
        said = [child.try_decode(PNG, "png") for _ in range(decoder._MAX_STARTS + 1)]
    assert said == ["the decoder broke down on it"] * decoder._MAX_STARTS + ["the decoder does not start"]


@pytest.mark.parametrize(("answer", "said"), [("memory", "it takes too much memory"), ("format", "no decoder for PNG")])
def test_answers_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, said: str) -> None:
    with_program(tmp_path, monkeypatch, lines(answer))
    with Decoder() as child:
        assert said in child.try_decode(PNG, "png")


def test_no_python_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    for executable in ("", "/no/such/python"):
        monkeypatch.setattr(sys, "executable", executable)
        with Decoder() as child:
            assert child.try_decode(PNG, "png") == "the decoder does not start"


def test_the_working_directory_is_never_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "PIL").mkdir()
    (tmp_path / "PIL" / "__init__.py").write_text("raise SystemExit(3)\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    with Decoder() as child:
        assert child.try_decode(PNG, "png") == "ok"


@posix_only
def test_a_child_whose_parent_is_gone_ends() -> None:
    child = subprocess.Popen(
        [sys.executable, "-P", decoder_process.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,  # the stderr of tests may be a file, and the child may write none
    )
    assert child.stdin
    child.stdin.write(b"PNG 1000\nshort")
    child.communicate(timeout=60)
    assert child.returncode == 0


@posix_only
def test_a_child_killed_from_outside() -> None:
    with Decoder() as child:
        assert child.try_decode(PNG, "png") == "ok"
        assert child._child
        os.kill(child._child.pid, signal.SIGKILL)
        assert child.try_decode(PNG, "png") == "the decoder broke down on it"
        assert child.try_decode(PNG, "png") == "ok"


def test_decode_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    assert decoder_process.decode_image("PNG", BytesIO(PNG)) == "ok"
    assert decoder_process.decode_image("NONE", BytesIO(PNG)) == "format"
    assert decoder_process.decode_image("PNG", BytesIO(damaged_png())) == "broken"
    assert decoder_process.decode_image("PNG", BytesIO(bomb_png(10_001, 10_000))) == "size 10001 10000"

    def full(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Image, "open", full)
    assert decoder_process.decode_image("PNG", BytesIO(PNG)) == "memory"


def test_the_program_of_the_child(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """In this process, so without its limits."""
    frames = b"".join(b"%s %d\n" % (name, len(data)) + data for name, data in ((b"PNG", PNG), (b"JPEG", b"no")))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(frames)))
    for name in ("_limit_resources", "_extend_cpu_limit"):
        monkeypatch.setattr(decoder_process, name, lambda: None)
    with warnings.catch_warnings():
        decoder_process.main()
    assert capsys.readouterr().out == "ok\nbroken\n"
    with pytest.raises(SystemExit):
        decoder_process._read_exactly(BytesIO(b"short"), 9)


@posix_only
def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    asked: dict[int, tuple[int, int]] = {}

    def setrlimit(limit: int, values: tuple[int, int]) -> None:
        asked[limit] = values
        if limit == resource.RLIMIT_CORE:
            raise ValueError("a stricter one holds")

    monkeypatch.setattr(resource, "setrlimit", setrlimit)
    decoder_process._limit_resources()
    decoder_process._extend_cpu_limit()
    assert asked[resource.RLIMIT_AS] == (1 << 30, 1 << 30)
    assert asked[resource.RLIMIT_FSIZE] == (0, 0)
    assert asked[resource.RLIMIT_CPU][0] >= 20
