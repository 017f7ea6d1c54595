"""The text of a note, or a fault that says why there is none."""

import os
import subprocess
from pathlib import Path
from unicodedata import normalize

import pytest

from techstock.model import ReadFailure, Span
from techstock.project import read_note
from tests.project.disk import not_root, posix_only

LIMIT = 1000
JAPANESE = "# 退避\n\n- 退避: 仕事をバックスラッシュ \\ に移す。\n"


def fault(folder: Path, data: bytes, name: str = "a.md") -> ReadFailure:
    (folder / name).write_bytes(data)
    result = read_note(folder, name, limit=LIMIT)
    assert isinstance(result, ReadFailure)
    assert result.place == Span(0, 0)
    assert result.message[0].islower()
    assert not result.message.endswith(".")
    return result


@pytest.mark.parametrize(
    "text",
    ["", "a", "a\r\nb\rc\n", "\ufeff# 見出し\n", "\ufeff", "e\u0301 \x00 \x0c \u2028 𠮷", normalize("NFD", "が")],
)
def test_text_is_kept_as_it_is(tmp_path: Path, text: str) -> None:
    (tmp_path / "日本語 メモ.md").write_bytes(text.encode())
    assert read_note(tmp_path, "日本語 メモ.md", limit=LIMIT) == text


def test_size_is_bounded_in_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"x" * LIMIT)
    assert read_note(tmp_path, "a.md", limit=LIMIT) == "x" * LIMIT
    result = fault(tmp_path, "あ".encode() * 1334)
    assert result.kind == "size"
    assert result.message == "the note has 4,002 bytes, more than the 1,000 of `limits.file-size`"
    assert result.help == "split the note, or raise `limits.file-size`"


def test_no_more_than_the_limit_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    whole = os.read

    def count(file: int, size: int) -> bytes:
        sizes.append(size)
        return whole(file, size)

    monkeypatch.setattr(os, "read", count)
    assert fault(tmp_path, b"x" * 5000).message.startswith("the note has 5,000 bytes")
    assert sizes == [LIMIT + 1]


def test_note_that_grows_while_it_is_read_is_bounded_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_bytes(b"x" * LIMIT)
    grown = []

    def pieces(file: int, size: int) -> bytes:
        grown.append(size)
        return b"y" * min(size, 400)

    monkeypatch.setattr(os, "read", pieces)
    result = read_note(tmp_path, "a.md", limit=LIMIT)
    assert isinstance(result, ReadFailure)
    assert result.message.startswith("the note has 1,001 bytes")
    assert grown == [1001, 601, 201]


def test_note_read_in_pieces_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text(JAPANESE, encoding="utf-8", newline="")
    whole = os.read
    monkeypatch.setattr(os, "read", lambda file, size: whole(file, min(size, 7)))
    assert read_note(tmp_path, "a.md", limit=LIMIT) == JAPANESE


@pytest.mark.parametrize(
    ("codec", "name", "source"),
    [
        ("shift_jis", "Shift_JIS", "CP932"),
        ("euc_jp", "EUC-JP", "EUC-JP"),
        ("utf-16", "UTF-16", "UTF-16"),
    ],
)
def test_japanese_encodings_are_named_as_a_possibility(tmp_path: Path, codec: str, name: str, source: str) -> None:
    result = fault(tmp_path, JAPANESE.encode(codec), "a b.md")
    assert result.kind == "encoding"
    assert result.message.endswith(f"; it may be {name}")
    assert result.help == f"convert it, for example with `iconv -f {source} -t UTF-8 'a b.md' > utf-8.md`"


@posix_only
@pytest.mark.parametrize("codec", ["cp932", "euc_jp", "utf-16"])
def test_the_command_in_the_help_keeps_every_character(tmp_path: Path, codec: str) -> None:
    result = fault(tmp_path, JAPANESE.encode(codec))
    command = result.help.split("`")[1]
    try:
        subprocess.run(["iconv", "--version"], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("iconv is not installed")
    subprocess.run(command, shell=True, check=True, cwd=tmp_path)  # noqa: S602  (as a user would paste it)
    assert (tmp_path / "utf-8.md").read_bytes().decode() == JAPANESE


def test_windows_characters_are_shift_jis_too(tmp_path: Path) -> None:
    assert fault(tmp_path, "① は髙い".encode("cp932")).message.endswith("it may be Shift_JIS")


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"caf\xe9", "byte 0xe9 at offset 3, line 1"),
        (b"a\r\nb\rc\nd\xff", "byte 0xff at offset 8, line 4"),
        (b"\xed\xa0\x80", "byte 0xed at offset 0, line 1"),
        ("漢字".encode("big5"), "byte 0xba at offset 0, line 1"),
        ("ｱｲｳ".encode("cp932"), "byte 0xb1 at offset 0, line 1"),
        ("中文笔记".encode("gb18030"), "byte 0xd6 at offset 0, line 1"),
        (b"ok\n" * 2 + "あ".encode()[:2], "byte 0xe3 at offset 6, line 3"),
    ],
)
def test_other_encodings_are_not_guessed(tmp_path: Path, data: bytes, where: str) -> None:
    result = fault(tmp_path, data)
    assert result.message == f"the note is not UTF-8: {where}"
    assert result.help == "save the note as UTF-8"


def unreadable(folder: Path, name: str) -> str:
    result = read_note(folder, name, limit=LIMIT)
    assert isinstance(result, ReadFailure)
    assert result.kind == "unreadable"
    return result.message.removeprefix("the note cannot be read: ")


def test_note_that_is_gone(tmp_path: Path) -> None:
    assert unreadable(tmp_path, "a.md") == "the file is gone"


@posix_only
def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "link.md").symlink_to("/etc/hostname")
    (tmp_path / "null.md").symlink_to(os.devnull)
    assert unreadable(tmp_path, "folder.md") == "it is not a regular file"
    assert unreadable(tmp_path, "pipe.md") == "it is not a regular file"
    assert unreadable(tmp_path, "link.md") == "it is a symbolic link"
    assert unreadable(tmp_path, "null.md") == "it is a symbolic link"
    assert unreadable(Path(os.devnull).parent, "null") == "it is not a regular file"


@not_root
def test_note_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").touch(mode=0)
    assert unreadable(tmp_path, "a.md") == "permission denied"


def test_errors_of_the_system_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").touch()

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "read", refuse)
    assert unreadable(tmp_path, "a.md") == "permission denied"


@pytest.mark.parametrize("name", ["a\0.md", "\ud800.md"])
def test_names_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    assert unreadable(tmp_path, name) == "no file can have this name"
