"""Any bytes, wherever techstock reads some, are a problem or an error in one sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fix.documents import corpora
from tests.fuzz.targets import TARGETS
from tests.test_offsets import documents

# What the readers of each format look for, so that random bytes get past its door.
_WORDS: dict[str, tuple[str | bytes, ...]] = {
    "note": (
        b"\xef\xbb\xbf",
        "\r",
        "\r\n",
        "\n",
        "\0",
        b"\xff",
        "\u3000",
        "- ",
        "> ",
        "```",
        "<!--",
        "[[",
        "|-|",
        "##",
    ),
    "entry": (*":：「）*_`。 a１", "::", "http://", "arn:", '"', "**", "2024-01-01 ", "[ ] "),
    "configuration": (
        *('select = ["', '"]\n', "exclude", " = ", "[rules.", "]\n", "level", '"off"', "limits.", "file-size", "nan"),
        *("99999999999999999999", "true", "1979-05-27", "{", "}", "'", ".", "[per-file.", "\n", "*", "**/", "preset"),
        *("section-level", "\\u0000", "あ"),
    ),
    "cache": (b"\x95", b"\x90", b"\x91", b"\xa1a", b"\xc4\x14", b"\xd3" + b"\xff" * 8, b"\xc0", b"\x80")
    + (b"\xdd\xff\xff\xff\xff", b"\xdb\xff\xff\xff\xff"),
    "image": (
        *(
            b"\x89PNG\r\n\x1a\n",
            "IEND",
            "GIF89a",
            b"\xff\xd8\xff",
            "RIFF",
            "WEBP",
            "ftyp",
            "avif",
            "<svg ",
            "/>",
            "<!--",
        ),
        *("<?xml", b"\0\0\0\0", b"\xff\xff\xff\xff", ";", "!", ",", "version https://git-lfs.github.com/spec/v1\n"),
        *(";base64,", "%"),
    ),
    "baseline": (
        *("# techstock baseline 1\n", "1 ", "99999999999999999999999 ", "duplicate-definition ", "0123456789abcdef"),
        *("*", "+", " a.md: b", "\n", "\r\n", "#", "9" * 5000),
    ),
}


def _bytes(target: str) -> st.SearchStrategy[bytes]:
    words = [word if isinstance(word, bytes) else word.encode() for word in _WORDS.get(target, _WORDS["note"])]
    pieces = st.lists(st.one_of(st.sampled_from(words), st.binary(max_size=6)), max_size=30)
    loose = st.one_of(pieces.map(b"".join), st.binary(max_size=200))
    if target == "note":
        return st.one_of(loose, documents().map(str.encode))
    if target == "rules":
        return st.one_of(loose, corpora.map(lambda files: b"\x1e".join(text.encode() for text in files.values())))
    return loose


@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes(name: str) -> None:
    target = TARGETS[name]

    @given(_bytes(name))
    def holds(data: bytes) -> None:
        target(data)

    holds()
