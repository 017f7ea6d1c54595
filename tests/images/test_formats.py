"""Formats are told by their first bytes."""

import pytest

from techstock.images.content import detect_image_format


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"GIF89a", "gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (b"RIFF\0\0\0\0WAVE", ""),
        (b"\0\0\0 ftypavif", "avif"),
        (b"\0\0\0 ftypisom", ""),
        (b"<svg xmlns='x'>", "svg"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a --> <!DOCTYPE svg [<!ENTITY a "b">]>\n<svg>', "svg"),
        (b"<html><svg></svg></html>", ""),
        (b"<svgx>", ""),
        (b"<!DOCTYPE html>", ""),
        (b"version https://git-lfs.github.com/spec/v1\n", ""),
        (b"", ""),
    ],
)
def test_sniff(head: bytes, kind: str) -> None:
    assert detect_image_format(head) == kind


@pytest.mark.parametrize(
    "piece", [b"<!-- -", b"<!-->", b" ", b"<?", b"<!DOCTYPE", b"<!DOCTYPE[", b"<!DOCTYPE[]", b"<!DOCTYPE a>"]
)
def test_hostile_prolog_is_no_image(piece: bytes) -> None:
    assert detect_image_format(piece * 8_000 + b"<svg") == ""
