"""No note is a copy of another.

Digests, drafts and translations that were never translated repeat a whole note. Every change must then be made twice,
and a search finds everything two times. Instead of a finding for each repeated definition there is one for the file.

```markdown bad file=draft.md
- 待避: 新しい要求を受けず、いまの仕事を終えてから止まること。
- 復旧: 止まった仕事を、控えの台で再び始めること。
- 切り替え: 向き先を新しい組に変え、古い組はしばらく残しておくこと。
- 休止: メモリーの中身を写してから電源を切ること。
- 終了: 台を消し、付いていたディスクも手放すこと。
```
```markdown bad file=notes.md
- 待避: 新しい要求を受けず、いまの仕事を終えてから止まること。
- 復旧: 止まった仕事を、控えの台で再び始めること。
- 切り替え: 向き先を新しい組に変え、古い組はしばらく残しておくこと。
- 休止: メモリーの中身を写してから電源を切ること。
- 終了: 台を消し、付いていたディスクも手放すこと。
- 予約: 一年か三年のあいだ使うと決めて、安く借りること。
```

Reported is the smaller of two notes if four fifths of all its text, line by line, is in the other as well:
paragraphs, tables and code count like entries; front matter, comments and lines that only lead somewhere do not. Each
note is reported once, with the one that shares most. Journals, and publications of several authors, are not compared.
The notes of the whole project are compared, unless `duplicate-scope` narrows that.

```markdown good file=draft.md
- 待避: 新しい要求を受けず、いまの仕事を終えてから止まること。
- 予約: 一年か三年のあいだ使うと決めて、安く借りること。
```
```markdown good file=notes.md
- 復旧: 止まった仕事を、控えの台で再び始めること。
- 切り替え: 向き先を新しい組に変え、古い組はしばらく残しておくこと。
```

Versions are kept on purpose: of three notes and more whose paths differ in a number only (`v1.md`, `v2.md`, `v3.md`)
only whole copies are reported. A short note is reported only if nearly all of it is in the other. `data` holds `share`,
of the text of the smaller note, 0 to 1, and `differs` where the two say two things: `72 %` and `75 %`.
"""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from techstock.model import WARNING, Corpus, Note, Problem, RelatedSpan, Span
from techstock.text.phrases import format_differences

if TYPE_CHECKING:
    from techstock.duplicates.copied_files import CopiedNotePair
    from techstock.duplicates.differences import NoteComparison

LEVEL = WARNING
PAIRED = True
_LABELS = {False: "the fuller copy", True: "the first in reading order"}  # by whether both have as much text


def check(corpus: Corpus) -> Iterator[Problem]:
    from techstock.duplicates.candidates import find_similar_notes  # late: what it says is mostly known

    if not find_similar_notes(corpus):
        return
    from techstock.duplicates.clusters import compare_candidate_entries
    from techstock.duplicates.differences import NoteComparison
    from techstock.duplicates.kept_results import find_or_compute, make_key

    decision, comparison = compare_candidate_entries(corpus), NoteComparison()
    for copy in decision.copies:
        if copy.is_best:
            ignored = decision.apart.find_for_notes(copy.smaller, copy.larger)
            parts = (copy.share, copy.are_equal, ignored)
            key = make_key("file copy", corpus, (copy.smaller, copy.larger), parts)
            build = partial(_build_problem, corpus, copy, comparison, ignored)
            yield find_or_compute(corpus, key, build, Problem)


def _build_problem(
    corpus: Corpus, copy: "CopiedNotePair", comparison: "NoteComparison", ignored: tuple[Span, ...]
) -> Problem:
    from techstock.duplicates.differences import build_difference_data
    from techstock.duplicates.problems import ASK_WHICH, format_twins

    smaller, larger = corpus.notes[copy.smaller], corpus.notes[copy.larger]
    differs = build_difference_data(corpus, comparison.find_differences(smaller, larger))
    said = f", but {format_differences(differs)}" if differs else ""
    twins = format_twins("path", smaller.path, larger.path)
    help_ = "keep one of them, or leave in each what the other does not say"
    return Problem(
        _get_whole_span(smaller),
        f"{_format_share(copy.share)} of the text of this note is in `{larger.path}` as well{said}{twins}",
        label="copied from here on",
        related=(RelatedSpan(_get_whole_span(larger), _LABELS[copy.are_equal]),),
        help=f"{ASK_WHICH}{help_}" if differs else help_,
        data={"share": round(copy.share, 3)} | ({"differs": differs} if differs else {}),
        ignored=ignored,
    )


def _format_share(share: float) -> str:
    """Return a share in percent; 100 % only for all of it."""
    return "99%" if 0.99 < share < 1 else f"{share:.0%}"


def _get_whole_span(note: Note) -> Span:
    return Span(note.lines.starts[0], len(note.text), note.path)
