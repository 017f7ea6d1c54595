"""URLs that will die, and URLs of this repository."""

import pytest

from techstock.links.github_urls import find_url_expiry, parse_repository_url
from techstock.model import GitHubRemote

HOME = GitHubRemote("me/notes", ("main", "feat/x", "feat"))


@pytest.mark.parametrize(
    "url",
    [
        "https://private-user-images.githubusercontent.com/1/2.png",
        "https://other.githubusercontent.com/1/2.png?JWT=x",
        "https://b.s3.amazonaws.com/a.png?X-Amz-Signature=1",
        "https://b.s3.amazonaws.com/a.png?x-amz-signature=1",
        "https://d1.cloudfront.net/a.png?Expires=1700000000&Signature=x&Key-Pair-Id=y",
        "https://storage.googleapis.com/a.png?X-Goog-Signature=1",
        "https://x.blob.core.windows.net/a.png?sv=1&se=2030-01-01&sig=x",
        "https://raw.githubusercontent.com/me/private/main/a.png?token=x",
        "https://cdn.discordapp.com/attachments/1/2/a.png?ex=1&is=2&hm=3",
        "https://camo.githubusercontent.com/0123",
        "//camo.githubusercontent.com/0123/4567",
    ],
)
def test_urls_that_die(url: str) -> None:
    found = find_url_expiry(url)
    assert found
    assert "=" not in found.why + found.original


@pytest.mark.parametrize(
    "url",
    [
        "https://user-images.githubusercontent.com/1/2.png",
        "https://github.com/user-attachments/assets/1",
        "https://raw.githubusercontent.com/me/notes/main/a.png",
        "https://example.org/a.png?token=x&jwt=y&signature=z",
        "https://example.org/a.png?expires=1",
        "https://d1.cloudfront.net/a.png?Expires=9999999999&Signature=x",
        "https://cdn.discordapp.com/attachments/1/2/a.png",
        "https://camo.githubusercontent.com.evil.test/0123",
        "https://[broken",
        "http://example.org:99999/",
    ],
)
def test_urls_that_stay(url: str) -> None:
    assert find_url_expiry(url) is None


@pytest.mark.parametrize(
    ("original", "shown"),
    [
        ("https://example.org/a.png?sig=secret", "https://example.org/a.png"),
        ("https://me:secret@example.org/a.png", ""),
        ("javascript:alert(1)......", ""),
        ("https://example.org/`\x1b[31m", ""),
        ("\udcff" * 12, ""),
    ],
)
def test_the_original_behind_the_proxy(original: str, shown: str) -> None:
    digits = original.encode("utf-8", "surrogateescape").hex()
    found = find_url_expiry(f"https://camo.githubusercontent.com/{'0' * 40}/{digits}")
    assert found
    assert found.original == shown


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://github.com/ME/Notes/blob/main/a%20b.md#L%201", ("a b.md", "L 1")),
        ("http://www.github.com/me/notes/raw/feat/x/a.png", ("a.png", "")),
        ("https://github.com/me/notes/raw/feat/y/a.png", ("y/a.png", "")),
        ("//raw.githubusercontent.com/me/notes/refs/heads/main/a.png", ("a.png", "")),
        ("https://raw.githubusercontent.com/me/notes/main/a.png?token=x", None),
        ("https://github.com/me/notes/tree/main/a", None),
        ("https://github.com/me/notes/issues/1", None),
        ("https://github.com/me/notes-2/blob/main/a.png", None),
        ("https://github.com/me/notes", None),
        ("https://x@github.com/me/notes/blob/main/a.png", None),
        ("https://github.com:x/me/notes/blob/main/a.png", None),
    ],
)
def test_files_of_this_repository(url: str, found: tuple[str, str] | None) -> None:
    assert parse_repository_url(url, HOME) == found
    assert parse_repository_url(url, None) is None
