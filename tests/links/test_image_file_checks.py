"""The local cases of the study on images, by their numbers, each on a real repository."""

import os
from collections.abc import Callable
from pathlib import Path
from unicodedata import normalize

import pytest

from techstock import registry
from techstock.model import ImageContent
from tests.images.pictures import (
    GIF,
    JPEG,
    PNG,
    POINTER,
    WEBP,
    lint_images,
    list_problems,
    load_image_corpus,
    make_tracked,
)
from tests.project.disk import bytes_names, posix_only
from tests.support import run_git, write_files

pytestmark = pytest.mark.usefixtures("plain_git")

NFC, NFD = normalize("NFC", "が"), normalize("NFD", "が")


def list_image_rules(root: Path) -> list[str]:
    return [rule for rule, _ in list_problems(root)]


def test_l1_a_tracked_image_is_fine(tmp_path: Path) -> None:
    assert list_problems(make_tracked(tmp_path, "![](a.png)\n", {"n/a.png": PNG})) == []


def test_l2_missing_with_the_nearest_name(tmp_path: Path) -> None:
    [found] = lint_images(make_tracked(tmp_path, "![](drian.png)\n", {"n/drain.png": PNG}))
    assert (found.rule, found.problem.message) == ("image-missing", "there is no `n/drian.png`")
    assert found.problem.help == "did you mean `drain.png`?"
    assert found.severity == "error"


def test_l3_case_by_the_index_on_every_system(tmp_path: Path) -> None:
    [found] = lint_images(make_tracked(tmp_path, "![](A.PNG)\n", {"n/a.png": PNG}))
    assert (found.rule, found.problem.message) == ("image-case", "`n/a.png` is written here in another case")
    fix = found.problem.fix
    assert fix
    assert fix.safe
    assert [edit.text for edit in fix.edits] == ["a.png"]


def test_l4_unicode_form_by_the_index(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, f"![]({NFC}.png)\n", {f"n/{NFD}.png": PNG})
    [found] = lint_images(root)
    assert found.rule == "image-unicode-form"
    assert found.problem.fix
    assert found.problem.fix.edits[0].text == f"{NFD}.png"


@pytest.mark.parametrize("target", ["img%20a.png", "<img a.png>", "./img%20a.png", "../n/img%20a.png"])
def test_l5_spaces(tmp_path: Path, target: str) -> None:
    assert list_problems(make_tracked(tmp_path, f"![]({target})\n", {"n/img a.png": PNG})) == []


def test_l6_an_encoded_slash(tmp_path: Path) -> None:
    [found] = lint_images(make_tracked(tmp_path, "![](b%2Fa.png)\n", {"n/b/a.png": PNG}))
    assert (found.rule, found.severity) == ("image-encoding", "warning")
    assert found.problem.fix
    assert found.problem.fix.edits[0].text == "b/a.png"


@pytest.mark.parametrize("target", ["100%.png", "100%25.png"])
def test_l7_a_percent_sign(tmp_path: Path, target: str) -> None:
    assert list_problems(make_tracked(tmp_path, f"![]({target})\n", {"n/100%.png": PNG})) == []


def test_l7_decoded_once_only(tmp_path: Path) -> None:
    assert list_image_rules(make_tracked(tmp_path, "![](a%2520b.png)\n", {"n/a b.png": PNG})) == ["image-missing"]


def test_l8_l9_query_and_fragment_are_no_part_of_the_name(tmp_path: Path) -> None:
    note = "![](a.png?raw=true) ![](a.png#gh-dark-mode-only) ![](a.png?x#y)\n"
    assert list_problems(make_tracked(tmp_path, note, {"n/a.png": PNG})) == []


def test_l10_the_root_of_the_repository(tmp_path: Path) -> None:
    assert list_problems(make_tracked(tmp_path, "![](/img/a.png)\n", {"img/a.png": PNG})) == []


