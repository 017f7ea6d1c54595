"""R46–R48: what is kept between runs, and what of it counts."""

import os
from pathlib import Path

import pytest

from techstock.storage.cache_directory import CacheDirectory
from techstock.web.answer_cache import AnswerCache, CachedAnswer, hash_url
from tests.web.server import redirect, reply, reply_image
from tests.web.support import HOST, NOW, URL, World, describe, make_limits, parse_valid_url

DAY = 86_400


def ask_later(folder: Path, answer: bytes, days: float = 0.0) -> tuple[AnswerCache, World, str]:
    """Ask in a run so many days later, with the store of this folder, and save it."""
    store = AnswerCache(CacheDirectory(str(folder / "cache")), NOW + days * DAY)
    world = World({f"{HOST}/a.png": answer})
    world.time.passed = days * DAY
    state = describe(world.ask(URL, store=store)[URL])
    store.save()
    return store, world, state


def test_r46_good_answer_is_not_asked_again(tmp_path: Path) -> None:
    ask_later(tmp_path, reply_image())
    _, world, state = ask_later(tmp_path, reply(404, b""), 5)
    assert state == "ok"
    assert world.server.requests == []
    _, world, state = ask_later(tmp_path, reply(404, b""), 9)
    assert state == "broken:gone"


def test_r46_failure_is_asked_again(tmp_path: Path) -> None:
    ask_later(tmp_path, reply(404, b""))
    _, world, state = ask_later(tmp_path, reply_image())
    assert state == "ok"
    assert len(world.server.requests) == 1


def test_revalidated(tmp_path: Path) -> None:
    ask_later(tmp_path, reply_image(etag='"one"', content_type=""))
    store, world, state = ask_later(tmp_path, reply(304, b""), 9)
    assert state == "ok"
    assert world.server.requests[0].headers["if-none-match"] == '"one"'
    known = store.find_answer(parse_valid_url())
    assert known
    assert known.remarks == ("untyped",)
    assert store.find_etag(parse_valid_url()) == '"one"'


@pytest.mark.parametrize("etag", ["é", "x" * 300])
def test_tag_that_cannot_be_sent_back(tmp_path: Path, etag: str) -> None:
    store, _, state = ask_later(tmp_path, reply_image(etag=etag))
    assert state == "ok"
    assert store.find_etag(parse_valid_url()) == ""
    assert AnswerCache(CacheDirectory(str(tmp_path / "cache")), NOW).notice == ""


def test_lives_vary_and_depend_on_the_url_alone(tmp_path: Path) -> None:
    store = AnswerCache(CacheDirectory(str(tmp_path)), NOW)
    urls = [parse_valid_url(f"https://{HOST}/{number}.png") for number in range(200)]
    for age, least, most in ((5.5, 200, 200), (7.0, 60, 140), (8.5, 0, 0)):
        store.rows = {hash_url(link): CachedAnswer(hash_url(link), ok=NOW - age * DAY) for link in urls}
        held = sum(store.find_answer(link) is not None for link in urls)
        assert least <= held <= most
        assert held == sum(store.find_answer(link) is not None for link in urls)


def test_uploads_hold_longer(tmp_path: Path) -> None:
    store = AnswerCache(CacheDirectory(str(tmp_path)), NOW)
    upload = parse_valid_url("https://github.com/user-attachments/assets/0a1b")
    store.rows[hash_url(upload)] = CachedAnswer(hash_url(upload), ok=NOW - 20 * DAY)
    assert store.find_answer(upload)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b'{"techstock":"web","version":99}\n{"is":"url"}\n',
        b"[" * 100_000,
        b'{"techstock":"web","version":1}\n' + b"[" * 100_000,
        b'{"techstock":"web","version":1}\n{"is":"url","url":5}\n',
    ],
)
def test_r47_what_is_no_cache(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "web.jsonl").write_bytes(content)
    store, world, state = ask_later(tmp_path, reply_image())
    assert "counts for nothing" in store.notice or "count for nothing" in store.notice
    assert state == "ok"
    assert len(world.server.requests) == 1
    assert AnswerCache(CacheDirectory(str(tmp_path / "cache")), NOW).notice == ""


