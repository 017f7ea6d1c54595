"""Change the code in small ways, one at a time, and see whether its tests notice: `python -m tests.mutation`.

Which tests must notice is said for each module by `[tool.mutation.modules]` in `pyproject.toml`, so that a mutant takes
about a second; mutmut alone would try all that reach it. Each module is worked on in a copy of the project with a
configuration of mutmut of its own. Needs the extra `mutation`, and a system that can fork.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

ROOT = Path(__file__).parent.parent
_PROJECT = ("techstock", "tests", "docs", "notes", ".github", "pyproject.toml", "README.md", "CHANGELOG.md")
_BESIDE = tuple(name for name in _PROJECT if name not in ("tests", "pyproject.toml"))
_SURVIVED, _NO_TEST = (0, 5), (33,)  # exit codes of pytest, and a number of mutmut's


class Settings(msgspec.Struct, frozen=True):
    """`[tool.mutation]`: the share of mutants, in percent, that must be killed in each module, and its tests."""

    least: float
    modules: dict[str, list[str]]


class Result(msgspec.Struct, frozen=True):
    """What became of the mutants of a module: how many were killed, and what the others change."""

    module: str
    total: int
    survivors: dict[str, str]

    @property
    def share(self) -> float:
        """Killed ones, in percent."""
        return 100 * (self.total - len(self.survivors)) / self.total


def settings() -> Settings:
    """What `pyproject.toml` says."""
    return msgspec.convert(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutation"], Settings)


def chosen(known: Settings, starts: Sequence[str]) -> list[str]:
    """The modules whose paths begin like this; all where nothing is named. Raises `SystemExit` for what is none."""
    for start in starts:
        if not any(module.startswith(start) for module in known.modules):
            raise SystemExit(f"`{start}` is no module that [tool.mutation.modules] names")
    return [module for module in known.modules if module.startswith(tuple(starts) or "")]


def mutated(module: str, tests: Sequence[str], folder: Path, children: int) -> Result:
    """Try every mutant of a module in this folder, which is empty. Raises `RuntimeError` where mutmut cannot."""
    for name in _PROJECT:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder)
    with (folder / "pyproject.toml").open("a", encoding="utf-8", newline="\n") as stream:
        stream.writelines(_configuration(module, tests))
    done = _mutmut(folder, "run", "--max-children", str(children))
    file = folder / "mutants" / f"{module}.meta"
    codes = json.loads(file.read_bytes())["exit_code_by_key"] if file.exists() else {}
    if done.returncode or not codes or None in codes.values():
        raise RuntimeError(f"{module}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    left = [name for name, code in codes.items() if code in (*_SURVIVED, *_NO_TEST)]
    return Result(module, len(codes), {name: _mutmut(folder, "show", name).stdout for name in left})


def _configuration(module: str, tests: Sequence[str]) -> Iterator[str]:
    yield "\n[tool.mutmut]\n"
    yield 'source_paths = ["techstock"]\n'
    yield f"only_mutate = {json.dumps([module])}\n"
    yield f"also_copy = {json.dumps(_BESIDE)}\n"
    yield 'pytest_add_cli_args = ["-p", "no:cacheprovider"]\n'
    yield f"pytest_add_cli_args_test_selection = {json.dumps(list(tests))}\n"


def _mutmut(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name("mutmut")
    own = os.environ | {"PYTEST_DEBUG_TEMPROOT": str(folder)}  # each mutant would tidy up what all other runs left
    return subprocess.run([tool, *words], cwd=folder, check=False, capture_output=True, encoding="utf-8", env=own)


def main() -> int:
    """The exit code: 1 where a module has fewer killed mutants than it should."""
    known = settings()
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__.partition("\n")[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="a path as in pyproject.toml, or how it begins")
    parser.add_argument("--children", type=int, default=os.cpu_count(), metavar="N", help="mutants at once")
    parser.add_argument("--survivors", action="store_true", help="show what the mutants that survived change")
    options = parser.parse_args()
    code = 0
    for module in chosen(known, options.modules):
        with tempfile.TemporaryDirectory() as folder:
            result = mutated(module, known.modules[module], Path(folder), options.children)
        killed = result.total - len(result.survivors)
        sys.stdout.write(f"{module}: {killed} of {result.total} killed, {result.share:.1f} %\n")
        for name, shown in result.survivors.items():
            sys.stdout.write(f"{shown}\n" if options.survivors else f"  {name}\n")
        sys.stdout.flush()
        code |= result.share < known.least
    return code


if __name__ == "__main__":
    sys.exit(main())
