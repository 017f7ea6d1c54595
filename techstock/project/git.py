"""Queries to git about the repository around a project."""

import os
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Self

import msgspec

from techstock.storage.regular_file import read_beginning
from techstock.text.lazy_patterns import compile_lazily

if TYPE_CHECKING:
    import subprocess

# Hooks and tools set these for *their* repository; the one asked about is that of the root's `.git`. Configuration from
# the environment stays, and so does the system's: both may hold the `safe.directory` of a container.
_REPOSITORY_VARIABLES = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)
# A repository's own configuration may name programs to run: neither a monitor nor hooks are ours to start.
_OPTIONS = (
    *("-c", "core.quotepath=off", "-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null", "-c", "core.attributesFile=/dev/null"),
)
# Values of a repository's own configuration that are files; only a few kilobytes of it are looked at.
_NAMED_FILES = compile_lazily(r"(?im)\b(?:excludesfile|path)[ \t]*=[ \t]*\"?([^\"\n#;]+)")
_LIST = ("ls-files", "-z", "-t", "--stage", "--cached", "--others", "--exclude-standard")
_FILTERS = ("check-attr", "-z", "--stdin", "filter")
_NO_ANSWER = "git does not answer"
_MAX_CONFIG_SIZE = 64 * 1024  # bytes
_TIMEOUT = 300.0  # seconds for one answer: git waits for ever where a file of its own is a pipe
_PATIENCE = 5.0  # seconds until it is looked for such a pipe among the files of the project
_GIT_FILES = ("HEAD", "commondir", "config", "index", "packed-refs", "info/exclude", "info/attributes")
_PROJECT_FILES = (".gitattributes", ".gitignore", ".gitmodules")  # those of the project that git reads, in any folder
_LINK_MODE, _SUBMODULE_MODE = b"120000", b"160000"  # modes in the index


class GitError(Exception):
    """Git is involved and cannot answer; the text is one sentence that gives the reason and, if known, a remedy."""


class GitListing(msgspec.Struct, frozen=True):
    """Names below the root as git spells them, in bytes: files in the index, and untracked files that are not ignored.

    A name in `tracked` may have been deleted from disk; `links`, `submodules` and `absent` (left out by a sparse
    checkout) are subsets of it. `notices` are sentences about folders that git could not read.
    """

    tracked: frozenset[bytes]
    untracked: frozenset[bytes]
    notices: tuple[str, ...] = ()
    links: frozenset[bytes] = frozenset()
    submodules: frozenset[bytes] = frozenset()
    absent: frozenset[bytes] = frozenset()


