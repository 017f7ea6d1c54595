"""`lint --online` and `images`, as people run them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from techstock.cli import main
from techstock.web import rate_limits
from techstock.web.api import download_images
from tests.cli.support import make_environment
from tests.images.pictures import PNG as PICTURE
from tests.support import make_project, run_git
from tests.web.server import PNG, Server, redirect, reply
from tests.web.thread import serving, turn

NOTE = """## 1.

![図](http://img.notes/a.png)
![図](<http://img.notes/a.png>)
<img alt="図" src="http://img.notes/gone.png">
![図][one]
![図](http://img.notes/busy.png)
![図](http://www.example.com/b.png)

[one]: http://img.notes/moved.png
"""
IMAGES = ["images"]
PNG_WHOLE = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + bytes(17) + b"\0\0\0\0IEND\xaeB`\x82"
ANSWERS: dict[str, bytes] = {
    "img.notes/a.png": reply(200, PNG_WHOLE, content_type="image/png"),
    "img.notes/moved.png": redirect("http://img.notes/a.png", 301),
    "img.notes/busy.png": reply(403, b""),
}


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    quick = rate_limits.WebLimits(gap=0.0, second_look=0.0, backoff=(0.0, 0.0))
    monkeypatch.setattr(
        "techstock.commands.images.WebLimits", lambda **given: rate_limits.WebLimits(**(_fields(quick) | given))
    )
    with serving(ANSWERS) as made:
        turn(monkeypatch, made)
        yield made


def _fields(made: rate_limits.WebLimits) -> dict[str, object]:
    return {name: getattr(made, name) for name in made.__struct_fields__}


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_project(tmp_path / "project", {"notes/a.md": NOTE}, git=True)
    monkeypatch.chdir(folder)
    for name in ("GITHUB_EVENT_PATH", "GITHUB_EVENT_NAME"):
        monkeypatch.delenv(name, raising=False)
    return folder


def python(script: str, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", script]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, check=False, timeout=60)


def test_images(web: Server, notes: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([*IMAGES, "--all", "--output-format", "concise"]) == 1
    out, err = capfd.readouterr()
    assert [line.split(" ", 2)[1] for line in out.splitlines()] == ["image-broken", "image-unverified", "image-moved"]
    assert "this image is gone" in out
    assert "img.notes                               2        1        -        1        -" in err
    assert (
        "2 of 5 remote images ok; 1 broken (1 gone); 1 blocked (1 server); 1 skipped (1 example); 1 not verified" in err
    )
    assert len(web.requests) == 6  # a, gone twice, moved and a again, busy
    assert main([*IMAGES, "-q", "--output-format", "json"]) == 1
    found = json.loads(capfd.readouterr().out)
    assert [problem["rule"] for problem in found] == ["image-broken", "image-unverified", "image-moved"]
    assert found[0]["data"] == {"reason": "gone", "host": "img.notes", "evidence": "404, twice"}
    assert main(IMAGES) == 1
    assert "(2 asked in earlier runs)" in capfd.readouterr().err


def test_scope_is_what_is_asked(web: Server, notes: Path, capfd: pytest.CaptureFixture[str]) -> None:
    make_project(notes, {"notes/b.md": "![図](http://img.notes/a.png)\n"})
    assert main(["lint", "--online", "notes/b.md"]) == 0
    assert [request.path for request in web.requests] == ["/a.png"]
    assert "1 of 1 remote images ok" in capfd.readouterr().err


def test_own_files_and_signed_urls_are_not_asked(web: Server, notes: Path, capfd: pytest.CaptureFixture[str]) -> None:
    signed = "https://private-user-images.githubusercontent.com/1/2.png?jwt=a"
    (notes / "notes" / "a.md").write_text(f"![図](https://github.com/o/r/blob/main/a.png)\n![図]({signed})\n")
    run_git(notes, "remote", "add", "origin", "https://github.com/o/r.git")
    run_git(notes, "symbolic-ref", "HEAD", "refs/heads/main")
    assert main(["images", "-q", "--output-format", "concise"]) == 1
    assert web.requests == []
    assert [line.split(" ")[1] for line in capfd.readouterr().out.splitlines()] == ["image-missing", "image-expiring"]


@pytest.mark.parametrize("arguments", [["lint"], ["images", "--offline"], ["lint", "--select", "image-*"]])
def test_r51_nobody_is_asked(web: Server, notes: Path, arguments: list[str]) -> None:
    main([*arguments, "-q"])
    assert web.connections == 0


@pytest.mark.parametrize("arguments", [["lint"], ["images", "--offline"]])
def test_r51_no_socket_and_no_import(notes: Path, arguments: list[str]) -> None:
    script = f"""
import sys
seen, before = [], set(sys.modules)
sys.addaudithook(lambda event, _: seen.append(event) if event.startswith("socket.") else None)
from techstock.cli import main
main({arguments!r})
assert seen == [], seen
loaded = {{"httpx", "httpcore", "asyncio", "ssl", "socket", "certifi", "techstock.web"}} & (set(sys.modules) - before)
assert not loaded, loaded
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=notes, env=make_environment(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--budget", "soon"], "`soon` is not a number of seconds"),
        (["--budget", "nan"], "`nan` is not a number of seconds"),
        (["--budget", "-1"], "`-1` is not a number of seconds"),
        (["--github-token-env", "NO_SUCH"], "the variable `NO_SUCH` is empty"),
        (["--download", ".."], "`..` is not inside the root"),
        (["--download", "/"], "`/` is not inside the root"),
        (["--download", ".git/x"], "`.git/x` is not a place for images"),
        (["--download", ""], "is not inside the root"),
        (["--download", "notes/a.md"], "cannot be made"),
        (["--download", "img", "--offline"], "--offline forbids it"),
    ],
)
def test_wrong_use(
    web: Server, notes: Path, arguments: list[str], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["images", *arguments]) == 2
    assert said in capfd.readouterr().err
    assert web.connections == 0


def test_configuration_names_no_token() -> None:
    from techstock.config.keys import KEYS

    assert [key for key in KEYS if "web" in key[0]] == [("web-exclude",)]


def test_excluded_by_configuration(web: Server, notes: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (notes / "techstock.toml").write_text('web-exclude = ["http://img.notes/*"]\n')
    assert main(IMAGES) == 0
    assert web.connections == 0
    assert "5 skipped (4 excluded, 1 example)" in capfd.readouterr().err


def test_token_is_withheld_with_a_notice(
    web: Server, notes: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("T", "ghs_0123456789abc")
    main(["images", "--github-token-env", "T", "--fail-on", "error"])
    err = capfd.readouterr().err
    assert "the token in `T` is not used" in err
    assert "0123456789abc" not in err


def test_cache_that_cannot_be_written(web: Server, notes: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (notes / ".techstock_cache").write_text("a file")
    assert main(["images"]) == 1
    assert "`.techstock_cache/web.jsonl` is not written" in capfd.readouterr().err


def test_download_shows_a_patch(web: Server, notes: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["images", "--download", "notes/my images"]) == 1
    out, err = capfd.readouterr()
    assert (notes / "notes" / "a.md").read_text() == NOTE
    (copy,) = (notes / "notes" / "my images").iterdir()
    assert copy.read_bytes() == PNG_WHOLE
    assert copy.suffix == ".png"
    link = f"my%20images/{copy.name}"
    assert f"+![図]({link})\n" in out
    assert f"+![図](<{link}>)\n" in out
    assert f"+[one]: {link}\n" in out
    assert "2 of 5 remote images fetched, 1 file in `notes/my images`" in err
    assert "3 not fetched (1 example, 1 gone, 1 server)" in err
    run_git(notes, "apply", "--check", "-", stdin=out)


def test_download_applied(web: Server, notes: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = notes / "notes" / "a.md"
    file.write_bytes(b"\xef\xbb\xbf![x](http://img.notes/a.png)\r\n")
    file.chmod(0o600)
    assert main(["images", "--download", "img", "--apply"]) == 0
    (copy,) = (notes / "img").iterdir()
    assert file.read_bytes() == f"\ufeff![x](../img/{copy.name})\r\n".encode()
    assert file.stat().st_mode & 0o777 == 0o600
    assert "1 of 1 note changed" in capfd.readouterr().err
    assert main(["images", "-q", "--download", "img", "--apply"]) == 0
    assert capfd.readouterr().out == ""
    assert main(["images", "-q", "--offline"]) in (0, 1)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (reply(200, PNG, content_type="image/png"), "1 cut-off"),
        (reply(200, b"<html>", content_type="image/png"), "1 not-image"),
        (reply(200, PNG + bytes(21_000_000), content_type="image/png"), "1 too-large"),
        (reply(200, b""), "1 empty"),
    ],
)
def test_download_keeps_whole_images_only(
    web: Server, notes: Path, answer: bytes, why: str, capfd: pytest.CaptureFixture[str]
) -> None:
    web.answers["img.notes/a.png"] = answer
    (notes / "notes" / "a.md").write_text("![x](http://img.notes/a.png)\n")
    assert main(["images", "--download", "img"]) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert why in err
    assert list((notes / "img").iterdir()) == []


def test_download_beside_a_changing_note(
    web: Server, notes: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def slow(*given: Any) -> Any:
        (notes / "notes" / "a.md").write_text("changed")
        return download_images(*given)

    monkeypatch.setattr("techstock.commands.images.download_images", slow)
    assert main(["images", "--download", ".", "--apply", "notes"]) == 1
    err = capfd.readouterr().err
    assert "`notes/a.md` is not written: it has changed since it was read" in err
    assert "0 of 1 note changed" in err
    assert (notes / "notes" / "a.md").read_text() == "changed"


def test_nothing_leads_to_the_web(web: Server, notes: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (notes / "notes" / "a.md").write_text("## 1.\n")
    assert main(["images"]) == 0
    assert main(["images", "--download", "img"]) == 0
    assert capfd.readouterr().err.count("there are no remote images") == 2


def test_cache_that_is_none(web: Server, notes: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (notes / ".techstock_cache").mkdir()
    (notes / ".techstock_cache" / "web.jsonl").write_text("nonsense")
    main(["images"])
    assert "`web.jsonl`: the cache is of another version and counts for nothing" in capfd.readouterr().err


def test_download_of_one_note_in_an_own_repository(web: Server, notes: Path, capfd: pytest.CaptureFixture[str]) -> None:
    make_project(notes, {"notes/b.md": "![図](http://img.notes/a.png)\n"})
    assert main(["images", "--download", "notes", "--github-token-env", "T", "notes/b.md"]) == 2
    assert main(["images", "--download", "notes", "notes/b.md"]) == 0
    out = capfd.readouterr().out
    (copy,) = (notes / "notes").glob("*.png")
    assert out.count("diff --git") == 1
    assert f"+![図]({copy.name})" in out


def test_r50_ctrl_c(notes: Path) -> None:
    links = "".join(f"![図](http://img.notes/{number}.png)\n" for number in range(20))
    (notes / "notes" / "a.md").write_text(f"{links}![図](http://other.notes/a.png)\n")
    script = """
import asyncio, os, signal, sys
from techstock.cli import main
from techstock.web import api
from tests.web.server import reply_image
from tests.web.thread import serving, turned_to

async def hang(request, writer):
    await asyncio.sleep(0.3)
    os.kill(os.getpid(), signal.SIGINT)
    await asyncio.sleep(60)

with serving({"img.notes/0.png": hang, "other.notes/a.png": reply_image()}) as made:
    network = turned_to(made)
    api.Network = lambda: network
    code = main(["images", "--all", "--output-format", "concise"])
sys.exit(code)
"""
    root = str(Path(__file__).parents[2])
    env = make_environment(PYTHONPATH=os.pathsep.join([root, make_environment()["PYTHONPATH"]]))
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=notes, env=env, capture_output=True, check=False, timeout=60
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert done.returncode == 130, err
    assert "the run was interrupted" in out
    assert "1 of 21 remote images ok" in err
    kept = (notes / ".techstock_cache" / "web.jsonl").read_text()
    assert '"ok":' in kept


def list_kept(folder: Path) -> set[str]:
    return {path.name.partition(".")[2] if path.suffix == ".facts" else path.name for path in folder.iterdir()}


KEPT = {"CACHEDIR.TAG", ".gitignore", "notes.index", "facts", "images-1.json", "web.jsonl"}


@pytest.fixture
def pictured(notes: Path) -> Path:
    """The notes, which show an image of the repository, too."""
    make_project(notes, {"notes/b.md": "![図](b.png)\n"})
    (notes / "notes" / "b.png").write_bytes(PICTURE)
    return notes


def test_one_folder_holds_all_that_is_kept(web: Server, pictured: Path, capfd: pytest.CaptureFixture[str]) -> None:
    main(["images"])
    assert list_kept(pictured / ".techstock_cache") == KEPT
    capfd.readouterr()
    size = sum(path.stat().st_size for path in (pictured / ".techstock_cache").iterdir())
    assert main(["cache", "clean"]) == 0
    assert capfd.readouterr().out == f"{pictured / '.techstock_cache'}: {size:,} bytes, deleted\n"
    assert not (pictured / ".techstock_cache").exists()


def test_nothing_is_kept_if_no_cache_is_wanted(web: Server, pictured: Path) -> None:
    main(["images"])
    asked = web.connections
    before = {path: path.read_bytes() for path in (pictured / ".techstock_cache").iterdir()}
    main(["images", "--no-cache"])
    assert web.connections > asked
    assert {path: path.read_bytes() for path in (pictured / ".techstock_cache").iterdir()} == before
    main(["cache", "clean"])
    main(["images", "--no-cache"])
    assert not (pictured / ".techstock_cache").exists()


def test_all_is_kept_in_the_folder_that_is_named(
    web: Server, pictured: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    main(["images", "--cache-dir", "../kept"])
    assert list_kept(tmp_path / "kept") == KEPT
    assert not (pictured / ".techstock_cache").exists()
    capfd.readouterr()
    main(["images", "--cache-dir", "../kept"])
    assert "asked in earlier runs" in capfd.readouterr().err
    main(["cache", "clean", "--cache-dir", "../kept"])
    assert not (tmp_path / "kept").exists()


def test_old_facts_go_and_answers_stay(web: Server, pictured: Path) -> None:
    main(["images"])
    for path in (pictured / ".techstock_cache").iterdir():
        os.utime(path, (0, 0))
    (pictured / "notes" / "c.md").write_text("- a: b\n")
    main(["lint", "-q"])
    assert list_kept(pictured / ".techstock_cache") == KEPT


def test_answers_that_git_tracks_are_not_believed(web: Server, notes: Path, capfd: pytest.CaptureFixture[str]) -> None:
    main(["images"])
    run_git(notes, "add", "--force", ".techstock_cache/web.jsonl")
    capfd.readouterr()
    main(["images"])
    assert "asked in earlier runs" not in capfd.readouterr().err
