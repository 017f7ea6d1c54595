"""A diff of two texts, character by character."""

_MAX_LENGTH = 2_000  # code points; comparing costs the product of both lengths
_MAX_GAP = 2  # as few equal characters between two differences are chance

CharacterRanges = list[tuple[int, int]]
"""Half-open ranges of code points, in order, none empty."""


def diff_characters(a: str, b: str) -> tuple[CharacterRanges, CharacterRanges]:
    """Return the ranges of `a` that are not in `b`, and those of `b` that are not in `a`.

    Both are empty if a text is longer than 2,000 code points. One or two equal characters between two differences count
    as different, too.
    """
    if max(len(a), len(b)) > _MAX_LENGTH:
        return [], []
    from difflib import SequenceMatcher  # late: most runs find nothing alike

    merged: list[tuple[int, int, int, int]] = []
    for kind, *ends in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        start, end, other_start, other_end = ends
        if merged and start - merged[-1][1] <= _MAX_GAP:
            start, _, other_start, _ = merged.pop()
        merged.append((start, end, other_start, other_end))
    mine = [(start, end) for start, end, _, _ in merged if start < end]
    return mine, [(start, end) for _, _, start, end in merged if start < end]