class Git(msgspec.Struct, frozen=True, dict=True):
    """The git repository around `root`; `top` is the folder that holds its `.git`."""

    root: str
    top: str

    @classmethod
    def find_repository(cls, root: str) -> Self | None:
        """Return the repository that contains `root` (absolute, without links), or None; git is not run."""
        top = root
        while not os.path.exists(os.path.join(top, ".git")):
            top, before = os.path.dirname(top), top
            if top == before:
                return None
        return cls(root, top)

    @cached_property
    def listing(self) -> GitListing:
        """Return every file below the root that git tracks or would track. Raises `GitError`."""
        output, said = self._run_process(_LIST)
        return _parse_listing(output, said)

    def read_filter_attributes(self, names: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the `filter` attribute of names below the root, as set in `.gitattributes`. Raises `GitError`."""
        output, _ = self._run_process(_FILTERS, b"".join(name + b"\0" for name in names))
        fields = output.split(b"\0")
        return dict(zip(fields[::3], fields[2::3], strict=False))

    def run(self, *words: str, text: bytes = b"", fine: Collection[int] = (0,)) -> bytes:
        """Return what git writes to stdout for these arguments.

        An argument that begins with `-` must be an option. `text` is written to its stdin, nothing that a partial clone
        lacks is fetched, and each exit code in `fine` counts as success. Raises `GitError`.
        """
        return self._run_process(words, text, fine, f"answer `{words[0]}`")[0]

    def _run_process(
        self, words: Sequence[str], text: bytes = b"", fine: Collection[int] = (0,), what: str = "list the files"
    ) -> tuple[bytes, str]:
        """Return what git writes to stdout and to stderr; `what` names the task in the error message."""
        program = find_git_program()
        if not program:
            raise GitError("git is not installed")
        from subprocess import TimeoutExpired  # late: a project without git does not need it

        environment = self._make_environment() | {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
        command = [program, "-C", self.root, "--no-pager", *_OPTIONS, *words]
        try:
            self._check_files()
            run = self._wait_for_answer(command, text, environment)
        except OSError as error:
            raise GitError(f"git does not start (`{error.strerror}`)") from error
        except TimeoutExpired:
            raise GitError(_NO_ANSWER) from None
        said = run.stderr.decode("utf-8", "backslashreplace")
        if run.returncode not in fine:
            raise GitError(self._explain_failure(said, what))
        return run.stdout, said

    def _wait_for_answer(
        self, command: Sequence[str], text: bytes, environment: dict[str, str]
    ) -> "subprocess.CompletedProcess[bytes]":
        """Run a command, again with more time if it takes long and waits for no pipe.

        Raises `OSError`, `TimeoutExpired` and `GitError`.
        """
        from subprocess import TimeoutExpired, run  # late: a project without git does not need it

        try:
            return run(
                command, input=text, capture_output=True, env=environment, check=False, timeout=min(_PATIENCE, _TIMEOUT)
            )
        except TimeoutExpired:
            if pipe := _find_pipe(self.top):
                raise GitError(f"{_NO_ANSWER}: `{pipe}` is not a file") from None
        return run(command, input=text, capture_output=True, env=environment, check=False, timeout=_TIMEOUT)

    def _make_environment(self) -> dict[str, str]:
        environment = {name: value for name, value in os.environ.items() if name not in _REPOSITORY_VARIABLES}
        environment["GIT_OPTIONAL_LOCKS"] = "0"
        environment["LC_ALL"] = "C"  # what git says is read below
        environment["GIT_WORK_TREE"] = self.top  # `core.worktree` may name any folder
        index = os.environ.get("GIT_INDEX_FILE", "")
        # In a hook of this repository it names the index of the commit being made, which for `git commit FILE` is not
        # the usual one. A hook of another repository names a file that means nothing here.
        if index and self._is_in_git_directory(os.path.join(self.top, index)):
            environment["GIT_INDEX_FILE"] = os.path.join(self.top, index)
        return environment

    def _is_in_git_directory(self, file: str) -> bool:
        """Return whether `file` exists directly in the git directory of this repository, where its index is kept."""
        try:
            return os.path.isfile(file) and os.path.samefile(os.path.dirname(file), self.find_git_directory())
        except OSError:
            return False

    def find_common_directory(self) -> str:
        """Return the git directory that all worktrees share. Raises `OSError`."""
        folder = self.find_git_directory()
        try:
            return os.path.join(folder, read_small_file(os.path.join(folder, "commondir"), 4096).strip())
        except FileNotFoundError:
            return folder

    def find_git_directory(self) -> str:
        """Return the git directory; in a worktree or submodule `.git` is a file that names it. Raises `OSError`."""
        path = os.path.join(self.top, ".git")
        if os.path.isdir(path):
            return path
        name = read_small_file(path, 4096).removeprefix("gitdir:").strip()
        if "\0" in name:
            raise FileNotFoundError(f"{path} names no folder")
        return os.path.join(self.top, name)

    def _check_files(self) -> None:
        """Raise `GitError` if one of git's own files is not a regular file: git would wait forever for a pipe."""
        try:
            folder = self.find_git_directory()
        except OSError:
            return  # git says what it thinks of that
        for name in _GIT_FILES:
            if _is_endless(os.path.join(folder, name)):
                raise GitError(f"`{name}` in the folder of git is no file")
        for name in _PROJECT_FILES:
            if _is_endless(os.path.join(self.top, name)):
                raise GitError(f"`{name}` is not a file")
        common = self.find_common_directory()
        for name in _list_configured_files(os.path.join(common, "config")):
            if _is_endless(os.path.join(common, os.path.expanduser(name))):
                raise GitError("the configuration of this repository names a file that is none")

    def _explain_failure(self, said: str, what: str) -> str:
        """Return the reason why git failed, taken from its stderr."""
        if "safe.directory" in said:
            from shlex import quote  # late: rarely needed

            cure = f"git config --global --add safe.directory {quote(self.top.replace(os.sep, '/'))}"
            return f"git refuses this checkout because another user owns it (if you trust it, run `{cure}`)"
        if "promisor remote" in said:
            return "this clone is a partial one and lacks old texts: clone without `--filter`"
        lines = [line for line in said.split("\n") if line.startswith(("fatal:", "error:"))]
        return f"git cannot {what} (`{lines[0]}`)" if lines else f"git cannot {what}"


def _list_configured_files(path: str) -> list[str]:
    """Return the files that a configuration of git names: those to exclude by, and other configurations."""
    try:
        text = read_beginning(path, _MAX_CONFIG_SIZE).decode("utf-8", "surrogateescape")
    except OSError:
        return []
    return [name.strip() for name in _NAMED_FILES.findall(text) if "\0" not in name]


def _is_endless(path: str) -> bool:
    """Return whether git could wait forever for this path, which it takes for a file."""
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def _find_pipe(top: str) -> str:
    """Return the path of a file below `top` for which git waits; empty if there is none."""
    for folder, folders, names in os.walk(top):
        folders[:] = [name for name in folders if name != ".git"]
        for name in sorted({*_PROJECT_FILES}.intersection(names)):
            if _is_endless(os.path.join(folder, name)):
                return os.path.relpath(os.path.join(folder, name), top).replace(os.sep, "/")
    return ""


def read_small_file(path: str, most: int) -> str:
    """Return at most `most` bytes of one of git's own files, which may be a link. Raises `OSError`, also for a pipe."""
    return read_beginning(path, most, follow_links=True).decode("utf-8", "surrogateescape")


def find_git_program() -> str:
    """Return git's absolute path, empty if it is not installed.

    The working directory, where Windows would look too, is not searched: it may hold any program.
    """
    name = "git.exe" if os.name == "nt" else "git"
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, name)
        if os.path.isabs(path) and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return ""


def _parse_listing(output: bytes, said: str) -> GitListing:
    tracked: set[bytes] = set()  # sets: a file in conflict is listed once for each side
    untracked: set[bytes] = set()
    apart: dict[bytes, set[bytes]] = {_LINK_MODE: set(), _SUBMODULE_MODE: set(), b"S": set()}
    for line in output.split(b"\0"):
        if line.startswith(b"?"):
            untracked.add(line[2:])
        elif line:
            facts, _, name = line.partition(b"\t")  # `H 100644 DIGEST 0`
            tracked.add(name)
            for sign in (facts[:1], facts[2:8]):
                if sign in apart:
                    apart[sign].add(name)
    hidden = [line for line in said.split("\n") if "could not open directory" in line]
    notices = tuple(f"git could not look into a folder (`{line}`)" for line in hidden)
    return GitListing(
        frozenset(tracked), frozenset(untracked), notices, *(frozenset(found) for found in apart.values())
    )
