"""Real images, made when they are needed, and projects on disk that hold them."""

import os
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image

from techstock import catalog
from techstock.cache.folder import NAME as FOLDER
from techstock.engine import Plan, diagnose
from techstock.engine.disk import Disk
from techstock.engine.gather import Wish, gather
from techstock.model import OFF, WARNING, Corpus, Diagnostic
from techstock.project import Project, discover

RULES = tuple(name for name in catalog.names() if name.startswith("image-") and catalog.load(name).level != "off")


@cache
def picture(kind: str, size: tuple[int, int] = (16, 12)) -> bytes:
    """A small image with something in it; `kind` as Pillow calls the format."""
    image = Image.new("RGB", size, (200, 30, 60))
    image.putpixel((3, 4), (0, 0, 0))
    stream = BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


PNG = picture("PNG")
JPEG = picture("JPEG")
GIF = picture("GIF")
WEBP = picture("WEBP")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1"/></svg>\n'
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12\n"


def write(root: Path, content: Mapping[str, str | bytes]) -> Path:
    """Create these files below `root`."""
    for name, data in content.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return root


def gathered(root: Path, image_root: str = "", keep: bool = False) -> Corpus:
    """The corpus of a project, as `techstock lint` gathers it."""
    project = Project(root.resolve())
    paths = discover(project).paths
    disk = Disk(project, image_root, project.root / FOLDER if keep else None)
    return gather(paths, Wish(os.fsencode(project.root), 1 << 20, files=disk)).corpus


def linted(root: Path, *rules: str, image_root: str = "", keep: bool = False) -> list[Diagnostic]:
    """What these rules report (without any: those on images that are on by default)."""
    plans = [Plan(rule, WARNING if rule.level == OFF else rule.level) for rule in map(catalog.load, rules or RULES)]
    return diagnose(gathered(root, image_root, keep), plans)


def told(root: Path, *rules: str, image_root: str = "") -> list[tuple[str, str]]:
    """Rule and message of each finding."""
    return [(found.rule, found.problem.message) for found in linted(root, *rules, image_root=image_root)]
