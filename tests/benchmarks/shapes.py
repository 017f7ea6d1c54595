"""Notes of any length whose shape is hard on a parser or on a rule, and ordinary ones."""

from collections.abc import Callable, Iterator
from itertools import count

Shape = Callable[[int], str]
"""Takes a number of characters; the text has about as many."""

_CHARACTERS = "*_`~[]()<>!#-+=|:：.\\/&\"'@^$%{};?\t 　0１aA。・ア漢\0\r\u2028\u200b\u0301\u202e"
# Unclosed, closed, and half of everything; each is repeated.
_PIECES = (
    *(" _a", " *a", "**x。**y", "a**b ", "*a_ ", "_a*", "*a **b ", "*** a", "a***b", "~~a~~ ", "~~a ", "~a"),
    *("[a_ ", "![a", "[a](", "[a](<b ", "[[", "[[a|", "[[a]] ", "![[a.png]] ", "[a][b", "](", "[a](b) "),
    *("![a](b.png) ", "[a]", "[a](#b) "),
    *("<img ", '<img a="', "<img src='a'>", "<!--", "<!-- a -->", "-->", "<a b=", "<a b='c", "<?", "<![CDATA["),
    *("<!X ", "<b>", "<h2>", "<a id=b>"),
    *("<http://a", "<http://a> ", "http://a:b ", "`a` ", "`` ` ", "&amp;", "&a", "&#1234567;", "\\*", "\\["),
    *("\\\n", "a  \n"),
    *("- ", "> ", ">- ", ">\n", "1. ", "- a\n", "* - a\n", "> - a\n", "- a\n\n", "-\u3000a\n", "-a\n", "\ta\n"),
    *("-\ta\n", "  - a\n", "\u3000a\n"),
    *("```\n", "~~~\n", "```a\nb\n", "|a|b|\n", "|a", "-|", "a\n===\n", "a\n---\n", "[a]: b\n", "[a]:\n"),
    *('[a]: <b> "c\n', "<div>\n", "<div>\na\n</div>\n"),
    *("## 1.\n", "## 第1問\n", "# a\n", "###a\n", "## a #\n", "１．a\n", "[a](#a) \n## a\n", "  ## 1. a\n"),
    "<<<<<<< a\n=======\n>>>>>>> b\n",
    *("arn:a:", '"a: b" ', '"a', "a::b ", ":a: ", ":a", "（a", "（[「(", "a ", "用語", "漢字とかな。"),
    *("A A/", "ア・ア", "a:A", "か\u3099", "👨\u200d👩\u200d"),
    *("- **a**：b\n", "- **a：**b\n", "- a: b\n", "- a:\n", "- a\n  - a: b\n", "- 停止: 電源を切ること。いつも。\n"),
    *("![](data:image/png;base64,AAAA) ", "![a][b] "),
    *(
        "<!-- techstock: ignore-start term-variant x -->\n\n",
        "<!-- techstock: ignore-end term-variant -->\n\n",
        "<!-- techstock: ignore a -->\n\n- a: b\n",
        "<!-- techstock: ignore duplicate-definition x -->\n\n- a: b\n",
        '<!-- techstock: ignore duplicate-definition with="a#b" -->\n\n- a: b\n',
    ),
)  # fmt: skip


def shapes() -> Iterator[tuple[str, Shape]]:
    """Every shape with its name."""
    for piece in (*_CHARACTERS, *_PIECES):
        for name, frame in _FRAMES.items():
            yield f"{name} {piece!r}", _repeated(piece, frame)
    yield from _ONES.items()


