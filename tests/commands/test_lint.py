"""The contract of `techstock lint`: exit codes, streams, scope, stdin, files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.support import GAP, ONLY_GAPS, WHOLE, make_command, make_environment, run, run_process
from tests.support import make_project

CONCISE = "a.md:5:1: section-number-gap section 2 is missing before 3\n"


def make_gap_project(root: Path) -> Path:
    return make_project(root, {"a.md": GAP, "b.md": WHOLE, "techstock.toml": ONLY_GAPS})


def test_problems(tmp_path: Path) -> None:
    done = run("lint", "--output-format", "concise", cwd=make_gap_project(tmp_path))
    assert (done.returncode, done.stdout) == (1, CONCISE)
    assert done.stderr != ""


def test_no_problems_says_what_was_checked(tmp_path: Path) -> None:
    done = run("lint", "b.md", cwd=make_gap_project(tmp_path))
    assert (done.returncode, done.stdout) == (0, "")
    assert "1 note" in done.stderr


def test_quiet_silences_notices_and_never_problems(tmp_path: Path) -> None:
    done = run("lint", "-q", "--output-format", "concise", "techstock.toml", "a.md", cwd=make_gap_project(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (1, CONCISE, "")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--fail-on", "error"], 0),
        (["--fail-on", "warning"], 1),
        (["--fail-on", "info"], 1),
        (["--exit-zero"], 0),
        (["--config", "rules.section-number-gap.level='info'", "--fail-on", "info"], 1),
        (["--config", "rules.section-number-gap.level='error'", "--fail-on", "error"], 1),
        (["--config", "rules.section-number-gap.level='info'"], 0),
        (["--config", "fail-on='error'"], 0),
    ],
)
def test_exit_code(tmp_path: Path, options: list[str], code: int) -> None:
    assert run("lint", *options, cwd=make_gap_project(tmp_path)).returncode == code


def refusal(cwd: Path, *arguments: str) -> str:
    """The one sentence of a run that ends with 2 and writes nothing to stdout."""
    done = run("lint", *arguments, cwd=cwd)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    return done.stderr.removeprefix("error: ").rstrip("\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--selct", "x"], "there is no option `--selct`, did you mean `--select`?"),
        (["--exit-zeo=1"], "there is no option `--exit-zeo`, did you mean `--exit-zero`?"),
        (["--select", "section-number-gab"], "--select: `select` names \"section-number-gab\", which matches no rule, "
                                             "did you mean `section-number-gap`?"),
        (["--duplicate-scope", "all"],
         '--duplicate-scope: `duplicate-scope` must be one of "file", "directory", "corpus", not "all"'),
        (["--fail-on", "never"], '--fail-on: `fail-on` must be one of "error", "warning", "info", not "never"'),
        (["--preset", "loose"], '--preset: `preset` must be one of "default", "strict", not "loose"'),
        (["--ignore", "*"], "no rule is left to run: `select`, `ignore` and `level` turn all of them off"),
        (["--output-format", "jsn"], "--output-format: there is no format `jsn`, did you mean `json`?"),
        (["--output-format", "json="], "--output-format: `json=` names no file"),
        (["--output-format", "json=."], "--output-format: `json=.` names no file"),
        (["--output-format", "json=no/out"], "--output-format: there is no folder `no` for `no/out`"),
        (["--output-format", "json", "--output-format", "full"],
         "--output-format: two formats go to one place; write one as `NAME=FILE`"),
        (["--output-format", "json", "--statistics"],
         "--statistics prints counts in place of the problems; write these as `NAME=FILE`"),
        (["--budget", "soon"], "--budget: `soon` is not a number of seconds"),
        (["--baseline", ""], "--baseline names no file"),
        (["--root"], "argument --root: expected one argument"),
        (["--root", "nowhere"], "--root: there is no folder `nowhere`"),
        (["-"], "`-` needs --stdin-filename, the path of the note whose text comes from stdin"),
        (["-", "a.md", "--stdin-filename", "a.md"], "`-` must be the only PATH"),
        (["-", "--stdin-filename", "."], "--stdin-filename: `.` is a folder"),
        (["a.md", ""], "a PATH is empty"),
        (["a.md", "--stdin-filename", "a.md"], "--stdin-filename needs `-` as the only PATH"),
        (["--tracked"], None),
    ],
)  # fmt: skip
def test_wrong_use(tmp_path: Path, arguments: list[str], message: str | None) -> None:
    assert refusal(make_gap_project(tmp_path), *arguments) == (
        message or f"`--tracked` needs git, and `{tmp_path.resolve()}` is in no repository"
    )


def test_missing_path(tmp_path: Path) -> None:
    assert refusal(make_gap_project(tmp_path), "a.md", "missing.md").endswith("missing.md` does not exist")


def test_wrong_configuration(tmp_path: Path) -> None:
    make_project(tmp_path, {"a.md": GAP, "pyproject.toml": "[tool.techstock]\npresett = 1"})
    assert refusal(tmp_path) == "pyproject.toml: `presett` is not a known key, did you mean `preset`?"


def test_nothing_to_check(tmp_path: Path) -> None:
    make_project(tmp_path, {"notes/a.md": GAP, "docs/x.txt": "", "techstock.toml": ""})
    assert refusal(tmp_path, "docs") == "no notes to check: none of the 1 notes of the project is in the paths given"
    for config, why in {
        "exclude=['*.md']": "`exclude` (--config) leaves none of 1",
        "include=['docs/']": "`include` (--config) names none of 1 Markdown files",
        "include=['docs/']\0exclude=['notes/']": "`include` and `exclude` together leave none of 1",
    }.items():
        options = [word for text in config.split("\0") for word in ("--config", text)]
        assert refusal(tmp_path, *options) == f"no notes to check: {why}"
    assert refusal(tmp_path, "--root", "docs").endswith("docs` holds no `.md` or `.markdown` file that is not ignored")


def test_nothing_tracked(tmp_path: Path) -> None:
    make_project(tmp_path, {"x.txt": ""}, git=True)
    (tmp_path / "a.md").write_text(WHOLE, "utf-8")
    assert run("lint", cwd=tmp_path).returncode == 0
    assert refusal(tmp_path, "--tracked") == (
        "no notes to check: `--tracked` leaves none of 1, git's index holds no note"
    )


@pytest.mark.parametrize("config", ["", "include = ['docs/']"])
def test_named_files_that_are_left_out_do_not_block_a_hook(tmp_path: Path, config: str) -> None:
    files = {"a.md": GAP, "old/b.md": GAP, "x.py": "", "techstock.toml": f"exclude = ['old/']\n{config}"}
    done = run("lint", "old/b.md", "x.py", cwd=make_project(tmp_path, files))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == (
        "`old/b.md` is not checked: it is excluded, hidden, ignored by git, or not tracked\n"
        "`x.py` is not checked: it is not a Markdown file\n"
    )


def test_paths_are_relative_to_the_working_directory(tmp_path: Path) -> None:
    make_project(tmp_path, {"notes/deep/a.md": GAP, "techstock.toml": ONLY_GAPS})
    done = run("lint", "a.md", "--output-format", "concise", cwd=tmp_path / "notes/deep")
    assert done.stdout == CONCISE
    done = run("lint", "--output-format", "concise", "--root", "..", cwd=tmp_path / "notes/deep")
    assert (done.returncode, done.stdout) == (0, "")  # another root, without this configuration


def test_options_may_stand_between_paths(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"a.md": GAP, "-b.md": GAP, "techstock.toml": ONLY_GAPS})
    done = run("lint", "a.md", "--output-format", "concise", "./-b.md", cwd=root)
    assert done.stdout == f"-b.md:{CONCISE.partition(':')[2]}{CONCISE}"
    assert run("lint", "--output-format", "concise", "--", "-b.md", cwd=root).stdout.startswith("-b.md:5:1")


def test_configuration_below_the_root_gets_a_notice(tmp_path: Path) -> None:
    files = {"techstock.toml": ONLY_GAPS, "sub/a.md": GAP, "sub/techstock.toml": "ignore = ['*']"}
    done = run("lint", cwd=make_project(tmp_path, files))
    assert done.returncode == 1
    notice = "`sub/techstock.toml` is not read: it is below the root\n"
    assert notice in done.stderr
    (tmp_path / "b.md").write_text(WHOLE, "utf-8")
    assert notice in run("lint", "sub/a.md", "b.md", cwd=tmp_path).stderr
    assert notice not in run("lint", "b.md", cwd=tmp_path).stderr  # it would change nothing about this note


def test_json(tmp_path: Path) -> None:
    done = run("lint", "--output-format", "json", cwd=make_gap_project(tmp_path))
    (found,) = json.loads(done.stdout)
    assert (found["path"], found["line"], found["rule"]) == ("a.md", 5, "section-number-gap")
    done = run("lint", "--output-format", "json", "b.md", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "[]\n")


def test_json_into_a_file(tmp_path: Path) -> None:
    make_gap_project(tmp_path)
    (tmp_path / "sub").mkdir()
    done = run("lint", "--output-format", "json=sub/out.json", "--output-format", "concise", cwd=tmp_path)
    assert done.stdout == CONCISE
    stdout = run("lint", "--output-format", "json", cwd=tmp_path).stdout
    assert (tmp_path / "sub/out.json").read_text("utf-8") == stdout
    done = run("lint", "--output-format", "json=sub/out.json", "b.md", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "sub/out.json").read_text("utf-8") == "[]\n"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="this user may write everywhere")
def test_json_into_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    make_gap_project(tmp_path)
    (tmp_path / "sub").mkdir(mode=0o500)
    assert "cannot be written: Permission denied" in refusal(tmp_path, "--output-format", "json=sub/out.json")


def test_json_of_files_that_are_left_out(tmp_path: Path) -> None:
    make_gap_project(tmp_path)
    formats = ("--output-format", "json", "--output-format", "json=out.json")
    done = run("lint", "techstock.toml", *formats, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "[]\n")
    assert (tmp_path / "out.json").read_text("utf-8") == "[]\n"


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="this system has no /dev/stdout")
def test_file_that_is_a_pipe(tmp_path: Path) -> None:
    done = run_process("lint", "-q", "--output-format", "concise=/dev/stdout", cwd=make_gap_project(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (1, CONCISE, "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other limits")
def test_names_that_are_too_long(tmp_path: Path) -> None:
    make_gap_project(tmp_path)
    name = f"{'x' * 300}.md"
    for arguments in (["--output-format", f"json={name}"], ["--root", name], ["-", "--stdin-filename", name]):
        assert refusal(tmp_path, *arguments).endswith(f"{name}`: File name too long")
    assert run("lint", "-q", "--output-format", f"json={'x' * 250}", cwd=tmp_path).returncode == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the folder that a process works in")
def test_working_directory_that_is_gone(tmp_path: Path) -> None:
    make_gap_project(tmp_path)
    (tmp_path / "gone").mkdir()
    shell = ["sh", "-c", 'cd gone && rmdir ../gone && exec "$@"', "sh"]
    done = subprocess.run(
        [*shell, *make_command("lint")], cwd=tmp_path, env=make_environment(), capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"error: the working directory is gone\n")


def test_statistics(tmp_path: Path) -> None:
    done = run("lint", "--statistics", "--output-format", "json=out.json", cwd=make_gap_project(tmp_path))
    assert done.returncode == 1
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [["1", "section-number-gap"]]
    assert len(json.loads((tmp_path / "out.json").read_text("utf-8"))) == 1


def test_statistics_alone(tmp_path: Path) -> None:
    done = run("lint", "--statistics", cwd=make_gap_project(tmp_path))
    assert (done.returncode, done.stdout.split()) == (1, ["1", "section-number-gap"])
    assert run("lint", "--statistics", "b.md", cwd=tmp_path).stdout == ""


def test_show_files(tmp_path: Path) -> None:
    done = run("lint", "--show-files", cwd=make_gap_project(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "a.md\nb.md\n", "")
    assert run("lint", "--show-files", "b.md", "techstock.toml", cwd=tmp_path).stdout == "b.md\n"


def test_show_settings(tmp_path: Path) -> None:
    done = run("lint", "--show-settings", "--fail-on", "error", cwd=make_gap_project(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == f"# root: {tmp_path.resolve()}"
    assert 'select = ["section-number-gap"]  # techstock.toml' in lines
    assert 'fail-on = "error"  # --fail-on' in lines
    assert 'rules.section-number-gap.level = "warning"  # techstock.toml' in lines


def test_duplicate_scope(tmp_path: Path) -> None:
    copy = "- 待避: 新しい要求を受けず、いまの仕事を終えてから止まること。\n"
    make_project(tmp_path, {"a.md": copy, "b.md": copy, "x/a.md": copy, "techstock.toml": 'select = ["duplicate-*"]\n'})

    def notes(*options: str) -> list[int]:
        """How many notes each finding names."""
        found = json.loads(run("lint", "--output-format", "json", *options, cwd=tmp_path).stdout)
        return [1 + len(one["related"]) for one in found]

    assert (notes(), notes("--duplicate-scope", "directory")) == ([3], [2])
    assert notes("--duplicate-scope", "file") == []
    assert notes("--config", "duplicate-scope='directory'") == [2]
    assert notes("--config", "duplicate-scope='directory'", "--duplicate-scope", "file") == []
    shown = run("lint", "--duplicate-scope", "file", "--show-settings", cwd=tmp_path).stdout
    assert 'duplicate-scope = "file"  # --duplicate-scope\n' in shown


def test_verbose_tells_phases(tmp_path: Path) -> None:
    done = run("lint", "-v", cwd=make_gap_project(tmp_path))
    phases = done.stderr.splitlines()[-2]
    assert [phase.split()[0] for phase in phases.split(", ")] == [
        "configuration", "files", "rules", "parsing", "checking", "keeping", "output",
    ]  # fmt: skip


def test_isolated(tmp_path: Path) -> None:
    done = run("lint", "--isolated", "--output-format", "concise", cwd=make_gap_project(tmp_path))
    assert (done.returncode, done.stdout) == (0, "")
    done = run("lint", "--isolated", "--config", "select=['section-number-gap']", cwd=tmp_path)
    assert done.returncode == 1


def test_strict(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"a.md": GAP})
    assert run("lint", cwd=root).returncode == 0
    done = run("lint", "--preset", "strict", "--output-format", "concise", cwd=root)
    assert (done.returncode, done.stdout) == (1, CONCISE)


def test_section_level(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"a.md": GAP, "techstock.toml": ONLY_GAPS})
    assert run("lint", "--config", "section-level=3", cwd=root).returncode == 0


def test_stdin_replaces_the_note(tmp_path: Path) -> None:
    make_gap_project(tmp_path)
    arguments = ["lint", "-", "--output-format", "concise", "--stdin-filename"]
    done = run(*arguments, "a.md", cwd=tmp_path, stdin=WHOLE)
    assert (done.returncode, done.stdout) == (0, "")
    done = run(*arguments, "b.md", cwd=tmp_path, stdin=GAP)
    assert (done.returncode, done.stdout) == (1, CONCISE.replace("a.md", "b.md"))
    done = run(*arguments, str(tmp_path / "new/c.md"), cwd=tmp_path.parent, stdin=GAP.replace("\n", "\r\n"))
    assert (done.returncode, done.stdout) == (1, CONCISE.replace("a.md", f"{tmp_path.name}/new/c.md"))


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("old/b.md", "it is excluded, hidden, ignored by git, or not tracked"),
        ("old/new.md", "it is excluded"),
        ("new.txt", "it is not a Markdown file"),
    ],
)
def test_stdin_for_what_is_left_out(tmp_path: Path, file: str, why: str) -> None:
    make_project(tmp_path, {"a.md": GAP, "old/b.md": GAP, "techstock.toml": "exclude = ['old/']"})
    done = run("lint", "-", "--stdin-filename", file, cwd=tmp_path, stdin=GAP)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"`{file}` is not checked: {why}\n")


def test_stdin_outside_the_root(tmp_path: Path) -> None:
    make_project(tmp_path, {"in/a.md": GAP})
    done = run("lint", "-", "--stdin-filename", "new.md", "--root", "in", cwd=tmp_path, stdin=GAP)
    assert (done.returncode, done.stderr) == (0, "`new.md` is not checked: it is outside the root\n")


def test_stdin_of_a_file_that_include_names(tmp_path: Path) -> None:
    make_project(tmp_path, {"a.md": GAP, "techstock.toml": f"{ONLY_GAPS}include = ['*.txt']"})
    arguments = ["lint", "-", "--output-format", "concise", "--stdin-filename"]
    assert run(*arguments, "new.txt", cwd=tmp_path, stdin=GAP).returncode == 1
    assert run(*arguments, "new.md", cwd=tmp_path, stdin=GAP).returncode == 0


@pytest.mark.parametrize(
    ("stdin", "size", "why"), [(b"\x83\x65\x83\x58", 100, "not UTF-8"), (b"# a long note", 5, "limits.file-size")]
)
def test_stdin_that_is_no_text(tmp_path: Path, stdin: bytes, size: int, why: str) -> None:
    make_project(tmp_path, {"a.md": "# a\n"})
    size_limit = f"limits.file-size={size}"
    arguments = ["lint", "-", "--stdin-filename", "a.md", "--config", size_limit, "--output-format", "concise"]
    done = run(*arguments, cwd=tmp_path, stdin=stdin)
    assert done.returncode == 1
    assert done.stdout.startswith("a.md:1:1: note-unreadable ")
    assert why in done.stdout


@pytest.mark.parametrize("size", [10**15, 2**63 - 1])
def test_stdin_however_large_a_note_may_be(tmp_path: Path, size: int) -> None:
    make_project(tmp_path, {"a.md": WHOLE, "techstock.toml": f"{ONLY_GAPS}limits.file-size = {size}"})
    done = run("lint", "-", "--stdin-filename", "a.md", "--output-format", "concise", cwd=tmp_path, stdin=GAP)
    assert (done.returncode, done.stdout) == (1, CONCISE)


def test_reader_that_has_gone(tmp_path: Path) -> None:
    many = "".join(f"## {number}.\n\n" for number in range(1, 999, 2))
    make_project(tmp_path, {"techstock.toml": ONLY_GAPS, **{f"{name}.md": many for name in "abcdefgh"}})
    process = subprocess.Popen(
        make_command("lint", "-q"), cwd=tmp_path, env=make_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_stdout_that_takes_nothing(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            make_command("lint", "-q"),
            cwd=make_gap_project(tmp_path),
            env=make_environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == b"error: stdout cannot be written: No space left on device\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_other_streams_that_take_nothing(tmp_path: Path) -> None:
    make_gap_project(tmp_path)
    assert refusal(tmp_path, "--output-format", "json=/dev/full") == (
        "`/dev/full` cannot be written: No space left on device"
    )
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            make_command("lint", "--output-format", "concise"),
            cwd=tmp_path,
            env=make_environment(),
            stdout=subprocess.PIPE,
            stderr=full,
            check=False,
        )
    assert (done.returncode, done.stdout.decode()) == (1, CONCISE)


@pytest.mark.skipif(sys.platform == "win32", reason="streams are closed by a POSIX shell")
def test_closed_streams(tmp_path: Path) -> None:
    make_gap_project(tmp_path)
    shell = ["sh", "-c", 'exec "$@" >&-', "sh", *make_command("lint")]
    done = subprocess.run(shell, cwd=tmp_path, env=make_environment(), stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (2, b"error: stdout is closed\n")
    shell[2] = 'exec "$@" 2>&-'
    done = subprocess.run(shell, cwd=tmp_path, env=make_environment(), stdout=subprocess.PIPE, check=False)
    assert done.returncode == 1
    shell[2] = 'exec "$@" - --stdin-filename a.md <&-'
    done = subprocess.run(shell, cwd=tmp_path, env=make_environment(), capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"error: stdin is closed\n")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are Unicode there, whatever the locale")
def test_name_in_a_locale_that_is_not_utf8(tmp_path: Path) -> None:
    make_project(tmp_path, {"é/あ.md": GAP, "b.md": GAP, "techstock.toml": ONLY_GAPS})
    env = make_environment(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    for path in ("é/あ.md", "é"):
        done = run_process("lint", path, "--root", ".", "--output-format", "concise", cwd=tmp_path, env=env)
        assert (done.returncode, done.stdout) == (1, CONCISE.replace("a.md", "é/あ.md"))


@pytest.mark.parametrize("env", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}])
def test_any_encoding(tmp_path: Path, env: dict[str, str]) -> None:
    done = run_process("lint", cwd=make_gap_project(tmp_path), env=make_environment(**env))
    assert done.returncode == 1
    assert "section 2 is missing before 3" in done.stdout


def test_what_was_not_checked_is_said_whatever_rules_run(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.md": GAP, "b.md": b"\x83\x65\x83\x58", "techstock.toml": ONLY_GAPS}
    done = run("lint", "--output-format", "concise", cwd=make_project(tmp_path, files))
    assert (done.returncode, done.stdout) == (1, CONCISE)
    assert "`b.md` is not checked: the note is not UTF-8" in done.stderr
    assert "b.md" not in run("lint", "a.md", cwd=tmp_path).stderr
    done = run("lint", "--select", "note-unreadable", cwd=tmp_path)
    assert "b.md" not in done.stderr
    assert "b.md" in done.stdout


def test_hostile_names(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("no such names")
    make_project(tmp_path, {"a\x1b[31m\n.md": GAP, "techstock.toml": ONLY_GAPS})
    for arguments in (["--output-format", "concise"], ["--show-files"], []):
        done = run("lint", *arguments, cwd=tmp_path)
        assert "\x1b" not in done.stdout + done.stderr
        assert "a\\x1b[31m\\n.md" in done.stdout
    missing = refusal(tmp_path, os.fsdecode(b"\xff\x1b.md"))
    assert missing.endswith("\\udcff\\x1b.md` does not exist")


def test_color(tmp_path: Path) -> None:
    make_gap_project(tmp_path)
    assert "\x1b" not in run("lint", cwd=tmp_path).stdout
    assert "\x1b" in run("lint", "--color", "always", cwd=tmp_path).stdout
    assert "\x1b" in run("lint", cwd=tmp_path, env=make_environment(FORCE_COLOR="1")).stdout
    assert "\x1b" not in run("lint", "--color", "never", cwd=tmp_path, env=make_environment(FORCE_COLOR="1")).stdout


def test_terminal(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty", reason="this system has no terminals of that kind")
    main, terminal = pty.openpty()
    env = make_environment(TERM="xterm")
    process = subprocess.Popen(
        make_command("lint"), cwd=make_gap_project(tmp_path), env=env, stdout=terminal, stderr=terminal
    )
    assert process.wait() == 1
    written = os.read(main, 65536).decode()
    os.close(terminal)
    os.close(main)
    assert "\x1b[" in written
    assert "reading notes" not in written.rpartition("\r\x1b[K")[2]  # no trace of it is left, should it take long