def test_l10_a_root_of_its_own(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, "![](/a.png)\n", {"static/a.png": PNG})
    assert list_image_rules(root) == ["image-missing"]
    assert list_problems(root, image_root="static") == []


def test_l10_the_root_where_the_project_is_a_folder_of_the_repository(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, "![](/img/a.png) ![](../img/a.png) ![](../img/b.png)\n", {"img/a.png": PNG})
    [found] = lint_images(root / "n")
    assert (found.problem.message, found.problem.place.path) == ("there is no `../img/b.png`", "a.md")
    assert found.problem.help == "did you mean `../img/a.png`?"


@pytest.mark.parametrize("target", ["../../x.png", "../../../etc/passwd", "a/../../../x.png", "%2e%2e/%2e%2e/x.png"])
def test_l11_outside_is_never_looked_at(tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_tracked(tmp_path / "root", f"![]({target}) ![](none.png)\n")
    write_files(tmp_path, {"x.png": PNG})
    seen: list[str] = []

    def spy(name: str) -> None:
        real = getattr(os, name)

        def call(path: str | bytes = ".", *rest: object, **named: object) -> object:
            seen.append(os.fsdecode(path))
            return real(path, *rest, **named)

        monkeypatch.setattr(os, name, call)

    corpus, inside = load_image_corpus(root), str(root.resolve())
    for name in ("lstat", "stat", "scandir", "open", "readlink", "listdir"):
        spy(name)
    rule = registry.load_rule("image-outside")
    assert [problem.message for problem in rule.check(corpus)] == ["this path leads out of the repository"]
    monkeypatch.undo()
    assert seen != []
    assert [path for path in seen if not path.startswith(inside)] == []


def test_l12_a_root_cannot_be_left_either(tmp_path: Path) -> None:
    write_files(tmp_path, {"x.png": PNG})
    root = make_tracked(tmp_path / "root", "![](/../x.png) ![](/../../x.png) ![](/n/../../x.png)\n")
    assert list_image_rules(root) == ["image-outside"] * 3


@pytest.mark.parametrize("target", ["img\\a.png", "img%5Ca.png", ".\\img\\a.png"])
def test_l13_backslashes(tmp_path: Path, target: str) -> None:
    [found] = lint_images(make_tracked(tmp_path, f"![]({target})\n", {"n/img/a.png": PNG}))
    assert (found.rule, found.problem.message) == ("image-path", "`\\` separates folders on Windows only")
    assert found.problem.fix
    assert found.problem.fix.edits[0].text == "img/a.png"


@pytest.mark.parametrize(
    "target",
    [
        "C:\\x.png",
        "C:/x.png",
        "c:x.png",
        "/Users/me/x.png",
        "/home/me/x.png",
        "~/x.png",
        "~me/x.png",
        "file:///x.png",
        "FILE:x.png",
        "\\\\\\\\host\\share\\x.png",
        "%5C%5Chost%5Cshare%5Cx.png",
        "https://me:secret@example.org/x.png",
        "https://me@example.org/x.png",
        "//me@example.org/x.png",
        "blob:https://example.org/1",
        "app://local/x.png",
        "javascript:x.png",
    ],
)
def test_l14_what_only_one_computer_has(tmp_path: Path, target: str) -> None:
    [found] = lint_images(make_tracked(tmp_path, f"![](<{target}>)\n"))
    assert found.rule == "image-path"
    assert "secret" not in found.problem.message + found.problem.help


def test_l15_a_folder(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, "![](img) ![](img/) ![](..) ![](/)\n", {"n/img/a.png": PNG})
    assert [message for _, message in list_problems(root)] == [
        "`n/img` is a folder",
        "`n/img` is a folder",
        "`.` is a folder",
        "`.` is a folder",
    ]
    assert set(list_image_rules(root)) == {"image-missing"}


def test_l16_an_empty_file(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, "![](a.png)\n", {"n/a.png": b""})
    assert list_problems(root) == [("image-corrupt", "`n/a.png` is empty")]


def test_l17_l18_l19_untracked_ignored_and_staged(tmp_path: Path) -> None:
    note = "![](new.png) ![](ignored.png) ![](staged.png) ![](forced.png)\n"
    root = make_tracked(tmp_path, note, {".gitignore": "ignored.png\nforced.png\n"})
    write_files(root, {f"n/{name}.png": PNG for name in ("new", "ignored", "staged", "forced")})
    run_git(root, "add", "n/staged.png")
    run_git(root, "add", "--force", "n/forced.png")
    assert list_problems(root) == [
        ("image-untracked", "`n/new.png` is not in git yet"),
        ("image-untracked", "`n/ignored.png` is ignored by git"),
    ]


def test_l17_a_new_note_with_a_new_image(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, "text\n")
    write_files(root, {"n/new.md": "![](new.png) ![](gone.png)\n", "n/new.png": PNG})
    assert list_problems(root) == [("image-missing", "there is no `n/gone.png`")]


def test_deleted_from_disk_but_not_from_the_index(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, "![](a.png)\n", {"n/a.png": PNG})
    (root / "n/a.png").unlink()
    assert list_problems(root) == [("image-missing", "`n/a.png` is deleted, but still in git's index")]
    run_git(root, "rm", "--quiet", "--cached", "n/a.png")
    assert list_problems(root) == [("image-missing", "there is no `n/a.png`")]


def test_l20_l21_pointers_of_lfs(tmp_path: Path) -> None:
    note = "![](fetched/a.png) ![](orphan.png) ![](fetched/damaged.png)\n"
    damaged = POINTER.replace(b"size 12", b"size x")
    rule = "fetched/*.png filter=lfs diff=lfs merge=lfs -text\n"
    content = {"n/fetched/a.png": POINTER, "n/orphan.png": POINTER, "n/fetched/damaged.png": damaged}
    root = make_tracked(tmp_path, note, {"n/.gitattributes": rule, **content})
    assert list_problems(root) == [
        (
            "image-lfs",
            "`n/orphan.png` is a Git LFS pointer without a rule in `.gitattributes`",
        ),
        ("image-lfs", "`n/fetched/damaged.png` is a damaged pointer of Git LFS"),
    ]


@posix_only
def test_l22_l23_symbolic_links(tmp_path: Path) -> None:
    secret = write_files(tmp_path, {"secret.png": b""}) / "secret.png"
    note = "![](in.png) ![](out.png) ![](up.png) ![](folder/a.png) ![](away/secret.png)\n"
    root = tmp_path / "root"
    write_files(root, {"n/a.png": PNG})
    for name, target in (
        ("in.png", "a.png"),
        ("out.png", str(secret)),
        ("up.png", "../../secret.png"),
        ("folder", "."),
        ("away", str(tmp_path)),
    ):
        (root / "n" / name).symlink_to(target)
    assert list_problems(make_tracked(root, note)) == [
        ("image-symlink", "`n/in.png` is a symbolic link, which GitHub does not follow"),
        ("image-outside", "`n/out.png` is a symbolic link that leads out of the repository"),
        ("image-outside", "`n/up.png` is a symbolic link that leads out of the repository"),
        ("image-symlink", "`n/folder` is a symbolic link, which GitHub does not follow"),
        ("image-outside", "`n/away` is a symbolic link that leads out of the repository"),
    ]


@posix_only
def test_a_folder_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    """Git still holds `img/a.png`; on disk the folder now leads to somebody else's."""
    root = make_tracked(tmp_path / "root", "![](img/a.png)\n", {"n/img/a.png": PNG})
    write_files(tmp_path, {"other/a.png": b"secret"})
    (root / "n/img/a.png").unlink()
    (root / "n/img").rmdir()
    (root / "n/img").symlink_to(tmp_path / "other")
    assert list_problems(root) == [("image-missing", "`n/img/a.png` is deleted, but still in git's index")]


@pytest.mark.parametrize(("name", "data"), [("png", PNG), ("jpg", JPEG), ("gif", GIF), ("webp", WEBP)])
@pytest.mark.parametrize("cut", [1, 2, 40])
def test_l24_truncated(tmp_path: Path, name: str, data: bytes, cut: int) -> None:
    [found] = lint_images(make_tracked(tmp_path, f"![](a.{name})\n", {f"n/a.{name}": data[:-cut]}))
    assert found.rule == "image-corrupt"
    assert "is cut off: the end of the" in found.problem.message


def test_l25_another_format(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, "![](a.png)\n", {"n/a.png": JPEG})
    assert list_problems(root) == [("image-type", "`n/a.png` is a JPEG, not a PNG")]


def test_l26_a_web_page(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, "![](a.png)\n", {"n/a.png": "<!DOCTYPE html>\n<title>404</title>\n"})
    assert list_problems(root) == [("image-corrupt", "`n/a.png` is not an image but a web page (HTML)")]


def test_l27_large(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, "![](a.png) ![](b.png)\n", {"n/a.png": PNG + b"\0" * 10_000_000, "n/b.png": PNG})
    size = 10_000_000 + len(PNG)
    assert list_problems(root, "image-size") == [("image-size", f"`n/a.png` has {size:,} bytes, more than 10,000,000")]
    assert list_problems(root) == []


@posix_only
def test_l28_a_hostile_name(tmp_path: Path) -> None:
    name = "a\n::error::x\x1b[31m.png"
    root = make_tracked(tmp_path, "![](a%0A::error::x%1B[31m.png) ![](b%0A::error::.png)\n", {f"n/{name}": b""})
    assert list_problems(root) == [
        ("image-corrupt", f"`n/{name}` is empty"),
        ("image-missing", "there is no `n/b\n::error::.png`"),
    ]


@bytes_names
def test_l29_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, "![](%83K.png) ![](%83L.png) ![](x.png)\n")
    for name in (b"\x83K.png", b"\x83x.png"):
        with open(os.path.join(os.fsencode(root), b"n", name), "wb") as file:  # noqa: PTH118, PTH123
            file.write(PNG)
    run_git(root, "add", "--all")
    assert list_problems(root) == [
        ("image-missing", "there is no `n/\udc83L.png`"),
        ("image-missing", "there is no `n/x.png`"),
    ]


