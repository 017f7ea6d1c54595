"""The files of a commit as git has stored them."""

from collections.abc import Mapping
from hashlib import sha1, sha256

from techstock.project.git import Git, GitError

_MAX_TEXT_SIZE = 64 * 1024 * 1024  # bytes of one old text
_SHA1_DIGITS = 40  # digits


def hash_blob(text: str, like: str) -> str:
    """Return git's object name for a file with this text, by the hash algorithm (SHA-1 or SHA-256) of `like`."""
    data = text.encode("utf-8", "surrogatepass")
    whole = b"blob %d\0" % len(data) + data
    made = sha1(whole, usedforsecurity=False) if len(like) == _SHA1_DIGITS else sha256(whole)
    return made.hexdigest()


class CommitFiles:
    """The files of a commit.

    `tree` maps the regular files of the commit below the root to their object names. `changed` are the paths whose
    content in the index differs from the commit, or which only the index has.
    """

    def __init__(self, git: Git, commit: str) -> None:
        self._git = git
        listed = git.run("ls-tree", "-r", "-z", commit).split(b"\0")
        self.tree = dict(
            _parse_tree_entry(line) for line in listed if line.startswith(b"10")
        )  # neither links nor submodules
        words = ("diff-index", "--cached", "--name-only", "-z", "--relative", "--no-renames", "--no-ext-diff")
        names = git.run(*words, "--ignore-submodules=all", commit, "--").split(b"\0")
        self.changed = frozenset(_decode_path(name) for name in names if name)

    def read_texts(self, wanted: Mapping[str, str]) -> dict[str, str]:
        """Return the texts of files, given the object name of each path.

        The text of a file of more than 64 MiB, larger than any note, is empty. Raises `GitError` if this clone lacks
        one of them.
        """
        if not wanted:
            return {}
        digests = sorted(set(wanted.values()))
        asked = "".join(f"{one}\n" for one in digests).encode()
        answers = self._git.run("cat-file", "--batch-check=%(objectsize)", text=asked).decode().splitlines()
        sizes = {one: _parse_size(answer, one, wanted) for one, answer in zip(digests, answers, strict=True)}
        small = [one for one in digests if sizes[one] <= _MAX_TEXT_SIZE]
        output = self._git.run("cat-file", "--batch", text="".join(f"{one}\n" for one in small).encode())
        found: dict[str, str] = {}
        at = 0
        for one in small:
            start = output.index(b"\n", at) + 1
            at = start + sizes[one] + 1
            found[one] = output[start : at - 1].decode("utf-8", "surrogateescape")
        return {path: found.get(one, "") for path, one in wanted.items()}


def _parse_size(answer: str, one: str, wanted: Mapping[str, str]) -> int:
    """Return the size that git reports for an object. Raises `GitError` if this clone lacks it."""
    if not answer.isdigit():
        path = next(path for path, other in wanted.items() if other == one)
        raise GitError(f"what `{path}` was is not in this clone")
    return int(answer)


def _parse_tree_entry(line: bytes) -> tuple[str, str]:
    facts, _, name = line.partition(b"\t")
    return _decode_path(name), facts.split(b" ")[2].decode()


def _decode_path(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
