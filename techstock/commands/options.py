"""Options that several commands share. `cli` makes them; what options alone decide is decided when they are made."""

from collections.abc import Mapping

import msgspec


class ProjectOptions(msgspec.Struct, frozen=True):
    """Options that choose the project, its configuration and its notes. Paths are as the user typed them."""

    paths: tuple[str, ...]  # what to report on; empty: all notes
    root: str | None
    config: tuple[str, ...] = ()  # files, or TOML assignments
    isolated: bool = False
    settings: Mapping[str, str | list[str]] = {}  # keys of the configuration that have an option of their own
    tracked: bool = False
    stdin: str = ""  # the note whose text comes from stdin; empty: none


class LoadingOptions(msgspec.Struct, frozen=True):
    """Options that change how fast notes are loaded, but not the result."""

    jobs: int  # processes that parse; 0: by processors
    cache: bool
    cache_dir: str | None


class SessionOptions(msgspec.Struct, frozen=True):
    """Options of every command that reads the notes of a project."""

    project: ProjectOptions
    loading: LoadingOptions
    quiet: bool


class OutputOptions(msgspec.Struct, frozen=True):
    """Options for what is printed, and for the exit code."""

    formats: tuple[tuple[str, str], ...]  # names, and files as typed; no file: stdout
    compare: str | None
    statistics: bool
    color: str
    exit_zero: bool
    show_files: bool  # in place of problems
    show_settings: bool  # in place of problems
    verbose: bool
    all: bool = False  # print every problem, however many there are
    group_by: str = ""  # `rule`, `note` or nothing
    most: int = 0  # problems to print; 0: all


class WebOptions(msgspec.Struct, frozen=True):
    """Options for web requests."""

    budget: float | None  # seconds; 0: no limit, `None`: the default
    github_token_env: str | None  # the name of a variable
    assume_public: bool
    host_table: bool = False  # print a table of the answers, by host


class FixOptions(msgspec.Struct, frozen=True):
    """Options for fixes. `diff` prints them as a patch and writes nothing; `reports`: what is left is reported."""

    unsafe: bool
    diff: bool
    reports: bool


class LintOptions(SessionOptions, frozen=True):
    """Options of `techstock lint`, and of `techstock images`, which has only some of them."""

    output: OutputOptions
    web: WebOptions | None  # `None`: remote images are not checked
    fixes: FixOptions | None = None
    add_ignores: bool = False
    diff: bool = False  # with `add_ignores`: print a patch and write nothing
    reason: str | None = None  # that the comments give
    fingerprints: tuple[str, ...] = ()  # report, or ignore, only these problems; empty: all
    baseline: str | None = None  # the file as typed; `None`: the configured one
    no_baseline: bool = False
    since: str | None = None
    command: str = "lint"  # `lint` or `images`
    images_only: bool = False  # run only rules on images, those that are on

    @property
    def reports(self) -> bool:
        """Return whether problems are written: fixes or a patch may be all that is asked for."""
        return not (self.add_ignores and self.diff) and (self.fixes is None or self.fixes.reports)
