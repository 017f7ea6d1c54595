"""Random notes with slips, of the pieces that rules look at."""

from hypothesis import strategies as st

from techstock import catalog
from techstock.engine import diagnose
from techstock.engine.diagnose import Plan
from techstock.model import OFF, WARNING, Corpus, Diagnostic
from techstock.parse import parse

_PIECES = (
    "- 待避: 新しい要求を受けない状態。",
    "-\u3000復旧: 再び始めること。",
    "-\u00a0切り替え",
    "-復旧",
    "- 配置：三つの場所に置く。",
    "  - 規模 : 数を増やす。",
    "  -\u3000内側の項目",
    "- **太字**：説明",
    "- **太字：**説明",
    "- [鍵]：値",
    "- `code`：値 https://example.org/a：b",
    "- 復旧:",
    "1. 手順",
    "1.\u3000手順",
    "2.\u3000次の手順",
    "## 1.",
    "## ０２．",
    "## 03",
    "##\u30004.",
    "##5. 題",
    "### 6.",
    "  ## 7.",
    "本文に\u2f64語と学習\u2f64データがある。",
    "か\u3099いとう\u200bを見る。",
    "\u200b- 見えない",
    "新しい\x08要求\u202e。",
    "これは**「強調。」**続き。**強い。**それから",
    "```sh",
    "```",
    '~~~{ "a": [',
    "````",
    "> 引用",
    "> -\u3000引用の項目",
    "| a | b |",
    "|---|---|",
    "| c：d | -\u3000e |",
    '<img src="a.png">',
    "![図](図\u2f64.png)",
    "[鍵]: https://example.org/b",
    "[鍵] と [別][鍵]",
    "<!-- 注釈",
    "-->",
    "<details>",
    "---",
    "===",
    "    字下げ",
    "\t- タブ",
    "",
    "",
    "",
)

texts = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=14).map("\n".join)
corpora = st.dictionaries(st.sampled_from(("a.md", "b.md", "01-10.md")), texts, min_size=1, max_size=2)


def _plans() -> list[Plan]:
    rules = [catalog.load(name) for name in catalog.names()]
    return [Plan(rule, WARNING if rule.level == OFF else rule.level) for rule in rules]


PLANS = _plans()


def corpus(files: dict[str, str]) -> Corpus:
    return Corpus(tuple(parse(path, text) for path, text in sorted(files.items())))


def check(corpus: Corpus) -> list[Diagnostic]:
    """What every rule finds, those that are off by default too."""
    return diagnose(corpus, PLANS)
