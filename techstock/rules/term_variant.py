"""A term has one spelling in all notes.

A search for サーバー does not find サーバ, and two spellings hide that two notes define one thing. Spellings are of
one term if they differ in nothing but width, case, spaces, hyphens, ・ or long vowels (ー). The one that is used at
least three times in the corpus, and twice as often as any other, is the one to use. Where there is none, as between
two spellings that are used once each, nothing is reported unless `prefer` decides.

```markdown bad
- ストアドプロシージャ: 手順に名前を付けて置いておく。
  - ストアードプロシージャーは値を返さなくてもよい。
  - ストアドプロシージャは速い。
- 権限: ストアドプロシージャの持ち主が与える。
```

```markdown good
- ストアドプロシージャ: 手順に名前を付けて置いておく。
  - ストアドプロシージャは値を返さなくてもよい。
- 権限: ストアドプロシージャの持ち主が与える。
```

A spelling is reported once in each note, at its first use. The fix changes all uses there. It is unsafe as soon as
one of them is in running text, where it may be a quotation or a title, and not in a term, or is joined to another
word: the `Zone IA` of `One-Zone IA`. Code, HTML, URLs and
link targets are not read.

```markdown bad file=01-10.md
- DynamoDB: 表を持つ。DynamoDB の表に索引を付ける。
- App Sync: 窓口を一つにする。
```

```markdown bad file=11-20.md
- Dynamo DB: 表を持つ。DynamoDB は速い。
- AppSync: 窓口になる。AppSync と AppSync の間。
```

Katakana words are compared whole: サーバーレス holds no サーバー. A long vowel may be missing at the end of a word of
three morae, and anywhere in a longer one; ビル and ビール are two words. ・ between words that are more frequent
alone makes a list. Nor do a prefix, a parenthesis or a plural make a spelling of the same term.

```markdown good
- ビール: 麦の酒。ビールとビールとビール。
- ビル: 高い家。
- ユーザー・グループ: ユーザーとグループ。ユーザー、グループ。
- ユーザーグループ: 集まり。
- AWS Lambda: 呼ばれて動く。Lambda、Lambda、Lambda。
```

A name in Latin letters begins with a capital and holds another one, or a number. What begins with a small letter may
be a command or an identifier, and draining is not `DRAINING`. Ordinary words of the notes, those that are used more
often in small letters, are not taken for names when they are joined or hyphenated.

```markdown good
- GitHub: 置き場。GitHub と GitHub。
- 道具: github という名前の道具。
- Draining: 新しい要求を受けない。DRAINING、DRAINING、DRAINING。
```

`prefer` names the spellings to use, whatever the counts; `allow` names spellings that are allowed beside them.

```markdown bad prefer=["サーバ"]
- サーバー: 応える側。
```

```markdown good allow=["サーバ"]
- サーバー: 応える側。サーバーとサーバー。
- 実体: サーバの中にある。
```

`data` holds `spelling` and `count`, how often it is in the corpus; `use` and `use_count`, the same of the spelling
to use; and `here`, how often `spelling` is in this note.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

from techstock.duplicates.entries import make_natural_sort_key
from techstock.model import OFF, Corpus, Edit, Fix, Note, Problem, RelatedSpan, Span

if TYPE_CHECKING:  # what it needs is loaded late: the rule is loaded even where it does not run
    from techstock.spelling.variants import SpellingVariant
    from techstock.spelling.word_sequences import SpellingFinder

_JOINERS = frozenset("-\u2010\u2011・･")
LEVEL = OFF  # a matter of taste until a project cares; on in the strict preset
SIGHT = "notes"


def check(
    corpus: Corpus,
    *,
    allow: Annotated[tuple[str, ...], "Spellings that are allowed beside the usual one."] = (),
    prefer: Annotated[tuple[str, ...], "Spellings to use, whatever the counts."] = (),
) -> Iterator[Problem]:
    from techstock.spelling.variants import find_spelling_variants
    from techstock.spelling.word_sequences import SpellingFinder

    found = {
        spelling: variant
        for spelling, variant in find_spelling_variants(corpus, prefer).items()
        if spelling not in allow
    }
    if not found:
        return
    notes = sorted(corpus.notes, key=lambda note: make_natural_sort_key(note.path))
    wanted = SpellingFinder(found)
    where = {note.path: _group_uses(note, wanted) for note in notes}
    near = {
        path: _find_first_uses([corpus.by_path[path]], {found[s].use for s in here}) for path, here in where.items()
    }
    far = _find_first_uses(
        notes, {found[s].use for path, here in where.items() for s in here if found[s].use not in near[path]}
    )
    for path, here in where.items():
        for spelling, places in here.items():
            use = found[spelling].use
            other = near[path].get(use) or far.get(use)
            yield _make_problem(corpus.by_path[path], found[spelling], places, other, use in prefer)


def _group_uses(note: Note, wanted: "SpellingFinder") -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for place, spelling in wanted.find_uses(note):
        found.setdefault(spelling, []).append(place)
    return found


def _find_first_uses(notes: Sequence[Note], wanted: Collection[str]) -> dict[str, Span]:
    """Return the first place of each of the `wanted` spellings in these notes."""
    from techstock.spelling.word_sequences import SpellingFinder

    found: dict[str, Span] = {}
    missing = SpellingFinder(wanted)
    for note in notes:
        if len(found) == len(wanted):
            break
        known = len(found)
        for place, spelling in missing.find_uses(note):
            found.setdefault(spelling, note.add_path_to(place))
        if len(found) > known:
            missing = SpellingFinder(set(wanted) - found.keys())
    return found


def _make_problem(
    note: Note, variant: "SpellingVariant", here: Sequence[Span], other: Span | None, preferred: bool
) -> Problem:
    spelling, use = variant.spelling, variant.use
    message = f"`{spelling}` is mostly written `{use}`: {variant.count} against {variant.use_count}"
    if preferred:
        message = f"`{spelling}` is not the preferred spelling, `{use}`"
    return Problem(
        note.add_path_to(here[0]),
        message,
        label="another spelling",
        related=(RelatedSpan(other, f"written `{use}` here"),) if other else (),
        help=f"write `{use}`, or name `{spelling}` in `allow`",
        fix=Fix(
            f"write `{use}`" if len(here) == 1 else f"write `{use}` all {len(here)} times in this note",
            tuple(Edit(note.add_path_to(place), use) for place in here),
            safe=_are_in_terms(note, here) and not any(_is_joined(note, place) for place in here),
        ),
        data={
            "spelling": spelling,
            "count": variant.count,
            "use": use,
            "use_count": variant.use_count,
            "here": len(here),
        },
    )


def _are_in_terms(note: Note, places: Sequence[Span]) -> bool:
    terms = sorted(entry.term for entry in note.entries if entry.term)
    return all(any(term.contains(place) for term in _find_last_before(terms, place)) for place in places)


def _is_joined(note: Note, place: Span) -> bool:
    """Return whether a hyphen or ・ makes it a part of a longer word."""
    around = note.text[max(place.start - 1, 0) : place.start] + note.text[place.end : place.end + 1]
    return any(char in _JOINERS for char in around)


def _find_last_before(terms: Sequence[Span], place: Span) -> Sequence[Span]:
    """Return the last of the sorted terms that begins no later than `place`; empty if there is none."""
    index = bisect_right(terms, place.start, key=lambda term: term.start)
    return terms[index - 1 : index] if index else ()
