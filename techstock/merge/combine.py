"""Combination of two copies: every sentence once, in its place, and none lost."""

from collections.abc import Callable, Iterator, Sequence

from techstock.analysis.suppressions import is_comment_only
from techstock.duplicates.entries import extract_visible_text
from techstock.duplicates.normalize import compute_weight, normalize_text
from techstock.duplicates.term_keys import is_same_term
from techstock.links.resolver import Destination
from techstock.merge import MergeError
from techstock.merge.entry_tree import EntryTree, make_block_key, walk_block_keys, walk_sentences
from techstock.merge.list_writer import NestedListWriter, format_nested_block
from techstock.merge.relocation import Relocator
from techstock.merge.sentence_containment import has_clause, has_statement, tokenize_sentence
from techstock.merge.sentence_split import (
    Sentence,
    choose_separator,
    has_sentence_end,
    join_lines,
    join_sentences,
    split_sentences,
)
from techstock.model import Block, Edit, Span

_MIN_STATEMENT_WEIGHT = 8  # in the weight of `words.weight`; what says less is only said where it stands alone
_MIN_REPLACED_SHARE = 0.4  # of a fuller sentence that the one in its place must be


class CombinedCopy:
    """The edits that add the content of another copy to the copy to keep."""

    def __init__(self, kept: EntryTree, other: EntryTree, moving: Relocator) -> None:
        self._moving, self._source = moving, other.note
        self._said = list(walk_sentences(kept))
        self._own = {sentence.place: sentence for sentence in self._said}
        self._seen = frozenset[Destination]().union(*(sentence.assets for sentence in self._said))
        self._marks = frozenset[str]().union(*(sentence.marks for sentence in self._said))
        self._blocks = set(walk_block_keys(kept))
        self._put: dict[int, list[str]] = {}
        self._changed: dict[Span, str] = {}
        self._numbers: dict[int, int] = {}
        self.added: list[str] = []
        self.doubled = False  # whether there is code now where there was other code
        self._merge_entries(kept, other)

    @property
    def edits(self) -> list[Edit]:
        """Return the edits of the note that holds the copy to keep; none of them overlap."""
        put = [Edit(Span(at, at), "".join(texts)) for at, texts in self._put.items()]
        return put + [Edit(place, text) for place, text in self._changed.items()]

    def _merge_entries(self, kept: EntryTree, other: EntryTree) -> None:
        self._merge_sentences(kept, other)
        for block in other.blocks:
            self._insert_block(kept, other, block)
        self._merge_nested_entries(kept, other)

    # sentences

    def _merge_sentences(self, kept: EntryTree, other: EntryTree) -> None:
        at = 0  # before which of the sentences of the kept copy the next one belongs
        groups: dict[int, list[Sentence]] = {}
        waiting: list[Sentence] = []
        for sentence in other.sentences:
            spot = self._find_equivalent(kept, sentence)
            if spot is None:
                waiting.append(sentence)
            elif spot >= at:
                groups.setdefault(spot, []).extend(waiting)
                waiting, at = [], spot + 1
        groups.setdefault(len(kept.sentences), []).extend(waiting)
        for spot, group in groups.items():
            if group:
                self._insert_sentences(kept, spot, group)

    def _find_equivalent(self, kept: EntryTree, sentence: Sentence) -> int | None:
        """Return the index of the sentence in the kept copy that says the same; `None` if there is none.

        Return -1 for one elsewhere in the kept copy. A sentence of the kept copy that says less is replaced.
        """
        found = next((one for one in self._said if self._covers(one, sentence)), None)
        if found is None:
            found = next((one for one in self._said if self._replace_if_fuller(sentence, one)), None)
            if found is None:
                return None
        return kept.sentences.index(found) if found in kept.sentences else -1

    def _covers(self, one: Sentence, sentence: Sentence) -> bool:
        if not (sentence.assets <= self._seen and sentence.marks <= self._marks):
            return False
        if not tokenize_sentence(sentence.text):
            return bool(sentence.assets) or sentence.text == one.text
        if tokenize_sentence(one.text) == tokenize_sentence(sentence.text):
            return True
        long = compute_weight(normalize_text(sentence.text)) >= _MIN_STATEMENT_WEIGHT
        return has_statement(one.text, sentence.text) if long else has_clause(one.text, sentence.text)

    def _replace_if_fuller(self, sentence: Sentence, one: Sentence) -> bool:
        """Replace a sentence of the kept copy by one that says all of it and more; return whether it was replaced."""
        mine, theirs = tokenize_sentence(sentence.text), tokenize_sentence(one.text)
        if one.place not in self._own or self._own[one.place] is not one or one.place in self._changed:
            return False
        if (
            len(theirs) < _MIN_REPLACED_SHARE * len(mine)
            or compute_weight(normalize_text(one.text)) < _MIN_STATEMENT_WEIGHT
            or not (one.assets <= sentence.assets and one.marks <= sentence.marks)
        ):
            return False
        if not has_statement(sentence.text, one.text):
            return False
        self._changed[one.place] = self._relocate_sentence(sentence)
        self._record_sentences([sentence])
        return True

    def _relocate_sentence(self, sentence: Sentence) -> str:
        return join_lines(self._moving.move_text(self._source, sentence.place))

    def _add_sentences(self, some: Sequence[Sentence]) -> None:
        self.added += [sentence.text for sentence in some]
        self._record_sentences(some)

    def _record_sentences(self, some: Sequence[Sentence]) -> None:
        self._said += [Sentence(Span(-1, -1), one.text, one.assets, one.marks) for one in some]
        self._seen |= frozenset[Destination]().union(*(one.assets for one in some))
        self._marks |= frozenset[str]().union(*(one.marks for one in some))

    def _insert_sentences(self, kept: EntryTree, spot: int, group: Sequence[Sentence]) -> None:
        """Insert sentences that the kept copy lacks before its sentence with this index, or as a nested entry."""
        texts = [self._relocate_sentence(sentence) for sentence in group]
        self._add_sentences(group)
        if kept.sentences and not _is_title(kept):
            behind = kept.sentences[spot] if spot < len(kept.sentences) else None
            before = kept.sentences[spot - 1] if spot else None
            new = join_sentences(texts)
            if before:
                end = before.place.end
                whole = (self._changed.get(before.place) or before.text) + "".join(self._put.get(end, ()))
                follows = choose_separator(new, behind.text) if behind else ""
                apart = kept.note.text[end : end + 1].isspace()
                self._insert_at(end, choose_separator(whole, new) + new + (follows.rstrip() if apart else follows))
            elif behind:
                self._insert_at(behind.place.start, new + choose_separator(new, behind.text))
        elif kept.has_term and not (kept.items or kept.blocks):
            gap = "" if kept.note.text[kept.body.start - 1] in " \t：" else " "
            self._insert_at(kept.body.start, gap + join_sentences(texts))
        else:
            self._insert_nested_lines(
                kept, len(kept.items), lambda below, number: below.format_sentence(join_sentences(texts), number)
            )

    # what is nested

    def _merge_nested_entries(self, kept: EntryTree, other: EntryTree) -> None:
        free = list(range(len(kept.items)))
        twins: list[int | None] = []
        for item in other.items:
            twin = next((at for at in free if _is_counterpart(kept.items[at], item)), None)
            twins.append(twin)
            if twin is not None:
                free.remove(twin)
        least = 0
        for index, item in enumerate(other.items):
            twin = twins[index]
            if twin is not None:
                self._merge_entries(kept.items[twin], item)
                least = max(least, twin + 1)
                continue
            following = (at for at in twins[index:] if at is not None and at >= least)
            self._insert_entry(kept, item, next(following, len(kept.items)))

    def _insert_entry(self, kept: EntryTree, item: EntryTree, spot: int) -> None:
        """Insert an entry that the kept copy lacks before its nested entry with this index, unless it adds nothing."""
        own = (
            split_sentences(item.corpus, item.note, item.note.entries[item.entry].head)
            if item.has_term
            else item.sentences
        )
        if item.has_term:  # one with a name of its own takes the place of no sentence
            missing = [one for one in own if not any(self._covers(said, one) for said in self._said)]
        else:
            missing = [one for one in own if self._find_equivalent(kept, one) is None]
        nested = [
            one for inner in item.items for one in walk_sentences(inner) if self._find_equivalent(kept, one) is None
        ]
        blocks = [block for block in _walk_blocks(item) if make_block_key(item, block) not in self._blocks]
        if not (missing or nested or blocks):
            return
        if len(missing) < len(own) and not (item.has_term or nested or blocks):
            texts = [self._relocate_sentence(sentence) for sentence in missing]
            self._add_sentences(missing)
            self._insert_nested_lines(
                kept, spot, lambda below, number: below.format_sentence(join_sentences(texts), number)
            )
            return
        every = list(walk_sentences(item))
        self.added += [sentence.text for sentence in every]
        self._record_sentences([*own, *every])
        self._blocks.update(walk_block_keys(item))
        self._insert_nested_lines(kept, spot, lambda below, number: below.format_entry(item, self._moving, number))

    def _insert_nested_lines(self, kept: EntryTree, spot: int, make: Callable[[NestedListWriter, int], str]) -> None:
        """Insert lines into the kept copy, before its nested entry with this index."""
        below = NestedListWriter(kept, spot)
        number = self._numbers.get(kept.entry, 0)
        self._numbers[kept.entry] = number + 1
        lines = make(below, number)
        note = kept.note
        if below.spot >= len(kept.items):
            end = max([kept.place.end, *(item.place.end for item in kept.items)])
            self._insert_at(note.lines.find_end(max(end - 1, 0)), f"\n{lines}")
        else:
            start = note.entries[kept.items[below.spot].entry].marker.start
            line = note.lines.find_start(start)
            if note.text[line:start].strip():
                raise MergeError(f"two entries of `{note.path}` begin on one line: merge them by hand")
            self._insert_at(line, f"{lines}\n")

    # other blocks

    def _insert_block(self, kept: EntryTree, other: EntryTree, block: Block) -> None:
        if make_block_key(other, block) in self._blocks or (
            block.kind == "html" and is_comment_only(other.note, block)
        ):
            return
        if block.kind == "paragraph":
            own = split_sentences(other.corpus, other.note, block.place)
            if all(self._find_equivalent(kept, one) is not None for one in own):
                return
            self._add_sentences(own)
        key = make_block_key(other, block)
        self.doubled = self.doubled or (block.kind == "fence" and any(one.startswith("fence") for one in self._blocks))
        self._blocks.add(key)
        note = kept.note
        last = max([kept.note.entries[kept.entry].head.end, *(one.place.end for one in kept.blocks)])
        gap = "\n" if block.kind == "fence" else "\n\n"
        lines = gap + format_nested_block(kept, other.note, block, self._moving)
        self._insert_at(note.lines.find_end(max(last - 1, 0)), lines)

    def _insert_at(self, at: int, text: str) -> None:
        self._put.setdefault(at, []).append(text)


def _is_title(item: EntryTree) -> bool:
    """Return whether the text of an entry is only the title of the entries nested in it."""
    if item.has_term or not item.items:
        return False
    return not item.sentences or not has_sentence_end(item.sentences[-1].text)


def _is_counterpart(kept: EntryTree, item: EntryTree) -> bool:
    """Return whether two nested entries are about the same thing, so that one is merged into the other."""
    if is_same_term(kept, item):
        return True
    one, other = (
        normalize_text(extract_visible_text(two.note, two.note.entries[two.entry].head)) for two in (kept, item)
    )
    if one == other:
        return bool(one) or kept.sentences == item.sentences == ()
    if kept.key and item.key:
        return False
    mine = {tokenize_sentence(sentence.text) for sentence in kept.sentences}
    return any(
        tokenize_sentence(one.text) in mine and compute_weight(normalize_text(one.text)) >= _MIN_STATEMENT_WEIGHT
        for one in item.sentences
    )


def _walk_blocks(item: EntryTree) -> Iterator[Block]:
    for block in item.blocks:
        if not (block.kind == "html" and is_comment_only(item.note, block)):
            yield block
    for inner in item.items:
        yield from _walk_blocks(inner)
