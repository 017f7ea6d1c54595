"""The first screen of `techstock lint` on a terminal, and what is printed elsewhere."""

import shlex
from pathlib import Path

import pytest

from tests.cli.support import run, run_on_terminal
from tests.support import make_project, write_files

RADICAL = "- ⽣成: 生み出すこと{n}。\n"
SLIPS = "".join(
    f"- 節{n}:\n- ⽣成{n}: 生み出すこと{n}。\n-　印{n}: 全角の空白が付いた印{n}。\n\n段落{n}\n\n" for n in range(12)
)
MANY = {f"notes/{n}.md": f"## {n}.\n\n## {n}.\n\n{SLIPS}" for n in range(3)} | {
    "techstock.toml": 'preset = "default"\n'
}
KINDS = ("hidden-character", "marker-space", "definition-missing", "section-empty", "section-number-repeated")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("many"), MANY)


def test_first_screen_shows_each_kind_once_and_what_to_do_next(project: Path) -> None:
    shown = run_on_terminal("lint", cwd=project)
    rows = shown.splitlines()
    assert len(rows) <= 80
    assert max(map(len, rows)) <= 80
    for kind in KINDS:
        assert sum(row.startswith(f"{kind}: ") for row in rows) == 1, kind
    kinds = [row for row in rows if row.partition(": ")[0] in KINDS]
    levels = ["error" if " error" in row else "warning" for row in kinds]
    assert levels == sorted(levels)
    for command in (
        "techstock lint --all",
        "techstock lint --all --select ",
        "techstock lint --fix",
        "techstock rules ",
        "techstock baseline",
    ):
        assert command in shown, command


def test_a_folder_may_be_named(project: Path) -> None:
    assert "  print all of them:         techstock lint --all notes\n" in run_on_terminal("lint", "notes", cwd=project)


@pytest.mark.parametrize(
    ("arguments", "env"),
    [
        (["--all"], {}),
        (["-q"], {}),
        (["--max", "500"], {}),
        (["--group-by", "rule"], {}),
        (["notes/0.md", "notes/1.md", "notes/2.md"], {}),
        ([], {"PRE_COMMIT": "1"}),
    ],
)
def test_all_is_printed_where_it_is_asked_for(project: Path, arguments: list[str], env: dict[str, str]) -> None:
    shown = run_on_terminal("lint", *arguments, cwd=project, env=env)
    assert "one example of each kind" not in shown
    assert shown.count("has no definition") == 36


def test_a_pipe_gets_everything(project: Path) -> None:
    done = run("lint", cwd=project)
    assert done.stdout.count("definition-missing: ") == 36
    assert run("lint", "--all", cwd=project).stdout == done.stdout


def find_command(shown: str, purpose: str) -> list[str]:
    """Return the arguments of the command that the end of a run names for a purpose."""
    return shlex.split(next(row for row in shown.splitlines() if row.startswith(f"  {purpose}")).split(": ")[1])[1:]


def test_one_kind_is_printed_by_the_command_that_is_named_for_it(project: Path) -> None:
    command = find_command(run_on_terminal("lint", cwd=project), "print one kind")
    shown = run_on_terminal(*command, cwd=project)
    assert "one example of each kind" not in shown
    assert f"by rule: 36 {command[-1]}" in shown or "36 problems" in shown
    one = run_on_terminal("lint", "--select", command[-1], cwd=project)
    assert "print one kind" not in one


@pytest.mark.parametrize(
    "options",
    [
        ["--select", "marker-space,definition-missing"],
        ["--no-baseline", "--ignore", "section-*"],
        ["--config", 'ignore = ["hidden-character"]', "--root", "."],
        ["--isolated", "--preset", "strict", "--duplicate-scope", "file"],
    ],
)
def test_the_next_commands_are_about_the_same_problems(project: Path, options: list[str]) -> None:
    shown = run_on_terminal("lint", *options, cwd=project)
    total = shown.partition(" problems")[0].splitlines()[-1]
    again = run_on_terminal(*find_command(shown, "print all of them"), cwd=project)
    assert f"\n{total} problems (" in again
    safe = shown.partition("\n  fix ")[2].partition(" of them")[0]
    patch = run(*find_command(shown, "fix "), "--diff", cwd=project)
    assert patch.stderr.endswith(f"{safe} problems would be fixed in 3 notes\n")


