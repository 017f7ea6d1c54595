"""A change as a patch that `git apply` takes."""

from collections.abc import Iterator

_SHORT = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}  # as in C


def patch(path: str, old: str, new: str) -> Iterator[str]:
    """The lines of a unified diff of one file, each with its end; nothing where the texts are equal.

    `path` is what `git apply` is to look for: relative to the top of the repository, with `/`.
    """
    from difflib import unified_diff  # late: only `--diff` needs it

    before, after = _lines(old), _lines(new)
    rows = unified_diff(before, after, n=3)
    for index, row in enumerate(rows):
        if index == 0:
            yield f"diff --git {_quoted('a/' + path)} {_quoted('b/' + path)}\n"
            yield f"--- {_named('a/' + path)}\n"
        elif index == 1:
            yield f"+++ {_named('b/' + path)}\n"
        elif row.endswith("\n"):
            yield row
        else:
            yield f"{row}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Lines as git counts them: ended by `\\n` and nothing else."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _named(path: str) -> str:
    """A path as a line on its own: behind one with blanks, a tab tells where it ends."""
    return _quoted(path) + ("\t" if " " in path else "")


def _quoted(path: str) -> str:
    """The path as git writes it: in quotes, bytes in octal, if it holds anything but plain printable characters."""
    data = path.encode("utf-8", "surrogateescape")
    if all(0x20 <= byte < 0x7F and byte not in (0x22, 0x5C) for byte in data):
        return path
    return '"' + "".join(map(_byte, data)) + '"'


def _byte(byte: int) -> str:
    if byte in _SHORT:
        return f"\\{_SHORT[byte]}"
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}"
