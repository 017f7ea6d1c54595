"""What `docs/stability.md` promises, held against what an earlier techstock wrote.

`python -m tests.trust.test_promises` writes `tests/expected/promises.json` and `tests/expected/promised-baseline.txt`
anew. A line that changes or goes away there breaks somebody's script or baseline: that takes a new major version. Lines
that are added break nothing.
"""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from techstock import registry
from techstock.cli import list_commands
from techstock.config.keys import KEYS
from techstock.formats import list_formats
from tests.support import make_project
from tests.trust.support import check_run, run_here

EXPECTED = Path(__file__).parent.parent / "expected"
PROMISES, BASELINE = EXPECTED / "promises.json", EXPECTED / "promised-baseline.txt"
EVERY = ["--no-cache", "--config", 'select=["*"]', "--config", 'ignore=["note-title"]']
NOTES = {
    "01-10.md": (
        "## 1. 停止\n\n- 停止: 台の電源を切り、もう一度入れるまで待つこと。\n- 再開:\n"
        "-\u3000待避: 新しい要求を受けない状態。\n- 停止: 仕事を終えること。\n"
        "\n## 1. 配置\n\n![図](images/missing.png) **強調。**続き [先](12.md)\n\n## 4.\n"
    ),
    "x/01-10.md": (
        "## 12. 復旧\n\n- 復旧: 台の電源を切り、もう一度入れるまで待つこと。\n"
        "- 退避: 台の電源を切って、もう一度入れるまで待つこと。\n"
        "- サーバー: サーバーとサーバー。サーバ。\n\n<!-- techstock: ignore no-such-rule -->\n\n<<<<<<< HEAD\n"
    ),
    "12.md.bak": "",
}


