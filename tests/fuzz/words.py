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
    "answer": (
        *(
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.0 206 \r\n",
            "HTTP/1.1 302 x\r\n",
            "HTTP/1.1 999 \r\n",
            "HTTP/1.1 100\r\n\r\n",
        ),
        *(
            "HTTP/1.1 429 \r\n",
            "HTTP/1.1 304 \r\n",
            "HTTP/2 200\r\n",
            "HTTP/1.1 -1 \r\n",
            "\r\n\r\n",
            "\r\n",
            "\n",
            ":",
        ),
        *(
            "content-length: ",
            "5",
            "-1",
            "99999999999999999999",
            "transfer-encoding: chunked\r\n",
            "0\r\n\r\n",
            "fffffffff",
        ),
        *(
            "location: ",
            "//",
            "http://img.notes/a.png",
            "http://127.0.0.1/",
            "http://[::1",
            "https://img.notes:0/",
            "file:///",
        ),
        *("http://a@img.notes/", "//\\", "javascript:", "?" * 500, "content-type: ", "image/png", "text/html", "; x="),
        *("content-encoding: gzip\r\n", "content-range: bytes ", "0-9/10", "retry-after: ", "nan", "1e400", "\x1e"),
        *(
            "etag: ",
            "date: ",
            "x-ratelimit-reset: ",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xfe",
            "\0",
            "あ",
            "<svg ",
            b"\x1f\x8b\x08\0",
        ),
    ),
}


def words(target: str) -> list[bytes]:
    """Those for a target."""
    return [word if isinstance(word, bytes) else word.encode() for word in _WORDS.get(target, _WORDS["note"])]
