"""No character is invisible or disguised.

Text copied from PDF files, slides and file names of macOS holds characters that look right and are not: Kangxi
radicals in the place of ideographs, kana in two parts, spaces of no width. Nothing shows, but a search for the word
does not find it, and two equal terms differ.

```markdown bad
- 学習\u2f64データ: 学習に使う\u200bデータ。
```

```markdown bad
- か\u3099いとう: 設問に答えること。
```

```markdown good
- 学習用データ: 学習に使うデータ。
- がいとう: 設問に答えること。
```

There is one finding for all such characters of a kind in a line, and its fix changes them all: radicals become the
ideographs, letters in parts are composed (Unicode's NFC), invisible characters are deleted. Nothing else is normalised.
Link targets, bare URLs, code and HTML are neither checked nor changed. The fix is unsafe in a heading: its anchor
changes, and links to it would lead nowhere.

Joiners and variation selectors in emoji are no slips, nor are joiners and zero-width spaces in scripts that are written
with them, such as Arabic, Hindi or Thai. Radicals are reported in a note where at least one touches an ideograph or
kana: elsewhere they may be meant as radicals.

```markdown good
- 👩\u200d💻 と ⚠\ufe0f は絵文字、می\u200cخواهم はペルシア語。
- 部首の「\u2f08」は人に由来する。
```
"""

import re
from collections.abc import Iterator

from techstock.model import WARNING, Edit, Fix, Note, Problem, Span
from techstock.text.scripts import is_cjk, is_emoji_part, is_right_to_left, needs_joiners
from techstock.text.unicode_names import describe_character, find_lookalike_ideograph, normalize_nfc

LEVEL = WARNING

_UNSEEN = "\u00ad\u180e\u200b-\u200f\u2060\ufeff\U000e0020-\U000e007f"
_RADICALS = "\u2e80-\u2ef3\u2f00-\u2fd5"
_COMPOSABLE = "[^\\W\\d_][\u0300-\u036f\u3099\u309a]+|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?"
_ANY = f"[{_UNSEEN}{_RADICALS}\u0300-\u036f\u1161-\u1175\u3099\u309a]"  # one class is searched fast
_URL = rf"(?:https?://|ftp://|www\.)[^\s<>、。（）「」{_UNSEEN}]*"
_HIDDEN = f"(?P<url>{_URL})|(?P<unseen>[{_UNSEEN}])|(?P<radical>[{_RADICALS}])|(?P<parts>{_COMPOSABLE})"


class _HiddenCharacters:
    """Hidden characters at `place` and their replacement; `behind_url`: GitHub may take them for the end of a URL."""

    __slots__ = ("behind_url", "kind", "place", "text")

    def __init__(self, kind: str, place: Span, text: str) -> None:
        self.kind, self.place, self.text = kind, place, text
        self.behind_url = False


def check(note: Note) -> Iterator[Problem]:
    if note.text.isascii() or not re.compile(_ANY).search(note.text, note.lines.starts[0]):
        return
    hits = list(_find_hidden(note))
    copied = any(hit.kind == "radical" and _touches_letter(note, hit.place) for hit in hits)
    from techstock.analysis.protected_text import is_protected  # late: most notes have nothing hidden

    lines: dict[tuple[int, str, bool], list[_HiddenCharacters]] = {}
    for hit in hits:
        if copied or hit.kind != "radical":
            # What no fix may change is reported by itself, so that the rest of the line can be fixed.
            key = (note.lines.find_line(hit.place.start), hit.kind, is_protected(note, hit.place.start))
            lines.setdefault(key, []).append(hit)
    for (_, kind, _), alike in lines.items():
        yield _make_problem(note, kind, alike)


def _find_hidden(note: Note) -> Iterator[_HiddenCharacters]:
    labels = [link.text for link in note.links if link.kind == "reference"]  # they must match their definitions
    written_leftward: dict[int, bool] = {}  # by line
    link_end = 0
    find_any = re.compile(_ANY).search
    for text in note.running_text:
        if not find_any(note.text, text.start, text.end):
            continue
        for match in re.compile(_HIDDEN).finditer(note.text, text.start, text.end):
            if match.lastgroup == "url":
                if match.start() >= link_end:
                    link_end = _find_link_end(note.text, match.end(), text.end)
                continue
            hit = _examine_match(note, match, written_leftward)
            if hit and not any(label.contains(hit.place) for label in labels):
                hit.behind_url = match.start() < link_end
                yield hit


