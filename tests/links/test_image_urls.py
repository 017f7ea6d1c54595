"""The local cases of the study on images that are about URLs: `data:` (L31), and files of this repository (L34)."""

import base64
from pathlib import Path

import pytest

from tests.images.pictures import PNG, SVG, list_problems, make_tracked
from tests.support import run_git

pytestmark = pytest.mark.usefixtures("plain_git")

BASE64 = base64.b64encode(PNG).decode()


@pytest.mark.parametrize(
    "uri",
    [
        f"data:image/png;base64,{BASE64}",
        f"DATA:image/png;charset=x;BASE64,{BASE64.rstrip('=')}",
        f"data:;base64,{BASE64.replace('+', '%2B')}",
        "data:image/svg+xml;utf8,%3Csvg xmlns='x'%3E%3C/svg%3E",
        f"data:image/svg+xml;base64,{base64.b64encode(SVG).decode()}",
    ],
)
def test_l31_data_that_is_an_image(tmp_path: Path, uri: str) -> None:
    assert list_problems(make_tracked(tmp_path, f'<img src="{uri}">\n')) == []


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("data:image/png;base64,@@@", "the data of this image is not an image but data that is not well formed"),
        ("data:image/png", "the data of this image is not an image but data that is not well formed"),
        ("data:image/png;base64,", "the data of this image is empty"),
        (f"data:image/png;base64,{BASE64[:-12]}", "the data of this image is cut off: the end of the PNG is missing"),
        ("data:text/plain,hello", "the data of this image is not an image but text"),
    ],
)
def test_l31_data_that_is_none(tmp_path: Path, uri: str, message: str) -> None:
    assert list_problems(make_tracked(tmp_path, f"![]({uri})\n")) == [("image-corrupt", message)]


HOME = "https://github.com/Me/notes"


def hosted(root: Path, note: str, origin: str = "git@github.com:me/Notes.git") -> Path:
    make_tracked(root, note, {"img/a b.png": PNG})
    run_git(root, "remote", "add", "origin", origin)
    return root


@pytest.mark.parametrize(
    "origin",
    [
        "git@github.com:me/Notes.git",
        "https://github.com/me/notes",
        "https://x:token@github.com/me/notes.git",
        "ssh://git@github.com/me/notes.git/",
    ],
)
def test_l34_files_of_this_repository(tmp_path: Path, origin: str) -> None:
    urls = [
        f"{HOME}/blob/main/img/a%20b.png",
        f"{HOME}/raw/main/img/a%20b.png?raw=true",
        f"{HOME}/raw/refs/heads/main/img/a%20b.png",
        f"{HOME}/blob/HEAD/img/a%20b.png",
        "https://raw.githubusercontent.com/me/notes/main/img/a%20b.png",
    ]
    missing = [f"![]({url.replace('a%20b', 'none')})" for url in urls]
    note = " ".join(f"![]({url})" for url in urls) + "\n\n" + " ".join(missing) + "\n"
    assert list_problems(hosted(tmp_path, note, origin)) == [("image-missing", "there is no `img/none.png`")] * len(
        urls
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/me/other/blob/main/none.png",
        "https://github.com/me/notes/blob/v1.0/none.png",
        "https://github.com/me/notes/blob/0123456789012345678901234567890123456789/none.png",
        "https://github.com/me/notes/assets/1/2",
        "https://github.com.evil.test/me/notes/blob/main/none.png",
        "https://github.com:8080/me/notes/blob/main/none.png",
        "https://gitlab.com/me/notes/blob/main/none.png",
        "https://[github.com/me/notes/blob/main/none.png",
    ],
)
def test_l34_what_the_checkout_cannot_tell(tmp_path: Path, url: str) -> None:
    assert list_problems(hosted(tmp_path, f"![](<{url}>)\n")) == []


def test_l34_a_branch_with_a_slash(tmp_path: Path) -> None:
    root = hosted(tmp_path, f"![]({HOME}/blob/feat/x/img/none.png) ![]({HOME}/blob/feat/y/img/none.png)\n")
    run_git(root, "checkout", "--quiet", "-b", "feat/x")
    assert list_problems(root) == [("image-missing", "there is no `img/none.png`")]


def test_l34_case_and_outside(tmp_path: Path) -> None:
    note = f"![]({HOME}/blob/main/IMG/a%20b.png) ![]({HOME}/blob/main/img/%2e%2e/%2e%2e/x.png)\n"
    assert [rule for rule, _ in list_problems(hosted(tmp_path, note))] == ["image-case", "image-outside"]


@pytest.mark.parametrize("origin", ["https://gitlab.com/me/notes", "../bare.git", "https://github.com/me"])
def test_l34_hosted_elsewhere(tmp_path: Path, origin: str) -> None:
    assert list_problems(hosted(tmp_path, f"![]({HOME}/blob/main/none.png)\n", origin)) == []
