"""Small copies of image files."""

from io import BytesIO

import pytest
from PIL import Image

from techstock.images.thumbnails import make_thumbnails
from techstock.model import ImageContent
from tests.images.pictures import GIF, JPEG, SVG, make_image
from tests.images.test_content import bomb_png, damaged_png

FILES: dict[str, bytes | ImageContent] = {
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
    made = make_thumbnails([*FILES], FILES.__getitem__)
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
