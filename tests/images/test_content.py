"""What bytes are: whole or cut, decodable or not, images or something else."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from techstock.images.content import inspect_image, is_complete, is_lfs_pointer, parse_data_uri
from techstock.images.content import is_valid_lfs_pointer as is_whole_pointer
from techstock.model import ImageContent
from techstock.model.files import EMPTY, LFS_POINTER, NOT_AN_IMAGE, TRUNCATED, UNCHECKED, UNDECODABLE
from tests.images.pictures import GIF, JPEG, PNG, SVG, WEBP, make_image
from tests.images.pictures import POINTER as LFS

WHOLE = {"png": PNG, "jpeg": JPEG, "gif": GIF, "webp": WEBP}


def never(data: bytes, kind: str) -> str:
    raise AssertionError(kind)


def animated() -> bytes:
    """A GIF of two pictures, with palettes of their own."""
    stream = BytesIO()
    frames = [Image.new("P", (8, 8), shade) for shade in (1, 2)]
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:], comment=b"two")
    return stream.getvalue()


def progressive() -> bytes:
    """A JPEG of several scans, with a preview that has an end of its own."""
    stream = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "a preview: \xff\xd9"
    Image.effect_noise((64, 64), 90).save(stream, "JPEG", progressive=True, exif=exif, quality=95)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("kind", "data"), [*WHOLE.items(), ("gif", animated()), ("jpeg", progressive())], ids=lambda value: str(value)[:12]
)
def test_every_cut_is_seen(kind: str, data: bytes) -> None:
    assert is_complete(data, kind)
    assert is_complete(data + b"behind the end", kind) or kind == "gif"
    assert [cut for cut in range(12, len(data)) if is_complete(data[:cut], kind)] == []


def test_a_gif_filled_up_with_zeros() -> None:
    assert is_complete(GIF + b"\0" * 9, "gif")
    assert is_complete(GIF[:-1] + b"\0" * 9, "gif")
    assert not is_complete(GIF[:-1] + b"\x01", "gif")


def test_formats_whose_end_says_nothing() -> None:
    assert is_complete(b"BM", "bmp")


@pytest.mark.parametrize("kind", list(WHOLE))
def test_a_whole_image_is_decoded_last(kind: str) -> None:
    data = WHOLE[kind]
    assert inspect_image(data, lambda *_: "ok") == ImageContent(kind, size=len(data))
    assert inspect_image(data, lambda *_: "broken").fault == UNDECODABLE
    assert inspect_image(data, lambda *_: "too late") == ImageContent(kind, UNCHECKED, "too late", len(data))
    assert inspect_image(data[:-1], never) == ImageContent(kind, TRUNCATED, size=len(data) - 1)


@pytest.mark.parametrize(
    ("data", "fault", "detail"),
    [
        (b"", EMPTY, ""),
        (b"<!doctype HTML><p>", NOT_AN_IMAGE, "a web page (HTML)"),
        (b"\xef\xbb\xbf\n <html>", NOT_AN_IMAGE, "a web page (HTML)"),
        (b"<?xml version='1.0'?><Error>AccessDenied</Error>", NOT_AN_IMAGE, "XML without an image in it"),
        (b"%PDF-1.7", NOT_AN_IMAGE, "a PDF"),
        (b"PK\x03\x04rest", NOT_AN_IMAGE, "a ZIP archive"),
        (b"\x1f\x8b\x08", NOT_AN_IMAGE, "compressed data (gzip)"),
        (b"\0\0\0\x18ftypmp42", NOT_AN_IMAGE, "a video"),
        (b"\0" * 30, NOT_AN_IMAGE, "zero bytes only"),
        ("見つかりません".encode(), NOT_AN_IMAGE, "text"),
        ("あ".encode() * 400, NOT_AN_IMAGE, "text"),
        (b"\xff\xfe\x00\x01", NOT_AN_IMAGE, ""),
        (b"text, then \xff" + b"x" * 99, NOT_AN_IMAGE, ""),
        (LFS, LFS_POINTER, ""),
        (LFS[:60], LFS_POINTER, "malformed"),
    ],
)
def test_what_is_no_image(data: bytes, fault: str, detail: str) -> None:
    assert inspect_image(data, never) == ImageContent("", fault, detail, len(data))


def test_svg_is_never_decoded() -> None:
    assert inspect_image(SVG, never) == ImageContent("svg", size=len(SVG))
    assert inspect_image(b"<svg/>", never).fault == ""
    assert inspect_image(b'<?xml version="1.0"?><s:svg xmlns:s="x"></s:svg>', never).fault == NOT_AN_IMAGE
    assert inspect_image(SVG[:-8], never).fault == TRUNCATED


@pytest.mark.parametrize(
    "svg",
    [
        '<ns0:svg xmlns:ns0="http://www.w3.org/2000/svg"><ns0:g/></ns0:svg>',
        '<svg:svg xmlns:svg = "http://www.w3.org/2000/svg" width="100" height="100"/>',
        '<?xml version="1.0" encoding="UTF-16"?><svg xmlns="http://www.w3.org/2000/svg"></svg>',
    ],
)
def test_svg_with_a_prefix_and_in_utf_16(svg: str) -> None:
    for data in (svg.encode(), svg.encode("utf-16"), svg.encode("utf-16-be"), svg.encode("utf-16-le")):
        assert inspect_image(data, never) == ImageContent("svg", size=len(data))
        assert inspect_image(data[:-12], never).fault == TRUNCATED


def test_svg_with_entities_costs_nothing() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    bomb = f'<!DOCTYPE svg [<!ENTITY l0 "x">{levels}]><svg>&l29;</svg>'.encode()
    assert inspect_image(bomb, never).fault in ("", NOT_AN_IMAGE)


def test_pointers() -> None:
    assert is_lfs_pointer(LFS)
    assert is_whole_pointer(LFS)
    assert is_whole_pointer(LFS.replace(b"oid", b"ext-0-x sha256:" + b"1" * 64 + b"\noid"))
    assert not is_lfs_pointer(LFS + b"x" * 1024)
    assert not is_whole_pointer(LFS + b"more\n")


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("data:,a%20b", ("", b"a b")),
        ("data:image/png;base64,YQ==", ("image/png", b"a")),
        ("data:image/png;base64, Y Q", ("image/png", b"a")),
        ("data:image/png;base64,Y", None),
        ("data:image/png;base64,あ", None),
        ("data:image/png", None),
    ],
)
def test_data_uris(uri: str, found: tuple[str, bytes] | None) -> None:
    assert parse_data_uri(uri) == found


def damaged_png() -> bytes:
    """All of its parts are in place, and what is in them cannot be unpacked."""
    body = b"IDAT" + b"no zlib stream"
    part = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    start = PNG.index(b"IDAT") - 4
    return PNG[:start] + part + PNG[PNG.index(b"IEND") - 4 :]


def bomb_png(width: int, height: int) -> bytes:
    """A small file that claims so many pixels."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return PNG[:8] + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body)) + PNG[33:]


def test_pictures_are_pictures() -> None:
    assert make_image("BMP")[:2] == b"BM"
