"""What targets mean, whatever stands in them."""

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techstock.links import targets
from techstock.links.targets import format_target, make_relative, parse_target, resolve_path
from techstock.text.percent_encoding import percent_decode, percent_encode

STEPS = st.characters(codec="utf-8", exclude_characters="/\0")
PATHS = st.lists(st.text(STEPS, min_size=1), min_size=1)
NAMES = PATHS.filter(lambda steps: not {".", ".."} & set(steps)).map("/".join)


@given(st.text(), st.sampled_from(["", "a", "a/b"]))
def test_no_target_leads_out(text: str, folder: str) -> None:
    found = parse_target(text)
    path = resolve_path(found.path, folder)
    assert path is None or not ({"", ".", ".."} & set(path.split("/")) - {""} or path.startswith("/"))


@given(st.text(st.sampled_from("./a%2eE5cC\\~ 日")), st.sampled_from(["", "a", "a/b"]))
def test_no_path_leads_out(text: str, folder: str) -> None:
    found = parse_target(text)
    path = resolve_path(found.path, folder)
    if path is None:
        assert ".." in found.path
    else:
        assert ".." not in path.split("/")
        assert posixpath.normpath(posixpath.join("/r", folder, found.path or ".")) == posixpath.normpath(f"/r/{path}")


@given(
    st.text(st.sampled_from("htps:/.a\\%2e@?#{}$<>~ 日\n\t\x1f\ud800")),
    st.sampled_from(["", "https://", "http://a", "/", "c:"]),
)
def test_a_glance_tells_what_a_closer_look_does(text: str, before: str) -> None:
    assert parse_target(before + text) == targets._parse_any((before + text).strip(" \t\r\n\f"))


@given(NAMES)
def test_encoded_once_is_decoded_once(path: str) -> None:
    assert percent_decode(percent_encode(path)) == path
    assert percent_decode(percent_encode(percent_encode(path))) == percent_encode(path)


@given(NAMES, st.sampled_from(["", "a", "a/b", "日本"]), st.sampled_from(["x", "./x", "/x", "../x"]))
def test_what_is_written_leads_there(path: str, folder: str, like: str) -> None:
    text = format_target(path, folder, parse_target(like), "")
    found = parse_target(text)
    assert (found.kind, found.tail) == (targets.PATH, "")
    assert resolve_path(found.path, "" if found.rooted else folder) == path
    assert not set(text) & set(" \t\n()<>\"'`\\[]?#&")


@pytest.mark.parametrize(
    ("path", "folder", "found"),
    [
        ("a/b", "", "a/b"),
        ("a/b", "a", "b"),
        ("a/b", "a/c", "../b"),
        ("b", "a/c", "../../b"),
        ("a/b/c", "a/b/d", "../c"),
    ],
)
def test_relative(path: str, folder: str, found: str) -> None:
    assert make_relative(path, folder) == found
    assert resolve_path(found, folder) == path


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "nothing"),
        (" \n", "nothing"),
        ("#x", "nothing"),
        ("?x", "nothing"),
        ("a.png", "path"),
        ("a:b.png", "machine"),  # a drive
        ("ab:c.png", "machine"),  # a scheme
        ("./a:b.png", "path"),
        ("HTTPS://example.org", "web"),
        ("//example.org/a.png", "web"),
        ("DATA:,", "data"),
        ("{{ site.url }}/a.png", "template"),
        ("${PWD}/a.png", "template"),
        ("{% asset a.png %}", "template"),
        ("100%", "path"),
        ("a@b.png", "path"),
        ("%43:/a.png", "machine"),
        ("https://example.org/@me/a.png", "web"),
        ("https://example.org?u=a@b", "web"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert parse_target(text).kind == kind


def test_parts() -> None:
    found = parse_target("/a%20b/c.png?raw=true#x%20y")
    assert (found.path, found.rooted, found.raw, found.tail) == ("a b/c.png", True, "/a%20b/c.png", "?raw=true#x%20y")
    assert found.fragment == "x y"


def test_white_space_as_browsers_take_it() -> None:
    assert parse_target(" a\n.png ").path == "a.png"