def collect_promises(folder: Path) -> dict[str, Any]:
    """Collect what is promised, as this techstock has it."""
    found = check_run(
        run_here("lint", "-q", "--output-format", "json", *EVERY, "--duplicate-scope", "corpus", cwd=folder)
    )
    problems = [
        {
            "rule": one["rule"],
            "at": f"{one['path']}:{one['line']}:{one['column']}-{one['end_line']}:{one['end_column']}",
            "fingerprint": one["fingerprint"],
            "data": sorted(one["data"]),
        }
        for one in json.loads(found.out)
    ]
    return {
        "problems": problems,
        "keys": sorted(".".join(key) for key in KEYS),
        "rules": {name: sorted(registry.load_rule(name).types) for name in registry.list_rule_names()},
        "formats": list(list_formats()),
        "commands": sorted(list_commands()),
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_project(tmp_path, NOTES)


def test_problems_keep_their_place_their_fingerprint_and_their_data(root: Path) -> None:
    now = collect_promises(root)["problems"]
    for promised in json.loads(PROMISES.read_text("utf-8"))["problems"]:
        plain = promised | {"data": None}
        same = [one for one in now if one | {"data": None} == plain]
        assert any(set(promised["data"]) <= set(one["data"]) for one in same), promised


def test_names_stay(root: Path) -> None:
    now, promised = collect_promises(root), json.loads(PROMISES.read_text("utf-8"))
    for what in ("keys", "formats", "commands", "rules"):
        assert set(promised[what]) <= set(now[what])
    for rule, options in promised["rules"].items():
        assert set(options) <= set(now["rules"][rule])


def test_a_baseline_of_an_earlier_version_still_knows_all(root: Path) -> None:
    (root / "known.txt").write_bytes(BASELINE.read_bytes())
    found = check_run(run_here("lint", *EVERY, "--duplicate-scope", "corpus", "--baseline", "known.txt", cwd=root))
    assert (found.code, found.out) == (0, "")
    assert "no longer there" not in found.err


def test_the_fingerprint_is_that_of_the_content(root: Path) -> None:
    """Lines above, another path and other line ends leave it as it is; another text does not."""
    before = _fingerprints(root)
    text = (root / "01-10.md").read_text("utf-8")
    (root / "01-10.md").write_bytes(("# 題\n\n序文。\n\n" + text).replace("\n", "\r\n").encode())
    assert _fingerprints(root) == before
    (root / "01-10.md").write_text(text.replace("強調", "別語"), "utf-8")
    assert len(_fingerprints(root) - before) == 1


def _fingerprints(root: Path) -> set[str]:
    return {one["fingerprint"] for one in collect_promises(root)["problems"] if one["at"].startswith("01-10.md")}


EXITS: dict[str, tuple[int, list[str]]] = {
    "nothing to report": (0, ["lint", "--config", 'select=["note-title"]']),
    "problems": (1, ["lint"]),
    "problems below the level that counts": (0, ["lint", "--config", 'select=["image-alt"]', "--fail-on", "error"]),
    "problems that do not count": (0, ["lint", "--exit-zero"]),
    "a file that is no note": (0, ["lint", "12.md.bak"]),
    "a path that is not there": (2, ["lint", "none.md"]),
    "an unknown option": (2, ["lint", "--none"]),
    "an unknown command": (2, ["none"]),
    "no command": (2, []),
    "an unknown rule": (2, ["lint", "--config", 'select=["none"]']),
    "a wrong configuration": (2, ["lint", "--config", "fail-on=1"]),
    "nothing to check": (2, ["lint", "--config", 'exclude=["*"]']),
    "a baseline that is not there": (2, ["lint", "--baseline", "none.txt"]),
    "help": (0, ["lint", "--help"]),
    "the version": (0, ["--version"]),
    "the rules": (0, ["rules"]),
    "a rule that is not there": (2, ["rules", "none"]),
}


@pytest.mark.parametrize("case", EXITS)
def test_exit_codes(root: Path, case: str) -> None:
    code, words = EXITS[case]
    found = run_here(*words, cwd=root)
    assert found.code == code, found


def test_exit_codes_of_what_goes_wrong(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note that cannot be written, a defect, and whoever presses Ctrl-C."""
    fix = ["lint", "--fix", "--config", 'select=["marker-space"]']
    os.link(root / "01-10.md", root.parent / "other.md")
    assert run_here(*fix, cwd=root).code == 2
    (root.parent / "other.md").unlink()
    for error, code in ((ValueError("x"), 2), (KeyboardInterrupt(), 130)):
        with monkeypatch.context() as patched:
            patched.setattr("techstock.commands.checking.diagnose", raising(error))
            assert run_here("lint", cwd=root).code == code
    assert run_here(*fix, cwd=root).code == 0


def raising(error: BaseException) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


COMMENTS = (
    "<!-- techstock: ignore definition-missing -->\n- 停止:\n",
    "<!-- techstock: ignore definition-missing, image-alt まだ書かない -->\n- 停止:\n",
    "- 停止: <!-- techstock: ignore definition-missing -->\n",
    "- 停止:\n\n<!-- techstock: ignore-file definition-missing まだ書かない -->\n",
    "<!-- techstock: ignore-start definition-missing まだ書かない -->\n\n- 停止:\n\n<!-- techstock: ignore-end -->\n",
    "<!-- techstock: ignore-start definition-missing -->\n\n- 停止:\n\n"
    "<!-- techstock: ignore-end definition-missing -->\n",
)
"""Each form that a comment may have; none of them may ever be reported, nor what it ignores."""


@pytest.mark.parametrize("text", ["- 停止:\n", *COMMENTS])
def test_comments_stay_valid(tmp_path: Path, text: str) -> None:
    root = make_project(tmp_path, {"a.md": text})
    rules = 'select=["definition-missing", "ignore-invalid", "unused-ignore"]'
    found = run_here("lint", "--no-cache", "--config", rules, cwd=root)
    assert found.code == (text not in COMMENTS), found


CONFIGURATION = """
select = ["*"]
ignore = ["image-*"]
preset = "strict"
fail-on = "error"
exclude = ["drafts/"]
include = ["*.md", "*.markdown"]
section-level = 2
duplicate-scope = "corpus"
image-root = "x"
baseline = "known.txt"
limits = {file-size = 500_000, nesting = 50, entries = 1000, seconds = 3}

[rules.section-number-gap]
level = "info"

[per-file."x/*"]
ignore = ["note-title"]
"""


def test_configurations_stay_valid(root: Path) -> None:
    (root / "techstock.toml").write_text(CONFIGURATION, "utf-8")
    (root / "known.txt").write_bytes(BASELINE.read_bytes())
    assert run_here("lint", cwd=root).code in (0, 1), run_here("lint", cwd=root)


def test_the_page_has_the_defaults_of_limits() -> None:
    page = Path(__file__).parents[2].joinpath("docs/stability.md").read_text("utf-8")
    said = {name: int(value) for name, value in re.findall(r"^\| `limits\.([a-z-]+)` \| (\d+) ", page, re.M)}
    assert said == {key[1]: kind.default for key, kind in KEYS.items() if key[0] == "limits"}


def test_objects_of_json_have_these_keys(root: Path) -> None:
    """And may have more; `tests/formats/test_json.py` holds them against a schema."""
    found = json.loads(run_here("lint", "-q", "--output-format", "json", *EVERY, cwd=root).out)
    place = {"path", "line", "column", "end_line", "end_column"}
    for one in found:
        assert {"rule", "severity", "message", "related", "fix", "fingerprint", "data"} | place <= one.keys()
        assert all(place | {"message"} <= other.keys() for other in one["related"])
        if one["fix"]:
            assert {"safety", "message", "edits"} <= one["fix"].keys()
            assert all(place | {"text"} <= edit.keys() for edit in one["fix"]["edits"])
    assert any(one["fix"] for one in found)
    assert any(one["related"] for one in found)


def _write() -> None:
    with TemporaryDirectory() as name:
        root = make_project(Path(name), NOTES)
        lines = json.dumps(collect_promises(root), ensure_ascii=False, indent=1)
        PROMISES.write_text(lines + "\n", "utf-8")
        run_here("baseline", *EVERY, "--duplicate-scope", "corpus", "--baseline", "known.txt", cwd=root)
        BASELINE.write_bytes((root / "known.txt").read_bytes())


if __name__ == "__main__":
    _write()
