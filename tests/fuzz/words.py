"""What the readers of each format look for, so that random bytes get past its door."""

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
    "cache": (
        *(b"\x95", b"\x90", b"\x91", b"\xa1a", b"\xc4\x14", b"\xd3" + b"\xff" * 8, b"\xc0", b"\x80"),
        *(b"\xdd\xff\xff\xff\xff", b"\xdb\xff\xff\xff\xff"),
    ),
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


def words(target: str) -> list[bytes]:
    """Those for a target."""
    return [word if isinstance(word, bytes) else word.encode() for word in _WORDS.get(target, _WORDS["note"])]
