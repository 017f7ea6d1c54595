"""Radicals of the Unicode blocks for dictionaries, and the ideographs that look the same."""

_KANGXI_RANGE = ("\u2f00", "\u2fd5")
# Whole characters of the block CJK Radicals Supplement, from Unicode's EquivalentUnifiedIdeograph.txt; NFKC knows two
# of them. Those that are only parts of characters are left out: who writes one means it.
_LOOKALIKES = dict(
    zip(
        "⺟⺠⺩⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "母民王虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
)


def find_lookalike_ideograph(char: str) -> str:
    """Return the unified ideograph that looks like a radical; empty for any other character."""
    if len(char) == 1 and _KANGXI_RANGE[0] <= char <= _KANGXI_RANGE[1]:
        from unicodedata import normalize

        return normalize("NFKC", char)
    return _LOOKALIKES.get(char, "")
