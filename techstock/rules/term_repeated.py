"""A term appears once in a list.

A term that comes twice in one list has its definition in two places: who reads one misses the other, and one of them
soon says something else. Often one of the two was meant to be another term: `inbound` copied for `outbound`.

```markdown bad
- 待避: 新しい要求を受けない状態。
- 復旧: 止まった仕事を再び始めること。
- 待避: 受けた仕事を終えてから止まること。
```

Width, case, spaces and bold do not tell terms apart; a parenthesis does, and code is compared as it is written.

```markdown good
- 配置 (A): 三つの場所に置く。
- 配置 (B): 二つの場所に置く。
- `-w`: 書き込みを許す。
- `-W`: 警告を出す。
```

Only names are reported. These are no names: labels such as 例, 目的, 利点 and 注意 (`labels` adds to them), terms that
say different things below different parents, conditions (`If yes:`), terms that appear three times in one list or
twice in several lists of a note, and terms side by side with two short values. Steps and questions are not compared.
Two entries with the same words are reported by `duplicate-definition`. `data` holds `differs` where the two definitions
differ in a number, a name, a letter or a negation alone.

```markdown good labels=["現場"]
- 待避
  - 例: 入れ替えの前。
  - 例: 更新の前。
- 現場: 東
- 現場: 西
```
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from techstock.duplicates.term_keys import normalize_term, strip_term_markup
from techstock.model import WARNING, Corpus, Problem, RelatedSpan, Span
from techstock.text.phrases import format_differences

if TYPE_CHECKING:
    from techstock.duplicates.clusters import DuplicateCluster

LEVEL = WARNING
PAIRED = True


def check(
    corpus: Corpus,
    *,
    labels: Annotated[tuple[str, ...], "Words that are no terms either, beside 例, 目的 and the like."] = (),
) -> Iterator[Problem]:
    from techstock.duplicates.candidates import find_candidate_entries  # late: what it says is mostly known

    if not find_candidate_entries(corpus):
        return
    from techstock.duplicates import REPEATED
    from techstock.duplicates.clusters import compare_candidate_entries
    from techstock.duplicates.prose import get_compared_entry

    own = {normalize_term(label) for label in labels}
    for finding in compare_candidate_entries(corpus).findings.get(REPEATED, ()):
        second = finding.others[-1]
        note = corpus.notes[second.note]
        entry, first = (get_compared_entry(note, unit.entry) for unit in (second, finding.kept))
        first, entry = sorted((first, entry), key=lambda found: found.place)
        if second.name not in own and entry.term and first.term:
            yield _build_problem(corpus, finding, note.add_path_to(entry.term), note.add_path_to(first.term))


def _build_problem(corpus: Corpus, finding: "DuplicateCluster", place: Span, first: Span) -> Problem:
    """Return the problem of a term at two places, the first of which is given last."""
    from techstock.duplicates.differences import build_difference_data
    from techstock.duplicates.problems import find_cluster_differences, format_twins

    where = "section" if finding.others[-1].form else "list"
    name, other = (strip_term_markup(one.extract_from(corpus.by_path[one.path].text)) for one in (place, first))
    differs = build_difference_data(corpus, find_cluster_differences(corpus, finding))
    said = f", but {format_differences(differs)}" if differs else ""
    return Problem(
        place,
        f"`{name}` appears twice in this {where}{said}{format_twins('term', name, other)}",
        label="again here",
        related=(RelatedSpan(first, "first here"),),
        help="join the two definitions, or tell the terms apart",
        data={"differs": differs} if differs else {},
        ignored=finding.ignored,
    )
