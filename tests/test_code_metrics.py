"""Names, docstrings and imports of the package; `python -m tests.code_metrics` prints the figures."""

import ast
import re
from pathlib import Path
from typing import TypeGuard

from tests.code_metrics import PACKAGE, find_circles, import_graph, is_named_by_nothing, loaded_modules, measure


def test_names_and_docstrings() -> None:
    metrics = measure()
    assert metrics.one_word_share <= 0.35
    assert metrics.odd_docstring_share <= 0.02
    assert len(metrics.repeated_classes) <= 3
    assert [name for name in (*metrics.public, *metrics.private) if is_named_by_nothing(name)] == []


def test_modules() -> None:
    assert len(measure().modules) <= 208
    assert find_circles(import_graph()) == []


def test_linting_one_note_loads_little(tmp_path: Path) -> None:
    (tmp_path / "techstock.toml").touch()
    (tmp_path / "a.md").write_text("## 1. 待避\n\n- 待避: 新しい要求を受けない状態。\n", "utf-8")
    modules, rules = loaded_modules("lint", "--quiet", "--no-cache", str(tmp_path / "a.md"))
    assert len(modules) <= 95, sorted(modules)
    assert not {"techstock.rules.section_number_gap", "techstock.rules.colon_style"} & set(rules)  # off by default


def test_only_the_command_line_knows_argparse() -> None:
    """Below `cli/`, options are structs: no module imports argparse, not even for types, or names its `Namespace`."""
    knowing = [
        path for path in PACKAGE.rglob("*.py") if re.search(r"\b(argparse|Namespace)\b", path.read_text("utf-8"))
    ]
    assert {path.parent.relative_to(PACKAGE).as_posix() for path in knowing} == {"cli"}


def test_nothing_is_done_by_an_expression_that_only_looks() -> None:
    """A file is read by a call that says so: no attribute is looked up and its value thrown away."""
    trees = {path: ast.walk(ast.parse(path.read_text("utf-8"))) for path in PACKAGE.rglob("*.py")}
    assert [
        (path.name, node.lineno) for path, nodes in trees.items() for node in nodes if throws_value_away(node)
    ] == []
    told = ("note.text", "_ = note.text", "_, b = note.text, 1", "note.load()", "_ = note.load()")
    assert [throws_value_away(ast.parse(source).body[0]) for source in told] == [True, True, True, False, False]


def throws_value_away(node: ast.AST) -> TypeGuard[ast.stmt]:
    """Return whether a statement looks up an attribute or an item and does nothing with it."""
    looks = (ast.Attribute, ast.Subscript)
    if isinstance(node, ast.Expr):
        return isinstance(node.value, looks)
    if not isinstance(node, ast.Assign):
        return False
    targets, values = ([one.elts if isinstance(one, ast.Tuple) else [one] for one in side]
                       for side in (node.targets, [node.value]))  # fmt: skip
    pairs = [pair for names in targets for pair in zip(names, values[0], strict=False)]
    return any(isinstance(name, ast.Name) and name.id == "_" and isinstance(value, looks) for name, value in pairs)


def test_circles_are_found() -> None:
    assert find_circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]


def test_metrics_of_a_package(tmp_path: Path) -> None:
    package = tmp_path / "p"
    package.mkdir()
    (package / "__init__.py").write_text('"""What there is."""\nfrom p.one import load_all\n')
    (package / "one.py").write_text('def load_all(): ...\ndef told(): ...\ndef __(): ...\nclass A:\n    "A thing."\n')
    (package / "two.py").write_text("import p.one\ndef later():\n    from p import load_all\nclass A: ...\n")
    metrics = measure(package)
    assert metrics.public == ["p.one.load_all", "p.one.told", "p.one.__", "p.two.later"]
    assert (metrics.repeated_classes, metrics.docstrings, len(metrics.odd_docstrings)) == (["A"], 2, 1)
    assert import_graph(package) == {"p": {"p.one"}, "p.one": set(), "p.two": {"p.one"}}
    assert is_named_by_nothing("p.one.__")
