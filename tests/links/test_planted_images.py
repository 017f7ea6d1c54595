"""A real collection with forty faults planted in it: these are found, each once, and nothing else."""

import base64
import shutil
from pathlib import Path
from unicodedata import normalize

import pytest

from tests.images.pictures import GIF, JPEG, PNG, POINTER, WEBP, lint_images
from tests.project.disk import posix_only
from tests.support import get_collections, run_git, write_files

pytestmark = pytest.mark.usefixtures("plain_git")

NFC, NFD = normalize("NFC", "が"), normalize("NFD", "が")
HOME = "https://github.com/me/notes"
CAMO = "https://camo.githubusercontent.com/" + "0" * 40 + "/" + b"https://example.org/a.png".hex()
FILES: dict[str, bytes] = {
    "images/Case.png": PNG,
    f"images/{NFD}.png": PNG,
    "images/b/a.png": PNG,
    "images/empty.png": b"",
    "images/cut.png": PNG[:-1],
    "images/cut.jpg": JPEG[:-2],
    "images/cut.gif": GIF[:-1],
    "images/cut.webp": WEBP[:-9],
    "images/page.png": b"<html><title>404</title></html>",
    "images/noise.png": bytes(range(128, 256)) * 4,
    "images/damaged.png": PNG.replace(b"IDAT", b"IDAT\0", 1)[: len(PNG)],
    "images/wrong.png": JPEG,
    "images/pointer.png": POINTER,
    "images/deleted.png": PNG,
}
FAULTS = (
    ("![x](images/none.png)", "image-missing"),
    ("![x][none]\n\n[none]: images/none-either.png", "image-missing"),
    ('<img src="images/none.png">', "image-missing"),
    ("[![x](images/none.png)](https://example.org)", "image-missing"),
    ("![x](/none.png)", "image-missing"),
    ("![x](images)", "image-missing"),
    ("![x](images/deleted.png)", "image-missing"),
    (f"![x]({HOME}/blob/main/images/none.png)", "image-missing"),
    ("![x](images/case.png)", "image-case"),
    ("![x](IMAGES/Case.png)", "image-case"),
    (f"![x]({HOME}/raw/main/images/case.PNG)", "image-case"),
    (f"![x](images/{NFC}.png)", "image-unicode-form"),
    ("![x](images%2Fb%2Fa.png)", "image-encoding"),
    ("![x](../outside.png)", "image-outside"),
    ("![x](/../outside.png)", "image-outside"),
    ("![x](images/away.png)", "image-outside"),
    ("![x](images\\b\\a.png)", "image-path"),
    ("![x](C:/pictures/a.png)", "image-path"),
    ("![x](file:///home/me/a.png)", "image-path"),
    ("![x](~/a.png)", "image-path"),
    ("![x](/Users/me/a.png)", "image-path"),
    ("![x](https://me:secret@example.org/a.png)", "image-path"),
    ("![x]()", "image-empty"),
    ('<img alt="x">', "image-empty"),
    ("![x](images/empty.png)", "image-corrupt"),
    ("![x](images/cut.png)", "image-corrupt"),
    ("![x](images/cut.jpg)", "image-corrupt"),
    ("![x](images/cut.gif)", "image-corrupt"),
    ("![x](images/cut.webp)", "image-corrupt"),
    ("![x](images/page.png)", "image-corrupt"),
    ("![x](images/noise.png)", "image-corrupt"),
    ("![x](images/damaged.png)", "image-corrupt"),
    (f"![x](data:image/png;base64,{base64.b64encode(PNG[:-20]).decode()})", "image-corrupt"),
    ("![x](https://private-user-images.githubusercontent.com/1/2.png?jwt=a)", "image-expiring"),
    (f"![x]({CAMO})", "image-expiring"),
    ("![x](images/new.png)", "image-untracked"),
    ("![x](images/ignored.png)", "image-untracked"),
    ("![x](images/pointer.png)", "image-lfs"),
    ("![x](images/link.png)", "image-symlink"),
    ("![x](images/wrong.png)", "image-type"),
)
SOUND = """\
![x](images/b/a.png) ![x](/images/Case.png?raw=true) `![x](nowhere.png)` [x](README.md)

<!-- ![x](nowhere.png) -->
"""


@posix_only
def test_forty_planted_faults_are_found_and_nothing_else(tmp_path: Path) -> None:
    assert len(FAULTS) == 40
    root = tmp_path / "root"
    shutil.copytree(get_collections() / "corpus" / "misaka-saa", root)
    texts = [text for text, _ in FAULTS]
    write_files(
        root, {**FILES, "planted.md": "\n\n".join([*texts, SOUND]) + "\n", ".gitignore": "images/ignored.png\n"}
    )
    (root / "images/link.png").symlink_to("b/a.png")
    (root / "images/away.png").symlink_to(tmp_path / "secret.png")
    run_git(root, "init", "--quiet", "-b", "main")
    run_git(root, "remote", "add", "origin", f"{HOME}.git")
    run_git(root, "add", "--all")
    write_files(root, {"images/new.png": PNG, "images/ignored.png": PNG})
    (root / "images/deleted.png").unlink()
    found = lint_images(root)
    assert {diagnostic.problem.place.path for diagnostic in found} == {"planted.md"}
    assert [diagnostic.rule for diagnostic in found] == [rule for _, rule in FAULTS]
    note = (root / "planted.md").read_text("utf-8")
    lines = [note.index(text) for text in texts]
    starts = [diagnostic.problem.place.start for diagnostic in found]
    assert [sum(line <= start for line in lines) for start in starts] == list(range(1, 41))


def test_the_collection_itself_has_none() -> None:
    assert lint_images(get_collections() / "corpus" / "misaka-saa") == []
