"""What this machine gets wrong is one sentence that names it, and exit code 2; what a server gets wrong is not."""

import errno
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from techstock.cli import main
from techstock.storage.atomic_file import AtomicFile
from techstock.web import api
from techstock.web.public_network import UnresolvedHostError, resolve_host
from tests.images.pictures import PNG as PICTURE
from tests.project.disk import linux_only
from tests.support import make_project, run_git
from tests.web.server import Dialler, Names, Server, redirect, reply
from tests.web.thread import serving, turn

NOTE = "## 1.\n\n![図](http://img.notes/a.png)\n\n![図](http://other.notes/b.png)\n"
GOOD = reply(200, PICTURE, content_type="image/png")
IMAGES = ["images", "--no-cache", "--ignore", "image-insecure"]
DOWNLOAD = ["images", "--no-cache", "--download", "img", "--apply"]


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving({"img.notes/a.png": GOOD, "other.notes/b.png": GOOD}) as made:
        turn(monkeypatch, made)
        yield made


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_project(tmp_path / "notes", {"a.md": NOTE, "techstock.toml": ""}, git=True)
    monkeypatch.chdir(folder)
    return folder


def expect_sentence(capfd: pytest.CaptureFixture[str], *words: str) -> None:
    err = capfd.readouterr().err
    said = [line for line in err.splitlines() if line.startswith("error: ")]
    assert len(said) == 1, err
    assert all(word in said[0] for word in words), said
    assert "defect" not in err