def test_a_count_is_printed_beside_its_rule(project: Path) -> None:
    rows = run("lint", "--preset", "strict", cwd=project).stderr.partition("by rule: ")[2].splitlines()
    assert not any(row.rstrip()[-1].isdigit() for row in rows if row.strip())


def test_few_problems_are_printed_in_full(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"a.md": "## 1.\n\n- 待避:\n", "techstock.toml": ""})
    shown = run_on_terminal("lint", cwd=root)
    assert "one example of each kind" not in shown
    assert " --> a.md:3:3\n" in shown


def test_end_names_counts_and_commands(project: Path) -> None:
    err = run("lint", cwd=project).stderr
    assert "36 hidden-character" in err.replace("\n  ", " ")
    assert "  report only new problems:  techstock baseline\n" in err
    assert run("lint", "-q", cwd=project).stderr == ""
    assert "techstock rules" not in run("lint", "notes/0.md", cwd=project).stderr  # as a hook or an editor calls it
    assert "techstock rules" not in run("lint", "--output-format", "json", cwd=project).stderr


def test_end_leads_to_init_where_nothing_is_configured(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"a.md": "## 1.\n\n- 待避:\n"})
    assert "report only new problems:  techstock init\n" in run("lint", cwd=root).stderr
    write_files(root, {"techstock.toml": 'baseline = "b.txt"\n', "b.txt": ""})
    assert "report only new problems" not in run("lint", cwd=root).stderr


def test_groups_and_maximum(project: Path) -> None:
    by_rule = run("lint", "--group-by", "rule", "--output-format", "concise", cwd=project).stdout.splitlines()
    rules = [line.split(": ")[1].split()[0] for line in by_rule]
    assert len({*rules}) == sum(before != after for before, after in zip(["", *rules], rules, strict=False))
    few = run("lint", "--max", "2", "--output-format", "concise", cwd=project)
    assert few.stdout.splitlines() == run("lint", "--output-format", "concise", cwd=project).stdout.splitlines()[:2]
    assert few.returncode == 1
    assert "only 2 are printed" in few.stderr
    full = run("lint", "--group-by", "rule", cwd=project).stdout
    assert full.startswith("# marker-space: 36 errors\n")
    assert run("lint", "--group-by", "note", cwd=project).stdout.startswith("# notes/0.md: ")
    assert run("lint", "--group-by", "rule", "--output-format", "grouped", cwd=project).stdout.startswith(
        "marker-space\n  notes/0.md:7:1  "
    )


@pytest.mark.parametrize("options", [["--group-by", "rule"], ["--max", "1"]])
def test_formats_for_programs_keep_their_order(project: Path, options: list[str]) -> None:
    done = run("lint", *options, "--output-format", "json", cwd=project)
    assert (done.returncode, done.stdout) == (2, "")
    assert "not for `json`" in done.stderr
    plain = run("lint", "--output-format", "json", cwd=project).stdout
    assert run("lint", "--all", "--output-format", "json", cwd=project).stdout == plain


def test_equal_slips_of_a_note_are_printed_as_one(project: Path) -> None:
    full = run("lint", "notes/0.md", cwd=project).stdout
    assert full.count("hidden-character: ") == full.count("marker-space: ") == 1
    assert "= 11 more like this in the same note, lines 12, 18, 24," in full
    grouped = run("lint", "notes", "--output-format", "grouped", cwd=project).stdout
    assert grouped.count("hidden-character") == grouped.count("and 11 more like this") // 2 == 3
    concise = run("lint", "notes", "--output-format", "concise", cwd=project).stdout
    assert concise.count("hidden-character") == 36
