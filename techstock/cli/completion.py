"""`techstock completion`: print the completion script of your shell."""

from techstock.cli._arguments import CommandParser
from techstock.commands.console import write_data
from techstock.commands.errors import UsageError

_SHELLS = ("bash", "fish", "zsh")
_MAX_SIZE = 1 << 20  # bytes


def run(arguments: list[str]) -> int:
    """Run `techstock completion` with these arguments and return its exit code."""
    found = make_parser().parse_arguments(arguments, "shells")
    if len(found.shells) != 1 or found.shells[0] not in _SHELLS:
        raise UsageError("`techstock completion` takes one of `bash`, `fish` and `zsh`")
    from pathlib import Path

    from techstock.storage.regular_file import read_regular_file

    file = Path(__file__).with_name("completions") / f"techstock.{found.shells[0]}"
    write_data([read_regular_file(file, _MAX_SIZE, follow_links=True).decode()])
    return 0


def make_parser() -> CommandParser:
    """Return the parser for the options of `techstock completion`."""
    parser = CommandParser(
        prog="techstock completion",
        description="Print a script that completes commands and options in your shell. bash: add "
        '`eval "$(techstock completion bash)"` to ~/.bashrc. zsh: write it into a file `_techstock` in a folder of '
        "$fpath. fish: write it to ~/.config/fish/completions/techstock.fish.",
        usage="techstock completion bash | fish | zsh",
    )
    parser.add_argument("shells", nargs="*", metavar="SHELL", help="bash, fish or zsh")
    return parser