def _find_link_end(text: str, start: int, end: int) -> int:
    """Return the offset at which GitHub ends a bare URL that reaches `start`: the next blank or tag."""
    tail = re.compile(r"[^ \t<]*").match(text, start, end)
    return tail.end() if tail else start


def _examine_match(note: Note, match: re.Match[str], written_leftward: dict[int, bool]) -> _HiddenCharacters | None:
    kind = match.lastgroup or ""
    place = Span(*match.span())
    if kind == "unseen":
        return None if _is_intended(note, place.start, written_leftward) else _HiddenCharacters(kind, place, "")
    better = find_lookalike_ideograph(match[0]) if kind == "radical" else normalize_nfc(match[0])
    return _HiddenCharacters(kind, place, better) if better and better != match[0] else None


def _is_intended(note: Note, at: int, written_leftward: dict[int, bool]) -> bool:
    """Return whether the invisible character at `at` serves its purpose there."""
    char, before, after = note.text[at], note.text[at - 1 : at], note.text[at + 1 : at + 2]
    if char in "\u180e\u200b\u200c\u200d" and (needs_joiners(before) or needs_joiners(after)):
        return True
    if char == "\u200d":
        return is_emoji_part(before) and is_emoji_part(after)
    if char in "\u200e\u200f":
        line = note.lines.find_line(at)
        if line not in written_leftward:
            written_leftward[line] = is_right_to_left(note.text[note.lines.starts[line] : note.lines.ends[line]])
        return written_leftward[line]
    return char >= "\U000e0020" and is_emoji_part(before)


def _touches_letter(note: Note, place: Span) -> bool:
    around = note.text[max(place.start - 1, 0) : place.start] + note.text[place.end : place.end + 1]
    return any(is_cjk(char) or find_lookalike_ideograph(char) for char in around)


def _make_problem(note: Note, kind: str, hits: list[_HiddenCharacters]) -> Problem:
    first = hits[0]
    written = first.place.extract_from(note.text)
    alone = not any(hit.behind_url for hit in hits)
    more = f", and {len(hits) - 1} more here" if len(hits) > 1 else ""
    edits = tuple(Edit(hit.place, hit.text) for hit in hits)
    if kind == "unseen":
        safe = alone and all(_is_safe_to_delete(note, hit.place) for hit in hits)
        message, label = f"{describe_character(written)} is invisible here{more}", "invisible"
        help_ = "delete it: a search for this text does not find it"
        fix = Fix("delete invisible characters", edits, safe)
    elif kind == "radical":
        message = f"{describe_character(written)} instead of `{first.text}`{more}"
        label, help_ = "a radical", f"write the ideograph: a search for `{first.text}` misses the radical"
        fix = Fix("replace radicals by ideographs", edits, alone)
    else:
        message = f"`{first.text}` is written in {len(written)} parts{more}"
        label, help_ = "in parts", f"write it as one character: a search for `{first.text}` misses the parts"
        fix = Fix("compose letters (NFC)", edits, alone)
    return Problem(first.place, message, label=label, help=help_, fix=fix)


def _is_safe_to_delete(note: Note, place: Span) -> bool:
    """Return whether deleting the character leaves the markup around it unchanged.

    It must begin and end no line, and touch no mark. Between blanks it may keep the following text from being a mark,
    and before a URL it separates that from a word.
    """
    line = note.lines.find_line(place.start)
    first = re.compile(r"[ \t>]*").match(note.text, note.lines.starts[line])
    last = re.compile(r"[^\S\r\n]*").match(note.text, place.end)
    if (first and first.end() >= place.start) or (last and last.end() >= note.lines.ends[line]):
        return False
    around = note.text[place.start - 1] + note.text[place.end]
    if around.isspace() or re.compile(_URL).match(note.text, place.end):
        return False
    return all(char.isspace() or char.isalnum() or not char.isascii() for char in around)
