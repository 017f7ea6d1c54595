"""Command lines in text: which command of techstock, with which words."""

import re
import shlex
from argparse import ArgumentParser
from collections.abc import Iterator
from importlib import import_module

from techstock.cli import list_commands

_ENDS = {"&&", "||", ";", "|", "&", "(", ")"}
_TOP = {"--help", "--version"}


def called(line: str) -> Iterator[list[str]]:
    """What each `techstock` of a shell's line is given."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] = []
    for word in [*lexer, ";"]:
        if word not in _ENDS:
            words.append(word)
            continue
        if words and words[0].rpartition("/")[2] == "techstock":
            yield words[1:]
        words = []


def faults(words: list[str]) -> list[str]:
    """What of these words after `techstock` there is not: a command, or options. Words in capitals stand for others."""
    first = words[0] if words else "--help"
    if first.startswith("-") or first.isupper():
        return sorted(set(_options(words)) - _TOP)
    if first not in list_commands():
        return [first]
    return sorted(set(_options(words)) - options(first))


def options(command: str) -> set[str]:
    """The options of a command."""
    return set(parser(command)._option_string_actions)


def every_option() -> set[str]:
    """The options of techstock and of all commands."""
    return _TOP.union(*(options(command) for command in list_commands()))


def parser(command: str) -> ArgumentParser:
    """What reads the options of a command."""
    made: ArgumentParser = import_module(f"techstock.cli.{command}").make_parser()
    return made


def _options(words: list[str]) -> list[str]:
    end = words.index("--") if "--" in words else len(words)
    return [word.partition("=")[0] for word in words[:end] if re.match(r"--?[a-zA-Z]", word)]
