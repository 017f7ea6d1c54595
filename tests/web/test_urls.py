"""R53, R54, R57–R59: URLs, before anybody is asked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from techstock.model.web import BLOCKED, BROKEN, SKIPPED, STATES, WebStatus
from techstock.web.api import split_targets
from techstock.web.urls import Url, parse_url, resolve_redirect
from tests.support import scale_examples
from tests.web.support import parse_valid_url


def normalize_url(target: str) -> str:
    url = parse_url(target)
    return url.text if isinstance(url, Url) else f"{url.state}:{url.reason}"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("http://例え.jp/画像 a%20b.png?q=あ#f", "http://xn--r8jz45g.jp/%E7%94%BB%E5%83%8F%20a%20b.png?q=%E3%81%82"),
        ("HTTP://IMG.Notes:80/x", "http://img.notes/x"),
        ("https://img.notes:443/a/../b.png", "https://img.notes/b.png"),
        ("http://img.notes:443/x", "http://img.notes:443/x"),
        ("//img.notes/x", "https://img.notes/x"),
        ("https://img.notes./x", "https://img.notes/x"),
        ("https://img.notes/%E7%94%BB", "https://img.notes/%E7%94%BB"),
        ("https://[2606:4700:4700::1111]/x", "https://[2606:4700:4700::1111]/x"),
        ("https://a_b.notes/x", "https://a_b.notes/x"),
    ],
)
def test_r58_normalised_once(target: str, expected: str) -> None:
    assert normalize_url(target) == expected
    assert normalize_url(expected) == expected


@pytest.mark.parametrize(
    "target",
    [
        "https://xn--zzzzzzz--.notes/x",
        "https://img.notes:99999/x",
        "https://img.notes:0/x",
        "https://img.notes:x/x",
        "https:///x.png",
        "https:img.notes/x",
        "https:/img.notes/x",
        "http://a..b/",
        "http://a%41.notes/",
        "http://img .notes/x",
        "http://[v1.x]/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://256.256.256.256/",
        "http://0177.0.0.1/",
        "http://1.2.3.4.5/",
        f"http://{'a' * 64}.notes/",
        "https://img.notes/\x00",
        "https://img.notes/a\nb",
        "https://img.notes/\ud800",
        "https://-a.notes/",
        "https://",
        f"https://img.notes/{'a' * 9_000}",
    ],
)
def test_r59_no_url(target: str) -> None:
    assert normalize_url(target) == "broken:bad-url"


@pytest.mark.parametrize(
    "host", ["example.com", "www.example.org", "a.test", "a.invalid", "a.example", "example.net", "x.localhost"]
)
def test_r57_example(host: str) -> None:
    assert normalize_url(f"https://{host}/x.png") == "skipped:example"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://private-user-images.githubusercontent.com/1/2.png?jwt=a", "expiring"),
        ("https://b.s3.amazonaws.com/a.png?X-Amz-Expires=300&X-Amz-Signature=a", "expiring"),
        ("https://raw.githubusercontent.com/o/r/main/a.png?token=A", "expiring"),
        ("https://cdn.notes/a.png?Expires=1&Signature=b", "expiring"),
        ("https://camo.githubusercontent.com/0a/68", "expiring"),
    ],
)
def test_r53_r54_not_asked(url: str, reason: str) -> None:
    answers, wanted = split_targets([url], ())
    assert answers[url].reason == reason
    assert wanted == {}


def test_r48_excluded() -> None:
    answers, wanted = split_targets(["https://a.notes/x?y", "https://b.notes/x"], ("https://a.notes/*",))
    assert {target: answer.reason for target, answer in answers.items()} == {"https://a.notes/x?y": "excluded"}
    assert list(wanted) == ["https://b.notes/x"]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("b.png", "https://img.notes/x/b.png"),
        ("/b", "https://img.notes/b"),
        ("//o.notes/b", "https://o.notes/b"),
        ("?q", "https://img.notes/x/a.png?q"),
    ],
)
def test_r33_relative_location(location: str, expected: str) -> None:
    base = parse_url("https://img.notes/x/a.png")
    assert isinstance(base, Url)
    found = resolve_redirect(base, location)
    assert isinstance(found, Url)
    assert found.text == expected


def test_location_that_cannot_be_joined() -> None:
    base = parse_url("https://img.notes/x/a.png")
    assert isinstance(base, Url)
    assert resolve_redirect(base, " //[x") == WebStatus("broken", "bad-url")


@settings(max_examples=scale_examples(60))
@given(st.text(max_size=60), st.sampled_from(["http://", "https://", "//", "http:", "https://a.notes/", ""]))
def test_any_text_has_an_answer(rest: str, start: str) -> None:
    found = parse_url(start + rest)
    if isinstance(found, WebStatus):
        assert found.state in STATES
    else:
        assert found.text.isascii()
        assert found.port in (80, 443)
        assert parse_url(found.text) == found


def test_every_part_of_a_url() -> None:
    whole = Url("https://img.notes/a.png?x=1&y", "https", "img.notes", 443, "/a.png", "x=1&y")
    assert parse_url("https://Img.notes:443/a.png?x=1&y#f") == parse_url("https://img.notes./a.png?x=1&y") == whole
    assert parse_valid_url("http://img.notes:80/a").text == "http://img.notes/a"
    assert parse_valid_url("http://img.notes:443/a").text == "http://img.notes:443/a"
    assert parse_valid_url("https://img.notes:80/a").text == "https://img.notes:80/a"
    assert parse_valid_url("https://img.notes/a b").path == "/a%20b"
    assert parse_valid_url("https://img.notes/?a\\b").query == "a\\b"
    assert parse_valid_url("https://img.notes/a#b\\c").text == "https://img.notes/a"
    longest = "https://img.notes/".ljust(8_000, "a")
    assert parse_valid_url(longest).text == longest
    assert parse_url(longest + "a") == WebStatus(BROKEN, "bad-url")


@pytest.mark.parametrize(
    ("target", "answer"),
    [
        ("http://img.notes:1/", WebStatus(BLOCKED, "port", host="img.notes")),
        ("http://img.notes:8080/", WebStatus(BLOCKED, "port", host="img.notes")),
        ("http://img.notes:65535/", WebStatus(BLOCKED, "port", host="img.notes")),
        ("http://img.notes:65536/", WebStatus(BROKEN, "bad-url", host="img.notes")),
        ("http://img.notes:0/", WebStatus(BROKEN, "bad-url", host="img.notes")),
        ("http://a.example.com/", WebStatus(SKIPPED, "example", host="a.example.com")),
        ("http://127.1/", WebStatus(BLOCKED, "address", host="127.1")),
        ("http://[::1]/", WebStatus(BLOCKED, "address", host="::1")),
        ("http://1.2.3.4.5/", WebStatus(BROKEN, "bad-url", host="1.2.3.4.5")),
        ("http://bad_host!/", WebStatus(BROKEN, "bad-url", host="bad_host!")),
        (f"http://{'a.' * 126}bc/", WebStatus(BROKEN, "bad-url", host=f"{'a.' * 126}bc")),
        ("https:///a", WebStatus(BROKEN, "bad-url")),
        ("https://x y/", WebStatus(BROKEN, "bad-url")),
    ],
)
def test_what_is_not_asked_names_its_host(target: str, answer: WebStatus) -> None:
    assert parse_url(target) == answer


def test_the_longest_host() -> None:
    assert parse_valid_url(f"http://{'a.' * 126}b/").host == "a." * 126 + "b"


@pytest.mark.parametrize(
    ("location", "text"),
    [
        ("", ""),
        ("javascript:x", ""),
        ("ftp://o.notes/", ""),
        ("data:image/png,x", ""),
        ("HTTPS://o.notes/b", "https://o.notes/b"),
        ("http://o.notes/b", "http://o.notes/b"),
        ("//o.notes/b", "https://o.notes/b"),
        ("b.png?q", "https://img.notes/d/b.png?q"),
        ("/c", "https://img.notes/c"),
    ],
)
def test_where_a_redirect_leads(location: str, text: str) -> None:
    found = resolve_redirect(parse_valid_url("https://img.notes/d/a.png"), location)
    assert found == (parse_valid_url(text) if text else WebStatus(BROKEN, "bad-url"))