def _repeated(piece: str, frame: Callable[[str, int], str]) -> Shape:
    return lambda size: frame(piece, max(size // len(piece), 1))


_FRAMES: dict[str, Callable[[str, int], str]] = {
    "run of": lambda piece, times: piece * times,
    "entry of": lambda piece, times: "- term: " + piece * times,
    "heading of": lambda piece, times: "## " + piece.replace("\n", " ").replace("\r", " ") * times,
    "lines of": lambda piece, times: f"{piece}x\n" * (times * len(piece) // (len(piece) + 2)),
    "paragraphs of": lambda piece, times: f"{piece}x\n\n" * (times * len(piece) // (len(piece) + 3)),
    "entries of": lambda piece, times: f"- {piece}a: b\n" * (times * len(piece) // (len(piece) + 7)),
}


def _numbered(line: Callable[[int], str]) -> Shape:
    def text(size: int) -> str:
        lines, length = list[str](), 0
        for number in count():
            if length >= size:
                return "".join(lines)
            lines.append(line(number))
            length += len(lines[-1])
        raise AssertionError

    return text


def _square(size: int) -> int:
    return int((size / 2) ** 0.5)


_HARD = "新しい要求を受けず、いまの仕事を終えてから止まる"
_ONES: dict[str, Shape] = {
    "lists in lists": lambda size: "".join("  " * depth + "- a\n" for depth in range(_square(size))),
    "quotes on each line": lambda size: (">" * 100 + "a\n") * (size // 102),
    "lines that go on in quotes": lambda size: ">" * 99 + "a\n" + "b\n" * (size // 2),
    "lines that go on in an entry": lambda size: "- a\n" + "b\n" * (size // 2),
    "images in images": lambda size: "![" * (size // 9) + "a" + "](b.png)" * (size // 9),
    "links in links": lambda size: "[" * (size // 5) + "a" + "](b)" * (size // 5),
    "brackets in brackets": lambda size: "[" * (size // 2) + "]" * (size // 2),
    "emphasis in emphasis": lambda size: "*a **a " * (size // 14) + "b** b*" * (size // 14),
    "references": _numbered(lambda n: f"[r{n}]: x\n\n[r{n}]\n\n"),
    "references that are not there": lambda size: "[a]: b\n\n" + "[x] " * (size // 4),
    "backticks of every length": lambda size: " ".join("`" * length for length in range(1, 2 * _square(size))),
    "a long table": lambda size: "a|b\n-|-\n" + "c|d\n" * (size // 4),
    "a wide table": lambda size: "|a" * (size // 6) + "|\n" + "|-" * (size // 6) + "|\n" + "|b" * (size // 6) + "|\n",

    "rows that lack cells": lambda size: "\n".join(
        ["|a" * _square(size) + "|", "|-" * _square(size) + "|", *["|b|"] * _square(size)]
    ),
    "pipes that are escaped": lambda size: "|a|b|\n|-|-|\n|" + "\\|" * (size // 2) + "|\n",
    "spaces before the end": lambda size: f"## a{' ' * size}b",
    "marks before the end": lambda size: f"## a{' #' * (size // 2)}b",
    "an entry of spaces": lambda size: f"- a:{' ' * size}b",
    "digits before a dot": lambda size: "- " + "1" * size + ". a",
    "front matter without an end": lambda size: "---\n" + "a: b\n" * (size // 5),
    "front matter of brackets": lambda size: "---\n" + "[" * size + "\n---\n",
    "a comment that names many": lambda size: f"<!-- techstock: ignore {'a, ' * (size // 3)} -->\n\n- a: b\n",
    "a comment that names one rule": lambda size: (
        f"<!-- techstock: ignore {', '.join(['term-variant'] * (size // 14))} -->\n\n- a: b\n"
    ),
    "comments that begin and end": lambda size: (
        "<!-- techstock: ignore-start term-variant -->\n\na\n\n<!-- techstock: ignore-end -->\n\n" * (size // 85)
    ),
    "comments that begin": _numbered(lambda n: f"<!-- techstock: ignore-start r{n} -->\n\n"),
    "capitals before a slash": lambda size: "A " * (size // 2) + "A/b",
    "katakana before a dash": lambda size: "ア " * (size // 2) + "ア\u2013",
    "headings of one text": lambda size: "## a\n\n" * (size // 6),
    "headings that others' numbers name": _numbered(lambda n: f"# a\n# a-{n}\n"),
    "numbers out of order": _numbered(lambda n: f"## {n * 7 % 100}.\n\n- a{n}: b{n}\n\n"),
    "one definition": _numbered(lambda n: f"- 用語{n}: {_HARD}。\n"),
    "definitions that differ a little": _numbered(lambda n: f"- 用語{n}: {_HARD}{n}。\n"),
    "definitions that grow": _numbered(lambda n: f"- 用語{n}: {_HARD * (n % 20)}。\n"),
    "terms that differ a little": _numbered(lambda n: f"- サーバー{n}: 台{n}。サーバ{n}。\n"),
    "two long definitions": lambda size: f"- a: {_letters(size // 2)}\n- b: {_letters(size // 2)}x\n",
    "ordinary": _numbered(
        lambda n: f"## {n}. 節{n % 97}\n\n- 待避{n}: 要求{n * 31 % 89}を受けず、仕事{n * 17 % 83}を終えて止まる。\n"
        f"  - 例: `drain {n}` と [節](#節{n % 7})\n- **復旧{n}**: 台{n % 13}が**戻る**こと。![図](images/{n}.png)\n\n"
    ),
    "ordinary English": _numbered(
        lambda n: f"## Part {n}\n\nRead [{n}](note{n % 50}.md) and `code {n}` first.\n\n"
        f"- Drain {n}: Node {n * 37 % 101} takes no more work.\n\n"
    ),
}  # fmt: skip


def _letters(size: int) -> str:
    return "".join(chr(0x4E00 + number * 7919 % 5000) for number in range(size))
