"""A note is no copy of another note.

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
of the text of the smaller note, 0 to 1.
"""

from collections.abc import Iterator

from techstock.model import WARNING, Corpus, Note, Problem, RelatedSpan, Span

LEVEL = WARNING
PAIRED = True


def check(corpus: Corpus) -> Iterator[Problem]:
    from techstock.duplicates.candidates import find_similar_notes  # late: what it says is mostly known

    if not find_similar_notes(corpus):
        return
    from techstock.duplicates.clusters import compare_candidate_entries

    decision = compare_candidate_entries(corpus)
    for copy in decision.copies:
        if not copy.is_best:
            continue
        smaller, larger = corpus.notes[copy.smaller], corpus.notes[copy.larger]
        yield Problem(
            _get_whole_span(smaller),
            f"{copy.share:.0%} of the text of this note is in `{larger.path}` as well",
            label="copied from here on",
            related=(RelatedSpan(_get_whole_span(larger), "the larger of the two"),),
            help="keep one of them, or leave in each what the other does not say",
            data={"share": round(copy.share, 3)},
            ignored=decision.apart.find_for_notes(copy.smaller, copy.larger),
        )


def _get_whole_span(note: Note) -> Span:
    return Span(note.lines.starts[0], len(note.text), note.path)
