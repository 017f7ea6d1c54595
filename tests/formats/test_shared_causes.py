"""Problems of one cause are printed as one where people read them, and stay apart elsewhere."""

import json
from pathlib import Path

import pytest

from techstock.model import Diagnostic, SharedCause, Span
from tests.cli.support import run, run_on_terminal
from tests.formats.support import make_diagnostic, render_report
from tests.support import make_project

LINKS = "".join(f"- [節{n}](/guide/{n}.md)\n" for n in range(12))
PREFIXES = "".join(f"![図](../imgs/{n}.png)\n\n" for n in range(11))
SITE = {"techstock.toml": "", "docs/a/a.md": LINKS, "docs/b.md": f"{LINKS}\n[無い](none.md)\n"}
PICTURES = {"techstock.toml": "", "n/a.md": PREFIXES, "m/b.md": PREFIXES, "m/o/c.md": "![図](../../imgs/x.png)\n"}
ROOTED = "24 paths of links begin with `/guide/`, and nothing is there"
ROOTED_HELP = (
    "set `link-root` to the folder that `/` stands for, correct the paths, or list `/guide/*` in `link-exclude`"
)


def make_sharing(count: int, key: str = "imgs/", prefix: str = "../imgs/") -> list[Diagnostic]:
    cause = SharedCause(key, prefix, "{count} begin with `{prefix}`", "list `{glob}`")
    return [make_diagnostic(Span(n, n + 1, f"n/{n % 7}.md"), f"wrong {n}", causes=(cause,)) for n in range(count)]


@pytest.mark.parametrize("name", ["full", "grouped"])
def test_twenty_are_one(name: str) -> None:
    texts = {f"n/{n}.md": "x" * 40 for n in range(7)}
    fewer = render_report(name, texts, make_sharing(19))
    assert fewer.count("wrong") == 19
    many = render_report(name, texts, make_sharing(20))
    assert many.count("wrong") == 0
    assert many.count("20 begin with `../imgs/`") == 1
    assert "list `../imgs/*`" in many
    assert "in n/0.md (3), n/1.md (3), n/2.md (3), n/3.md (3), n/4.md (3), 2 more notes" in " ".join(many.split())


def test_prefixes_of_one_folder_are_one() -> None:
    texts = {f"n/{n}.md": "x" * 40 for n in range(7)}
    found = make_sharing(11) + make_sharing(11, prefix="../../imgs/")
    assert "22 begin with `imgs/`" in (printed := render_report("full", texts, found))
    assert "list `*imgs/*`" in printed


def test_the_most_frequent_cause_is_printed() -> None:
    found = make_sharing(25)
    narrow = SharedCause("a/", "a/", "{count} narrow", "")
    both = [
        make_diagnostic(one.problem.place, one.problem.message, causes=(narrow, *one.problem.causes))
        for one in found[:21]
    ]
    printed = render_report("grouped", {f"n/{n}.md": "x" * 40 for n in range(7)}, [*both, *found[21:]])
    assert "25 begin with" in printed
    assert "narrow" not in printed


def test_a_glob_matches_signs_of_globs() -> None:
    printed = render_report("grouped", {"n/0.md": "x" * 40}, make_sharing(20, "a[1]*/", "a[1]*/"))
    assert "list `a[[]1][*]/*`" in printed


@pytest.mark.parametrize("name", ["full", "grouped"])
def test_links_of_a_site(name: str, tmp_path: Path) -> None:
    root = make_project(tmp_path, SITE)
    done = run("lint", "--select", "link-missing", "--output-format", name, cwd=root)
    printed = " ".join(done.stdout.split()).replace(" = ", " ")
    assert printed.count(ROOTED) == 1
    assert ROOTED_HELP in printed
    assert "there is no `docs/none.md`" in printed
    assert "guide/3.md`" not in printed
    assert "25 warnings" in done.stderr


@pytest.mark.parametrize("name", ["concise", "json", "jsonl", "gitlab", "junit", "sarif"])
def test_programs_get_each(name: str, tmp_path: Path) -> None:
    root = make_project(tmp_path, SITE)
    done = run("lint", "--select", "link-missing", "--output-format", name, cwd=root)
    assert "begin with" not in done.stdout
    assert done.stdout.count("there is no `guide/") >= 24


def test_first_screen_names_the_cause_and_the_key(tmp_path: Path) -> None:
    more = "".join(f"[x](/guide/{n}) ![図](x{n}.png)\n\n" for n in range(40))
    shown = run_on_terminal("lint", cwd=make_project(tmp_path, {**SITE, "docs/c.md": more}))
    rows = shown.splitlines()
    assert [row for row in rows if len(row) > 80] == []
    assert "64 paths of links begin with `/guide/`, and nothing is there" in shown
    assert "`link-root`" in shown


def test_a_wrong_prefix_of_images(tmp_path: Path) -> None:
    done = run("lint", "--select", "image-missing", cwd=make_project(tmp_path, PICTURES))
    assert done.stdout.count("image-missing: ") == 1
    assert "23 paths of images begin with `imgs/`, and nothing is there" in done.stdout
    assert "list `*imgs/*` in `image-exclude`" in " ".join(done.stdout.split()).replace(" = ", " ")


@pytest.mark.parametrize(
    ("setting", "files", "left"),
    [
        ('link-root = "docs"', {"docs/guide/3.md": ""}, 23),
        ('image-root = "docs"', {"docs/guide/3.md": ""}, 23),
        ('link-root = "docs"\nimage-root = "static"', {"docs/guide/3.md": ""}, 23),
        ('link-exclude = ["/guide/*"]', {}, 1),
        ('link-exclude = ["*none*", "/guide/1*"]', {}, 18),
        ('image-exclude = ["/guide/*"]', {}, 25),
    ],
)
def test_keys_for_links(setting: str, files: dict[str, str], left: int, tmp_path: Path) -> None:
    """Of 25 wrong links, 24 begin with `/guide/`, two lead to `3.md`."""
    root = make_project(tmp_path, {**SITE, **files, "techstock.toml": setting})
    done = run("lint", "--select", "link-missing", "--output-format", "json", cwd=root)
    assert len(json.loads(done.stdout)) == left


@pytest.mark.parametrize(
    ("setting", "left"),
    [('image-exclude = ["*imgs/*"]', 0), ('image-exclude = ["../imgs/?.png"]', 3), ('link-exclude = ["*"]', 23)],
)
def test_keys_for_images(setting: str, left: int, tmp_path: Path) -> None:
    root = make_project(tmp_path, {**PICTURES, "techstock.toml": setting})
    done = run("lint", "--select", "image-*", "--ignore", "image-alt", "--output-format", "json", cwd=root)
    assert len(json.loads(done.stdout)) == left


def test_a_root_of_links_is_none_of_images(tmp_path: Path) -> None:
    files = {
        "a.md": "[x](/b.md) ![図](/c.svg)\n",
        "docs/b.md": "",
        "static/c.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    }
    root = make_project(tmp_path, {**files, "techstock.toml": 'link-root = "docs/"\nimage-root = "static"\n'})
    assert run("lint", "--select", "link-*,image-missing", cwd=root).returncode == 0
