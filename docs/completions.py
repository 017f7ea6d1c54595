"""Generate the completion files of the shells from the parsers: `python docs/completions.py` writes them anew.

shtab makes them; it is needed here alone, so that no user has to install it.
"""

from argparse import ArgumentParser, _SubParsersAction
from importlib import import_module
from pathlib import Path

from techstock import cli

FOLDER = Path(cli.__file__).parent / "completions"
SHELLS = ("bash", "fish", "zsh")


def make_whole_parser() -> ArgumentParser:
    """Return one parser that has every command, its options and arguments."""
    whole = ArgumentParser(
        prog="techstock", description="The linter for years of study notes kept in a git repository."
    )
    whole.add_argument("-V", "--version", action="store_true", help="print the version")
    commands: _SubParsersAction[ArgumentParser] = whole.add_subparsers(metavar="COMMAND")
    for name in cli.list_commands():
        parser: ArgumentParser = import_module(f"techstock.cli.{name}").make_parser()
        one_line = (parser.description or "").split(". ")[0].rstrip(".")
        commands.add_parser(name, parents=[parser], add_help=False, help=one_line, description=parser.description)
    return whole


def main() -> None:
    """Write the files."""
    shtab = import_module("shtab")  # late: only this needs it

    for shell in SHELLS:
        for action in _list_path_actions(parser := make_whole_parser()):
            vars(action)["complete"] = shtab.FILE
        FOLDER.mkdir(exist_ok=True)
        text = "\n".join(line.rstrip() for line in shtab.complete(parser, shell).split("\n")).strip("\n")
        (FOLDER / f"techstock.{shell}").write_text(f"{text}\n", "utf-8", newline="\n")


def _list_path_actions(parser: ArgumentParser) -> list[object]:
    """Return the arguments of all commands that are paths."""
    found: list[object] = []
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            for inner in {id(one): one for one in action.choices.values()}.values():
                found += _list_path_actions(inner)
        elif action.metavar in ("PATH", "FILE", "DIR", "FILE|KEY=VALUE", "PATH:LINE", "PATH:LINE | FINGERPRINT"):
            found.append(action)
    return found


if __name__ == "__main__":
    main()
