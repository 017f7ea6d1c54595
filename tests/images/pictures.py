"""Real images, made when they are needed, and projects on disk that hold them."""

import os
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image

from techstock import registry
from techstock.engine import diagnose
from techstock.load.corpus_loader import LoadOptions, load_corpus
from techstock.load.project_files import DiskFiles
from techstock.model import Corpus, Diagnostic, TargetSettings
from techstock.project import Project, discover_notes
from techstock.storage.cache_directory import DIRECTORY_NAME as FOLDER
from techstock.storage.cache_directory import CacheDirectory
from tests.support import make_project, plan_rules

RULES = tuple(
    name for name in registry.list_rule_names() if name.startswith("image-") and registry.load_rule(name).level != "off"
)


@cache
def make_image(kind: str, size: tuple[int, int] = (16, 12)) -> bytes:
    """Make a small image with something in it; `kind` as Pillow calls the format."""
    image = Image.new("RGB", size, (200, 30, 60))
    image.putpixel((3, 4), (0, 0, 0))
    stream = BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


PNG = make_image("PNG")
JPEG = make_image("JPEG")
GIF = make_image("GIF")
WEBP = make_image("WEBP")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1"/></svg>\n'
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12\n"


def make_tracked(root: Path, note: str, content: Mapping[str, str | bytes] | None = None) -> Path:
    """Make a repository with a note, `n/a.md`, and other files, all in its index, and return it."""
    return make_project(root, {"n/a.md": note, **(content or {})}, git=True)


def load_image_corpus(root: Path, image_root: str = "", keep: bool = False) -> Corpus:
    """Load the corpus of a project, as `techstock lint` does."""
    project = Project(root.resolve())
    paths = discover_notes(project).paths
    disk = DiskFiles(project, TargetSettings(image_root), CacheDirectory(str(project.root / FOLDER)) if keep else None)
    return load_corpus(paths, LoadOptions(os.fsencode(project.root), 1 << 20, files=disk)).corpus


def lint_images(root: Path, *rules: str, image_root: str = "", keep: bool = False) -> list[Diagnostic]:
    """Run these rules (by default those on images that are on)."""
    return diagnose(load_image_corpus(root, image_root, keep), plan_rules(rules or RULES))


def list_problems(root: Path, *rules: str, image_root: str = "") -> list[tuple[str, str]]:
    """Run these rules, and return the rule and the message of each problem."""
    return [(found.rule, found.problem.message) for found in lint_images(root, *rules, image_root=image_root)]
