"""Random notes that link to each other, with slips that fixes put right; a number tells what comes out."""

from collections.abc import Iterator, Mapping
from random import Random

from techstock.links.anchors import get_anchors, iter_heading_texts
from techstock.model import Corpus
from tests.support import make_corpus, parse_note

PICTURES = ("b.png", "画面 1.png", "images/drain.png", "images/\u30ac\u30a4\u30c9.png")
NAMES = ("a.md", "b.md", "sub/c.md", "01-10.md")
_TITLES = (
    "待避",
    "学習\u2f64データ",
    "か\u3099く",
    "A\u200bB",
    "復旧: 手順",
    "`code` と **太字**",
    "Plan & Do",
    "図\u3000表",
)
_HEADINGS = (
    "## {}",
    "##\u3000{}",
    "##{}",
    "# {}",
    "### {}",
    "## 1. {}",
    "## ０２．{}",
    "## 03 {}",
    "  ## {}",
    "{}\n---",
    "＃＃ {}",
    "\u00a0## {}",
)
_PIECES = (
    "- 待避: 新しい要求を受けない状態。",
    "-\u3000復旧: 再び始めること。",
    "- 甲\n-乙\n- 丙",
    "- 配置：三つの場所に置く。",
    "  - 規模 : 数を増やす。",
    "- [鍵]：値",
    "- 手順:\n- 一つ目をする。\n- 二つ目をする。",
    "1.\u3000手順\n2.\u3000次の手順",
    "- 甲\n\n  ## 内側の節\n",
    "本文に\u2f64語と学習\u2f64データと \u2f64 がある。",
    "か\u3099いとう\u200bを見る。",
    "新しい\x08要求\u202eを見る。",
    "これは**注意：**これは**重要：**です。",
    "**強い。**それから**「弱い」**次。",
    "**https://example.org/b。**次",
    "| 語：義 | **甲。**乙 |\n|---|---|\n| c：d | -\u3000学習\u2f64 |",
    "```sh\n-\u3000x\u2f64 \x08 **a。**b\n```",
    "````\n```\n````",
    '~~~{ "a": [\n1\n~~~',
    "`\u2f64 \u200b **a。**b`",
    "$$\n\\text{\u2f64} [f * g](n) **a。**b\n$$",
    "文 $\u2f64^2$ と $`\u2f64`$。",
    '<div title="\u2f64">\n\u2f64 **a。**b\n</div>',
    "%% \u2f64 下書き **a。**b %%",
    "{{ \u2f64 }} と {% raw %}**a。**b{% endraw %}",
    "文[^\u2f64]。\n\n[^\u2f64]: 注の文。",
    "> ##\u3000引用の節\n>\n> -\u3000項目",
    '<img src="a.png">\n![図](b.png)',
    "<!-- 注釈 \u2f64 -->",
    "<!-- techstock: ignore marker-space -->\n文。",
    "文。 ^blk{}",
    "## 同じ\n\n##\u3000同じ\n\n## 同じ",
    "## 61.\n\nk{}\n\n### 62.\n\nk{}\n\n## 63.\n\nk{}",
    "文。\n＃＃ 節\n続き。",
    "－ 甲\n－ **乙**。",
    "- 甲\n\u3000- 乙\n\u3000\u3000- 丙",
    "\u3000- 甲\n\u3000- 乙\n\n文。",
    "\u3000* 甲\n\u3000\u30001. 乙",
    "- [ ]\u3000甲\n- [x]乙を見る\n- ［ｘ］ 丙\n- [\u3000] [丁](a.md)",
    "1. [X]甲\n   - [ ]`乙`",
    "**甲の**乙**の丙**と**丁の**戊**の己**",
    "これは**「甲」の**と**「乙」**である。**丙**。",
    "- App Sync: `App Sync` の窓口。\n- AppSync: 窓口になる。AppSync と AppSync。\n- 他: [App Sync](App Sync.md)",
    "| App Sync | AppSync |\n|---|---|\n| $App Sync$ | AppSync、AppSync |",
    "![図](画面 1.png) と ![図](images/無い 絵.png)",
    "![図]（b.png）の ！[図](b.png) と ![図](b.png =10x20)",
    "- 甲: ![図] (b.png)\n- 乙: ![図](b.png",
    "![図](Images/Drain.PNG) と ![図](images%2Fdrain.png)\n![図](images\\drain.png)",
    "![図](images/\u30ab\u3099\u30a4\u30c8\u3099.png)と ![図][絵{0}]\n\n[絵{0}]: IMAGES/drain.png '題'",
    "| ![図](画面 1.png) | [乙] (b.md) |\n|---|---|\n| [甲]（a.md） | [丙](sub/c 1.md) |",
    "[甲]（a.md）と[乙] (b.md)、[丙](sub/c.md と ［丁］(a.md#待避)。",
    "> [甲](../a 1.md) や [![図](画面 1.png)](a.md)",
    "文 #題/\u2f64 #App-Sync と \\(\u2f64 **a。**b\\)、${\u2f64}、==\u2f64==。\n#\u2f64",
    "注[^x{0}]と[^無]。[甲](a b.md)[^x{0}]\n\n[^x{0}]: [乙]（b.md）の **注。**文\n\n    続き。",
)
_FRONT = ("", "", "---\ntitle: \u2f64題\n---\n\n", "\ufeff")