@pytest.mark.parametrize(
    "change",
    [
        {"ok": NOW + 1},
        {"ok": -1.0},
        {"moved": "javascript:alert(1)"},
        {"moved": "http://127.0.0.1/a.png"},
        {"moved": "http://user@img.notes/a.png"},
        {"moved": "http://img.notes/a.png?token=x"},
        {"moved": "http://IMG.notes/"},
        {"remarks": ("\x1b[31m",)},
        {"etag": "a\r\nX-Evil: 1"},
        {"etag": "é"},
        {"etag": "x" * 300},
        {"extra": 1},
        {"state": "fine"},
        {"state": "broken", "why": "\x1b[31m"},
    ],
    ids=str,
)
def test_r47_hostile_row(tmp_path: Path, change: dict[str, object]) -> None:
    import json

    row = {"is": "url", "url": hash_url(parse_valid_url()), "ok": NOW, "seen": NOW} | change
    file = tmp_path / "web.jsonl"
    file.write_text('{"techstock":"web","version":1}\n' + json.dumps(row) + "\n")
    store = AnswerCache(CacheDirectory(str(tmp_path)), NOW)
    assert store.rows == {}
    assert "1 row" in store.notice


def test_r47_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b'{"techstock":"web","version":1}\n')
    (tmp_path / "web.jsonl").symlink_to(tmp_path / "target")
    store = AnswerCache(CacheDirectory(str(tmp_path)), NOW)
    store.record_answer(parse_valid_url(), World({f"{HOST}/a.png": reply_image()}).ask(URL)[URL], "")
    assert store.rows
    store.save()
    assert (tmp_path / "target").read_bytes() == b'{"techstock":"web","version":1}\n'
    os.truncate(tmp_path / "web.jsonl", 40_000_000)
    assert AnswerCache(CacheDirectory(str(tmp_path)), NOW).notice


def test_r48_policy_comes_first(tmp_path: Path) -> None:
    store, _, _ = ask_later(tmp_path, reply_image())
    world = World({})
    assert describe(world.ask(URL, store=store, exclude=(f"http://{HOST}/*",))[URL]) == "skipped:excluded"


def test_no_secret_and_no_url_is_kept(tmp_path: Path) -> None:
    store = AnswerCache(CacheDirectory(str(tmp_path)), NOW)
    world = World(
        {
            f"{HOST}/a.png": redirect("/b.png?X-Amz-Signature=abcdef", 301),
            f"{HOST}/b.png?X-Amz-Signature=abcdef": reply_image(),
        }
    )
    assert describe(world.ask(URL, store=store)[URL]) == "ok"
    store.save()
    text = (tmp_path / "web.jsonl").read_text()
    assert "abcdef" not in text
    assert HOST not in text
    assert (tmp_path / ".gitignore").read_text() == "*\n"
    assert (tmp_path / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")


def test_new_ones_first_then_the_oldest(tmp_path: Path) -> None:
    store = AnswerCache(CacheDirectory(str(tmp_path)), NOW)
    links = [f"http://{HOST}/{name}.png" for name in "abcd"]
    for link, days in zip(links[:3], (10, 30, 20), strict=True):
        key = hash_url(parse_valid_url(link))
        store.rows[key] = CachedAnswer(key, ok=NOW - days * DAY, seen=NOW - days * DAY)
    world = World({f"{HOST}/{name}.png": reply_image() for name in "abcd"})
    world.ask(*links, store=store, limits=make_limits(per_host=1))
    assert [request.path for request in world.server.requests] == ["/d.png", "/b.png", "/c.png", "/a.png"]


def test_host_that_wants_a_pause_is_left_alone_later(tmp_path: Path) -> None:
    ask_later(tmp_path, reply(429, b"", retry_after="600"))
    _, world, state = ask_later(tmp_path, reply_image(), 300 / DAY)
    assert state == "unknown:rate-limited"
    assert world.server.requests == []
    _, _, state = ask_later(tmp_path, reply_image(), 601 / DAY)
    assert state == "ok"


def test_old_rows_go(tmp_path: Path) -> None:
    ask_later(tmp_path, reply_image())
    store = AnswerCache(CacheDirectory(str(tmp_path / "cache")), NOW + 100 * DAY)
    assert store.rows
    store.save()
    assert AnswerCache(CacheDirectory(str(tmp_path / "cache")), NOW + 100 * DAY).rows == {}


def test_the_last_answer_is_kept_to_look_at(tmp_path: Path) -> None:
    url = parse_valid_url(URL)
    store, _, _ = ask_later(tmp_path, reply(404, b""))
    assert AnswerCache(None, NOW).find_last_answer(url) is None
    for kept in (store, AnswerCache(CacheDirectory(str(tmp_path / "cache")), NOW + 80 * DAY)):
        answer = kept.find_last_answer(url)
        assert answer is not None
        assert (answer.state, answer.cached, answer.host) == (store.rows[hash_url(url)].state, True, url.host)
        assert answer.state != "ok"
        assert kept.find_answer(url) is None  # it is no answer to another run
    store, _, _ = ask_later(tmp_path, reply_image(), 1)
    answer = store.find_last_answer(url)
    assert answer is not None
    assert (answer.state, answer.reason) == ("ok", "")
