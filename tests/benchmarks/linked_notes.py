"""Notes with many links, made of the shapes that links have in real notes, and of words that mean nothing."""

import random
from collections.abc import Iterator
from pathlib import Path

from tests.support import write_files

# Local links for each note that has some, from the least to the most in twenty equal parts, and the share of each kind:
# counted in 1,186 notes of two collections that people publish on GitHub (5,113 links).
_LINKS_PER_NOTE = (1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 6, 7, 9, 11, 14, 20, 40)
_WITHOUT_LINKS = 0.45  # of the notes
_KINDS = {"own heading": 0.37, "other folder": 0.60, "same folder": 0.03}
_TO_HEADING = 0.02  # of the links to other notes
_BROKEN = 0.01  # not counted: a few, as there always are
_NOTES_PER_FOLDER = 12
_HEADINGS = 9
_SYLLABLES = [
    "ka",
    "shi",
    "tsu",
    "ne",
    "ho",
    "ma",
    "ya",
    "ri",
    "ru",
    "wa",
    "den",
    "kyo",
    "san",
    "ron",
    "tai",
    "sei",
    "gen",
    "jo",
]


def write_linked_notes(root: Path, count: int = 5_000, links: int = 40_000, seed: int = 5) -> None:
    """Write notes with links below `root`, the same each time; about 4.5 kB each."""
    chance = random.Random(seed)  # noqa: S311 (no secret)
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(4_000)]
    paths = [f"part{number // _NOTES_PER_FOLDER:03}/note{number:04}.md" for number in range(count)]
    titles = {path: [" ".join(chance.choices(words, k=3)) for _ in range(_HEADINGS)] for path in paths}
    shapes = [0 if chance.random() < _WITHOUT_LINKS else chance.choice(_LINKS_PER_NOTE) for _ in paths]
    scale = links / sum(shapes)
    due = 0.0
    for path, shape in zip(paths, shapes, strict=True):
        due += shape * scale
        own = [_make_link(chance, path, paths, titles) for _ in range(int(due))]
        due -= len(own)
        write_files(root, {path: "".join(_iter_sections(chance, words, titles[path], own))})


def _make_link(chance: random.Random, path: str, paths: list[str], titles: dict[str, list[str]]) -> str:
    folder = path.partition("/")[0]
    (kind,) = chance.choices(list(_KINDS), list(_KINDS.values()))
    if kind == "own heading":
        return f"#{_make_anchor(chance.choice(titles[path]))}"
    beside = [other for other in paths[max(paths.index(path) - 12, 0) :][:24] if other.startswith(f"{folder}/")]
    other = chance.choice(beside if kind == "same folder" else paths)
    target = other.partition("/")[2] if other.startswith(f"{folder}/") else f"../{other}"
    if chance.random() < _BROKEN:
        return target.replace("note", "gone")
    return target + (f"#{_make_anchor(chance.choice(titles[other]))}" if chance.random() < _TO_HEADING else "")


def _make_anchor(title: str) -> str:
    return title.replace(" ", "-")


def _iter_sections(chance: random.Random, words: list[str], titles: list[str], links: list[str]) -> Iterator[str]:
    places = [chance.randrange(len(titles)) for _ in links]
    for number, title in enumerate(titles):
        yield f"## {title}\n\n"
        own = [link for link, place in zip(links, places, strict=True) if place == number]
        for at in range(3):
            text = chance.choices(words, k=22)
            text += [f"[{chance.choice(words)}]({link})" for link in own[at::3]]
            yield f"{' '.join(text)}.\n\n"