def test_l30_a_submodule(tmp_path: Path) -> None:
    other = make_tracked(tmp_path / "other", "text\n", {"a.png": PNG})
    run_git(other, "commit", "--quiet", "-m", "first")
    root = make_tracked(tmp_path / "root", "![](../sub/a.png) ![](../sub/none.png) ![](../nested/a.png)\n")
    run_git(root, "submodule", "--quiet", "add", str(other), "sub")
    make_tracked(root / "nested", "text\n", {"a.png": PNG})
    assert list_problems(root) == [
        ("image-unchecked", "`sub`, a repository of its own, is not looked into"),
        ("image-unchecked", "`sub`, a repository of its own, is not looked into"),
        ("image-unchecked", "`nested`, a repository of its own, is not looked into"),
    ]


def test_l32_one_look_for_a_hundred_images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from techstock.images import content, inspection

    root = make_tracked(tmp_path, "![](a.png) " * 100 + "\n", {"n/a.png": PNG[:-3]})
    looks: list[bytes] = []
    real = content.inspect_image

    def examined(data: bytes, decode: Callable[[bytes, str], str]) -> ImageContent:
        looks.append(data)
        return real(data, decode)

    monkeypatch.setattr(inspection, "inspect_image", examined)
    assert list_image_rules(root) == ["image-corrupt"] * 100
    assert len(looks) == 1


def test_l33_code_and_comments(tmp_path: Path) -> None:
    note = "`![](a.png)`\n\n```md\n![](b.png)\n```\n\n<!-- ![](c.png) <img src=d.png> -->\n\n    ![](e.png)\n"
    assert list_problems(make_tracked(tmp_path, note)) == []
