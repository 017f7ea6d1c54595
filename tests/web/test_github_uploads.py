"""R34, R42 and R52: images that GitHub serves, and who gets the token."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from techstock.web import github_uploads
from tests.web import server
from tests.web.server import redirect, reply, reply_image
from tests.web.support import World, describe, parse_valid_url
from tests.web.test_tls import TOKEN
from tests.web.tls import contexts

UPLOAD = "https://github.com/user-attachments/assets/0a1b-2c3d"
BUCKET = "github-production-user-asset-6210df.s3.amazonaws.com"
SIGNED = f"{BUCKET}/1.png?X-Amz-Signature=ff&X-Amz-Expires=300"


def ask_github(answers: Mapping[str, server.Answer], target: str = UPLOAD, **wish: Any) -> tuple[str, World]:
    world = World(answers, tls=contexts(["github.com", BUCKET, "raw.githubusercontent.com"]))
    return describe(world.ask(target, **wish)[target]), world


def key(target: str) -> str:
    return target.partition("://")[2]


def test_r52_upload() -> None:
    state, world = ask_github({key(UPLOAD): redirect(f"https://{SIGNED}"), SIGNED: reply_image()})
    assert state == "ok"
    assert all("authorization" not in request.headers for request in world.server.requests)


@pytest.mark.parametrize(("public", "state"), [(True, "broken"), (False, "unknown")])
def test_r52_upload_that_strangers_do_not_get(public: bool, state: str) -> None:
    assert ask_github({}, public=public)[0] == f"{state}:deleted-or-private"


@pytest.mark.parametrize(("public", "expected"), [(True, "broken:private"), (False, "ok")])
def test_r52_upload_that_the_token_reads(public: bool, expected: str) -> None:
    answers: dict[str, server.Answer] = {
        key(UPLOAD): [reply(404, b""), reply(404, b""), redirect(f"https://{SIGNED}")],
        SIGNED: reply_image(),
    }
    assert ask_github(answers, public=public, token=TOKEN)[0] == expected


def test_r52_upload_that_is_gone() -> None:
    state, world = ask_github({}, public=True, token=TOKEN)
    assert state == "broken:deleted-or-private"
    assert [request.headers.get("authorization") for request in world.server.requests] == [
        None,
        None,
        f"Bearer {TOKEN}",
    ]


@pytest.mark.parametrize("path", ["/login?return_to=x", "/login", "/session"])
def test_r34_page_for_signing_in(path: str) -> None:
    answers = {key(UPLOAD): redirect(f"https://github.com{path}"), f"github.com{path}": reply(200, b"<html>")}
    state, world = ask_github(answers)
    assert state == "unknown:auth"
    assert len(world.server.requests) == 1


def test_other_files_get_no_token() -> None:
    target = "https://github.com/o/r/raw/main/a.png"
    state, world = ask_github({}, target, token=TOKEN)
    assert state == "broken:gone"
    assert all("authorization" not in request.headers for request in world.server.requests)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        (UPLOAD, True),
        (f"{UPLOAD}/", True),
        ("https://github.com/owner/repo/assets/12/0a1b", True),
        ("http://github.com/user-attachments/assets/0a1b", False),
        ("https://github.com:80/user-attachments/assets/0a1b", False),
        ("https://github.com.evil.notes/user-attachments/assets/0a1b", False),
        ("https://evilgithub.com/user-attachments/assets/0a1b", False),
        ("https://gist.github.com/user-attachments/assets/0a1b", False),
        ("https://raw.githubusercontent.com/user-attachments/assets/0a1b", False),
        ("https://github.com/user-attachments/files/1/a.png", False),
        ("https://github.com/user-attachments/assets/0a1b/x/y", False),
        ("https://github.com/owner/repo/raw/main/a.png", False),
        ("https://github.com/", False),
    ],
)
def test_who_gets_the_token(text: str, allowed: bool) -> None:
    assert github_uploads.may_carry_token(parse_valid_url(text)) == allowed


def event(folder: Path, name: str, payload: object) -> dict[str, str]:
    file = folder / "event.json"
    file.write_text(payload if isinstance(payload, str) else json.dumps(payload))
    return {"GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(file), "T": TOKEN}


def make_change(head: object, base: object = "o/r") -> dict[str, object]:
    return {"pull_request": {"head": {"repo": head and {"full_name": head}}, "base": {"repo": {"full_name": base}}}}


@pytest.mark.parametrize(
    ("name", "payload", "used"),
    [
        ("push", {}, True),
        ("schedule", "not json", True),
        ("pull_request", make_change("o/r"), True),
        ("pull_request", make_change("fork/r"), False),
        ("pull_request", make_change(None), False),
        ("pull_request", "not json", False),
        ("pull_request", [], False),
        ("pull_request_review", make_change("fork/r"), False),
        ("pull_request_target", make_change("o/r"), False),
        ("workflow_run", {}, False),
        ("issue_comment", {}, False),
        ("", make_change("fork/r"), False),
    ],
)
def test_no_token_where_a_fork_proposes(tmp_path: Path, name: str, payload: object, used: bool) -> None:
    token, notice = github_uploads.read_token("T", event(tmp_path, name, payload))
    assert (token == TOKEN) == used
    assert bool(notice) != used
    assert TOKEN not in notice


def test_tokens_of_actions_are_not_sent() -> None:
    token, notice = github_uploads.read_token("T", {"T": "ghs_0123456789"})
    assert token == ""
    assert "Actions" in notice


@pytest.mark.parametrize("value", ["", "short", "gho_\r\nX-Evil: 1", "gho_0123 456789", "あ" * 20])
def test_what_is_no_token(value: str) -> None:
    with pytest.raises(ValueError, match="variable `T`") as error:
        github_uploads.read_token("T", {"T": value})
    assert not value or value not in str(error.value)


@pytest.mark.parametrize(
    ("payload", "public"),
    [({"repository": {"private": False}}, True), ({"repository": {"private": True}}, False), ({}, False), ("x", False)],
)
def test_whether_strangers_read(tmp_path: Path, payload: object, public: bool) -> None:
    assert github_uploads.is_public_repository(event(tmp_path, "push", payload)) == public
    assert not github_uploads.is_public_repository({"GITHUB_EVENT_PATH": str(tmp_path / "none")})
    assert not github_uploads.is_public_repository({})


@pytest.mark.parametrize(
    ("text", "lasting"),
    [
        (UPLOAD, True),
        (f"https://raw.githubusercontent.com/o/r/{'0a' * 20}/a.png", True),
        ("https://raw.githubusercontent.com/o/r/main/a.png", False),
        ("https://img.notes/a.png", False),
    ],
)
def test_what_cannot_change(text: str, lasting: bool) -> None:
    assert github_uploads.is_immutable_url(parse_valid_url(text)) == lasting