@pytest.mark.parametrize("arguments", [IMAGES, DOWNLOAD, ["lint", "--online", "--no-cache"]], ids=" ".join)
@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SSL_CERT_FILE", "/nonexistent"),
        ("SSL_CERT_FILE", "garbage"),
        ("SSL_CERT_FILE", "."),
        ("SSL_CERT_DIR", "/nonexistent"),
        ("SSL_CERT_DIR", "garbage"),
        ("SSLKEYLOGFILE", "/nonexistent/keys"),
    ],
)
def test_certificates(
    notes: Path, arguments: list[str], variable: str, value: str, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"):
        monkeypatch.delenv(name, raising=False)
    (notes / "garbage").write_bytes(b"\0garbage\n")
    monkeypatch.setenv(variable, value)
    assert main(arguments) == 2
    expect_sentence(capfd, "certificates cannot be loaded", f"`{variable}`")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
@pytest.mark.parametrize("step", ["write", "sync", "rename_to", "open"])
def test_a_disk_that_is_full_while_images_are_fetched(
    web: Server, notes: Path, code: int, step: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(*_: Any) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(AtomicFile, step, full)
    assert main(DOWNLOAD) == 2
    expect_sentence(capfd, f"{notes / 'img'}", os.strerror(code))
    assert (notes / "a.md").read_text("utf-8") == NOTE


@pytest.mark.parametrize("arguments", [["--fix"], ["--fix-only"], ["--output-format", "json=out.json"]], ids=" ".join)
def test_a_disk_that_is_full_while_notes_or_reports_are_written(
    notes: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (notes / "a.md").write_text("-\u3000停止: する。\n", "utf-8")

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(AtomicFile, "write", full)
    assert main(["lint", "--no-cache", *arguments]) == 2
    expect_sentence(capfd, "no space left on device" if "fix" in arguments[0] else "No space left on device")


@linux_only
def test_stdout_on_a_full_disk(notes: Path) -> None:
    import subprocess

    from tests.cli.support import make_command, make_environment

    (notes / "a.md").write_text("-\u3000停止: する。\n", "utf-8")
    for more in ([], ["--diff"], ["--output-format", "json"]):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                make_command("lint", "--no-cache", *more), cwd=notes, stdout=full, stderr=subprocess.PIPE, check=False,
                env=make_environment(),
            )  # fmt: skip
        assert done.returncode == 2
        assert b"error: stdout cannot be written: No space left on device\n" in done.stderr


def resolve_with(monkeypatch: pytest.MonkeyPatch, resolve: Any) -> None:
    """Let the network look names up in this way."""
    network = replace(api.Network(), resolve=resolve)
    monkeypatch.setattr(api, "Network", lambda: network)


@pytest.mark.parametrize("arguments", [IMAGES, DOWNLOAD], ids=" ".join)
def test_no_name_server(
    web: Server, notes: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async def broken(host: str, _port: int) -> list[str]:
        raise UnresolvedHostError(host)

    resolve_with(monkeypatch, broken)
    assert main(arguments) == 2
    expect_sentence(capfd, "no name server answers")
    assert (notes / "a.md").read_text("utf-8") == NOTE


def test_one_name_of_many_without_an_answer_is_no_trouble_of_this_machine(
    web: Server, notes: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for hosts in (["img.notes"], ["img.notes", "other.notes"]):
        resolve_with(monkeypatch, Names({host: UnresolvedHostError(host) for host in hosts}))
        assert main([*IMAGES, "--fail-on", "error"]) == 0
        assert "error: " not in capfd.readouterr().err


@pytest.mark.parametrize(
    "error", [OSError(errno.EMFILE, "Too many open files"), OSError(errno.ENFILE, "Too many open files in system")]
)
def test_no_more_open_files(
    web: Server, notes: Path, error: OSError, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async def exhausted(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(Dialler, "connect_tcp", exhausted)
    assert main(IMAGES) == 2
    expect_sentence(capfd, str(error.strerror))


def test_no_more_open_files_for_the_resolver(
    web: Server, notes: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def exhausted(*_: Any, **__: Any) -> Any:
        raise OSError(errno.EMFILE, "Too many open files")

    resolve_with(monkeypatch, resolve_host)
    monkeypatch.setattr(socket, "getaddrinfo", exhausted)
    assert main(IMAGES) == 2
    expect_sentence(capfd, "Too many open files")


def test_no_more_threads(
    web: Server, notes: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    class Thread:
        daemon = True

        def __init__(self, **_: Any) -> None: ...

        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    resolve_with(monkeypatch, resolve_host)
    monkeypatch.setattr(threading, "Thread", Thread)
    assert main(IMAGES) == 2
    expect_sentence(capfd, "can't start new thread")


def test_what_the_system_refuses_before_anything_is_asked(
    web: Server, notes: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def exhausted(*_: Any) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr("techstock.commands.images.check_urls", exhausted)
    assert main(IMAGES) == 2
    expect_sentence(capfd, "Too many open files")


@pytest.mark.parametrize(
    ("target", "answers"),
    [
        ("http://xn--0.dev/x.png", {"xn--0.dev/x.png": GOOD}),
        ("http://💩.la/x.png", {"xn--ls8h.la/x.png": GOOD}),
        (
            "http://moved.notes/x.png",
            {"moved.notes/x.png": redirect("http://xn--0.dev/x.png"), "xn--0.dev/x.png": GOOD},
        ),
        ("http://℀.notes/x.png", {}),
    ],
)
def test_one_url_ends_no_run(
    web: Server, notes: Path, target: str, answers: dict[str, bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    web.answers.update(answers)
    (notes / "a.md").write_text(f"## 1.\n\n![図]({target})\n\n{NOTE}", "utf-8")
    assert main([*IMAGES, "--all", "--fail-on", "error"]) == 0
    out, err = capfd.readouterr()
    assert f"{2 + bool(answers)} of 3 remote images ok" in err
    assert "image-broken" not in out
    assert ("not known to load: its host has a name" in out) is not bool(answers)


def test_a_patch_of_a_download_applies_in_a_workflow(
    web: Server, notes: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (notes / "a.md").write_text(":::message\n![図](http://img.notes/a.png)\n:::\n##[x]\n", "utf-8")
    assert main(DOWNLOAD[:-1]) == 0
    run_git(notes, "apply", "--check", "-", stdin=capfd.readouterr().out)
