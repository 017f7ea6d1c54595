"""What was found out of images is kept, believed only as far as it can do no harm, and never needed."""

import os
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from techstock.images import inspection
from techstock.images.decoder import Decoder
from techstock.images.inspection import DecodedImageCache, make_thumbnails
from techstock.model import ImageContent
from techstock.storage.cache_directory import DIRECTORY_NAME as FOLDER
from tests.images.pictures import GIF, JPEG, PNG, SVG, lint_images, make_image
from tests.images.test_content import bomb_png, damaged_png
from tests.project.disk import not_root, posix_only
from tests.support import run_git, write_files
from tests.trust.support import run_here

pytestmark = pytest.mark.usefixtures("plain_git")

FILE = f"{FOLDER}/images-1.json"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The formats of the images that were given to a decoder."""
    found: list[str] = []
    real = Decoder.try_decode

    def verdict(self: Decoder, data: bytes, kind: str) -> str:
        found.append(kind)
        return real(self, data, kind)

    monkeypatch.setattr(Decoder, "try_decode", verdict)
    return found


def make_image_project(root: Path) -> Path:
    return write_files(
        root, {"a.md": "![](a.png) ![](b.jpg) ![](c.png)\n", "a.png": PNG, "b.jpg": JPEG, "c.png": damaged_png()}
    )


def lint_kept(root: Path) -> list[str]:
    return [found.problem.message for found in lint_images(root, keep=True)]


DAMAGED = ["`c.png` cannot be decoded as PNG"]


def test_only_images_that_are_whole_are_kept(tmp_path: Path, asked: list[str]) -> None:
    assert lint_kept(make_image_project(tmp_path)) == DAMAGED
    assert sorted(asked) == ["jpeg", "png", "png"]
    known = {sha256(data).hexdigest() for data in (PNG, JPEG)}
    assert set(msgspec.json.decode((tmp_path / FILE).read_bytes())) == known
    assert (tmp_path / FOLDER / ".gitignore").read_text() == "*\n"
    assert (tmp_path / FOLDER / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    asked.clear()
    assert lint_kept(tmp_path) == DAMAGED
    assert asked == ["png"]
    write_files(tmp_path, {"d.md": "![](d.jpg)\n", "d.jpg": JPEG + b"more"})
    asked.clear()
    assert lint_kept(tmp_path) == DAMAGED
    assert sorted(asked) == ["jpeg", "png"]
    assert len(msgspec.json.decode((tmp_path / FILE).read_bytes())) == 3


@pytest.mark.parametrize("data", [b"", b"{", b"{}", b"[1]", b'["x"]', b"[" * 100_000, b"\xff"])
def test_a_damaged_file_costs_time_only(tmp_path: Path, asked: list[str], data: bytes) -> None:
    write_files(make_image_project(tmp_path), {FILE: data})
    assert lint_kept(tmp_path) == DAMAGED
    assert len(asked) == 3


def test_a_file_that_is_too_large(tmp_path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "_MAX_FILE_SIZE", 10)
    lint_kept(make_image_project(tmp_path))
    asked.clear()
    lint_kept(tmp_path)
    assert len(asked) == 3


def test_a_repository_that_brings_a_cache_along(tmp_path: Path, asked: list[str]) -> None:
    claim = msgspec.json.encode([sha256(damaged_png()).hexdigest()])
    write_files(make_image_project(tmp_path), {FILE: claim})
    run_git(tmp_path, "init", "--quiet")
    run_git(tmp_path, "add", "--all")
    assert "`c.png` cannot be decoded as PNG" in run_here("lint", cwd=tmp_path).out
    assert len(asked) == 3


@posix_only
def test_a_folder_that_is_a_link(tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    root = make_image_project(tmp_path / "root")
    (root / FOLDER).symlink_to(away)
    assert "`c.png` cannot be decoded as PNG" in run_here("lint", cwd=root).out
    assert list(away.iterdir()) == []


@not_root
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (make_image_project(tmp_path) / FOLDER).mkdir(mode=0o500)
    assert lint_kept(tmp_path) == DAMAGED


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    write_files(make_image_project(tmp_path), {FOLDER: b"mine"})
    assert lint_kept(tmp_path) == DAMAGED
    assert (tmp_path / FOLDER).read_bytes() == b"mine"


def test_nothing_is_written_without_leave(tmp_path: Path) -> None:
    assert [found.problem.message for found in lint_images(make_image_project(tmp_path))] == DAMAGED
    assert not (tmp_path / FOLDER).exists()
    nowhere = DecodedImageCache(None)
    nowhere.add("x")
    nowhere.save()
    assert "x" not in nowhere


def test_no_images_no_folder(tmp_path: Path) -> None:
    assert lint_images(write_files(tmp_path, {"a.md": "text\n"}), keep=True) == []
    assert os.listdir(tmp_path) == ["a.md"]  # noqa: PTH208


def test_where_the_options_say(tmp_path: Path) -> None:
    root = make_image_project(tmp_path / "root")
    before = sorted(root.rglob("*"))
    assert run_here("lint", "--no-cache", cwd=root).code == 1
    assert sorted(root.rglob("*")) == before
    assert run_here("lint", "--cache-dir", "../x/y", cwd=root).code == 1
    assert sorted(root.rglob("*")) == before
    assert (tmp_path / "x/y/images-1.json").is_file()


PICTURES: dict[str, bytes | ImageContent] = {
    "wide.png": make_image("PNG", (1000, 100)),
    "a.jpg": JPEG,
    "a.gif": GIF,
    "a.svg": SVG,
    "long.svg": SVG + b" " * 70_000,
    "damaged.png": damaged_png(),
    "bomb.png": bomb_png(20_000, 20_000),
    "text.png": b"no image",
    "gone.png": ImageContent(fault="missing"),
}


def test_thumbnails_are_small_and_of_whole_images_alone() -> None:
    made = make_thumbnails([*PICTURES], PICTURES.__getitem__)
    assert made.keys() == {"wide.png", "a.jpg", "a.gif", "a.svg"}
    sizes = {path: Image.open(BytesIO(made[path]), formats=["WEBP"]).size for path in made if path != "a.svg"}
    assert sizes["wide.png"] == (320, 32)
    assert max(sizes["a.jpg"]) <= 16
    assert made["a.svg"] == SVG


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "CMYK", "I;16"])
def test_every_kind_of_pixel(mode: str) -> None:
    stream = BytesIO()
    Image.new(mode, (8, 8)).save(stream, "TIFF")
    assert make_thumbnails(["x"], lambda _: stream.getvalue())["x"][:4] == b"RIFF"