def make_linked_corpus(files: Mapping[str, str]) -> Corpus:
    """Parse such notes into a corpus, beside the pictures that some of their slips lead to."""
    return make_corpus(files, beside=(*files, *PICTURES))


def make_linked_notes(seed: int) -> dict[str, str]:
    """Return two to four notes; below each heading stands a word of its own, `k17`, by which it is known again."""
    random = Random(seed)  # noqa: S311 (the same each time)
    names = random.sample(NAMES, random.randint(2, len(NAMES)))
    serial = iter(range(1000))
    bodies = {name: _make_body(random, serial) for name in names}
    places = [(name, text) for name in names for text in _list_targets(name, bodies[name])]
    for name in names:
        links = [_write_link(random, name, *random.choice(places)) for _ in range(random.randint(1, 5)) if places]
        links += [_write_contents(name, random.choice(names))] * random.randint(0, 1)
        bodies[name] += "\n" + "\n\n".join(links) + "\n"
    ends = random.choice(("\n", "\n", "\r\n"))
    return {name: (random.choice(_FRONT) + body).replace("\n", ends) for name, body in bodies.items()}


def _make_body(random: Random, serial: Iterator[int]) -> str:
    parts: list[str] = []
    for _ in range(random.randint(1, 5)):
        parts.append(random.choice(_HEADINGS).format(random.choice(_TITLES)))
        parts.append(f"k{next(serial)}")
        parts += [_number(piece, serial) for piece in random.choices(_PIECES, k=random.randint(0, 4))]
    return "\n\n".join(parts) + "\n"


def _number(piece: str, serial: Iterator[int]) -> str:
    """Return a piece with numbers of its own: the same for each `{0}`, another for each `{}`."""
    piece = piece.replace("{0}", str(next(serial)))
    while "{}" in piece:
        piece = piece.replace("{}", str(next(serial)), 1)
    return piece


def _list_targets(name: str, body: str) -> list[tuple[str, str]]:
    """Return anchor and title of each heading of a note."""
    note = parse_note(body, name)
    texts = list(iter_heading_texts(note))
    return [(anchor, text) for anchor, text in zip(get_anchors(note).headings, texts, strict=True) if anchor]


def _write_link(random: Random, home: str, name: str, target: tuple[str, str]) -> str:
    anchor, title = target
    path = "" if name == home else _make_path(home, name)
    stem = name.rpartition("/")[2].removesuffix(".md")
    plain = " ".join("".join(char if char not in "#|[]^\\" else " " for char in title).split())
    forms = [
        f"見る [x]({path}#{anchor})",
        f'見る [x](<{path}#{anchor}> "題")',
        f'見る <a href="{path}#{anchor}">x</a>',
        f"見る [r{len(anchor)}{stem}]\n\n[r{len(anchor)}{stem}]: {path}#{anchor}",
        f"- 甲: [x]({path}#{anchor})",
        f"見る [[{stem}#{plain}]]",
        f"見る [[{stem}#{plain}|x]]",
        f"![[{stem}#{plain}]]",
        f"見る [x]({path.swapcase()}#{anchor})",
        f"[x]（{path}#{anchor}）を見る",
        f"[x] ({path or home}#{anchor})を見る",
    ]
    return random.choice(forms)


def _write_contents(home: str, name: str) -> str:
    """Return so many links that one without a suffix is a slip."""
    path = _make_path(home, name)
    return " ".join([*(f"[{number}]({path})" for number in range(10)), f"[10]({path.removesuffix('.md')})"])


def _make_path(home: str, name: str) -> str:
    return name.removeprefix("sub/") if name == home else f"../{name}" if home.startswith("sub/") else name
