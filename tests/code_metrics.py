"""Figures on names, docstrings and imports of the package; `python -m tests.code_metrics` prints them."""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import techstock

PACKAGE = Path(techstock.__file__).parent
LOOKED_UP = {"check", "run", "render", "main"}  # by name: rules, commands, formats, the program
APART = ("rules", "formats", "report", "server")  # packages that grow by what they offer, not by how the rest is built
OPENERS = {"What", "Whether", "Where", "How", "Why", "Those", "Which"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Metrics:
    """Counts over all modules of a package."""

    public: list[str] = field(default_factory=list)
    private: list[str] = field(default_factory=list)
    docstrings: int = 0
    odd_docstrings: list[str] = field(default_factory=list)
    classes: Counter[str] = field(default_factory=Counter)
    modules: list[str] = field(default_factory=list)

    @property
    def one_word_share(self) -> float:
        """Share of public functions whose name is one word."""
        return len(one_word(self.public)) / len(self.public)

    @property
    def odd_docstring_share(self) -> float:
        """Share of docstrings that open with a question word."""
        return len(self.odd_docstrings) / self.docstrings

    @property
    def repeated_classes(self) -> list[str]:
        """Class names that are defined more than once."""
        return sorted(name for name, count in self.classes.items() if count > 1)


def one_word(names: list[str]) -> list[str]:
    """Return the names that are one word, whatever underscores surround it."""
    return [name for name in names if "_" not in name.rpartition(".")[2].strip("_")]


def measure(package: Path = PACKAGE) -> Metrics:
    """Return the metrics of all modules below `package`."""
    metrics = Metrics()
    for path in sorted(package.rglob("*.py")):
        module = _module_name(package, path)
        if len(path.relative_to(package).parts) == 1 or path.relative_to(package).parts[0] not in APART:
            metrics.modules.append(module)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            _count(metrics, module, node)
    return metrics


def _count(metrics: Metrics, module: str, node: ast.AST) -> None:
    if isinstance(node, ast.ClassDef):
        metrics.classes[node.name] += 1
    if isinstance(node, Function) and not _is_property(node) and node.name not in LOOKED_UP:
        if node.name.startswith("_") and not node.name.startswith("__"):
            metrics.private.append(f"{module}.{node.name}")
        elif not node.name.startswith("__") or is_named_by_nothing(node.name):
            metrics.public.append(f"{module}.{node.name}")
    if isinstance(node, ast.Module | ast.ClassDef | Function) and (text := ast.get_docstring(node)):
        metrics.docstrings += 1
        if text.split()[0].rstrip(",:.") in OPENERS:
            metrics.odd_docstrings.append(f"{module}.{getattr(node, 'name', '')}: {text.splitlines()[0]}")


def _is_property(node: Function) -> bool:
    return any("property" in ast.unparse(decorator) for decorator in node.decorator_list)


def _module_name(package: Path, path: Path) -> str:
    parts = (package.name, *path.relative_to(package).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_named_by_nothing(name: str) -> bool:
    """Return whether the last part of a dotted name holds nothing but underscores."""
    return not name.rpartition(".")[2].strip("_")


def import_graph(package: Path = PACKAGE) -> dict[str, set[str]]:
    """Return for each module the modules of the package that it imports, late or for types only included."""
    paths = {_module_name(package, path): path for path in sorted(package.rglob("*.py"))}
    trees = {name: ast.parse(path.read_text("utf-8")) for name, path in paths.items()}
    exports = {name: _exports(trees[name]) for name, path in paths.items() if path.name == "__init__.py"}
    return {name: set(_imports(tree, exports, set(paths))) - {name} for name, tree in trees.items()}


def _exports(tree: ast.Module) -> dict[str, str]:
    """Return the module that each name comes from which a package imports at its top."""
    found = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    return {alias.asname or alias.name: node.module or "" for node in found for alias in node.names}


def _imports(tree: ast.Module, exports: dict[str, dict[str, str]], known: set[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                origin = exports.get(node.module, {}).get(alias.name, node.module)
                yield inside if inside in known else origin if origin in known else node.module


def find_circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that import each other, directly or through others."""
    reached = {name: _reachable(graph, name) for name in graph}
    groups = {tuple(sorted(other for other in reached[name] if name in reached.get(other, ()))) for name in graph}
    return sorted(list(group) for group in groups if len(group) > 1)


def _reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for other in graph.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def loaded_modules(*arguments: str) -> tuple[list[str], list[str]]:
    """Run `techstock` with `arguments` in a process; return the names of its own modules and of the rules it loaded."""
    code = (
        "import sys\n"
        "from techstock.cli import main\n"
        "main(sys.argv[1:])\n"
        "sys.stderr.write('\\nloaded: ' + ' '.join(m for m in sys.modules if m.partition('.')[0] == 'techstock'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, encoding="utf-8", check=True
    )
    names = done.stderr.rpartition("loaded: ")[2].split()
    rules = [name for name in names if name.startswith("techstock.rules")]
    return [name for name in names if name not in rules], rules


def report() -> Iterator[str]:
    """Yield the figures as lines."""
    metrics = measure()
    yield f"modules beside {', '.join(APART)}: {len(metrics.modules)}"
    for kind, names in (("public", metrics.public), ("private", metrics.private)):
        yield f"{kind} functions: {len(names)}, of one word {len(one_word(names)) / len(names):.1%}"
    yield f"docstrings: {metrics.docstrings}, opening with a question word {metrics.odd_docstring_share:.1%}"
    yield f"class names defined twice: {', '.join(metrics.repeated_classes) or 'none'}"
    yield f"import circles: {find_circles(import_graph()) or 'none'}"


if __name__ == "__main__":
    sys.stdout.write("".join(f"{line}\n" for line in report()))
