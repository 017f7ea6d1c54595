"""A repository that tries everything: names of files, text, images and configuration."""

import os
from pathlib import Path

from tests.support import make_repository

WORDS = (
    "::error::x", " ##[add-mask]x", "##vso[task.setvariable variable=a]x", "##teamcity[buildStop comment='x']",
    "\x1b]0;x\x07\x1b[2Jx", "\u202egnp.exe", "\u2066x\u2069", "%0A::error::x", "](https://evil.test)x", "a|b`c``d",
    "$(touch made)", "`touch made`", "; touch made", "-rf", "--output=made", "@everyone #1 GH-1",
    "<img src=x onerror=x>", "<!-- x", "line\n::stop-commands::t\n", "\r::warning::x", "\u2028::notice::x", "\x9b31mx",
    "]]>x", "&amp;\"'x",
)  # fmt: skip
"""What logs, terminals, pages and shells may take for more than text. A file may be called so, without `/`."""


def _name(word: str) -> str:
    return f"{word.replace('/', '_')}.md"


def _note(word: str) -> str:
    """Return a note with a problem of many rules whose messages carry the word."""
    line = " ".join(word.split())
    return (
        f"## 1. {line}\n\n- {line}: 同じ説明をここにもう一度だけ書いておくことにする。\n- {line}:\n- {line}: 別\n\n"
        f"![{line}](<{line.replace('<', '').replace('>', '')}.png>)\n[{line}](<gone/{line.strip('<>')}.md>)\n\n"
        f"## 1. {line}\n\n-\u3000{line}\n\n**{line}。**続き\n\n<!-- techstock: ignore {line} -->\n\n{word}\n"
    )


def make_hostile_repository(folder: Path) -> Path:
    """Commit hostile files, with a configuration that lets every rule run."""
    names = {_name(word): _note(word) for word in WORDS}
    names |= {f"images/{_name(word)}.png": "no image" for word in WORDS}
    config = 'select = ["*"]\nduplicate-scope = "corpus"\n'
    return make_repository(folder, files=names | {"techstock.toml": config})


def read_everything(folder: Path) -> dict[str, bytes | str]:
    """Return every file and link below the folder with its content, except techstock's cache and git's own files."""
    found: dict[str, bytes | str] = {}
    for at, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in (".git", ".techstock_cache")]
        for name in (*folders, *names):
            path = Path(at) / name
            if path.is_symlink():
                found[str(path)] = str(path.readlink())
            elif path.is_file():
                found[str(path)] = path.read_bytes()
    return found
