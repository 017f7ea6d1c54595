"""Combination of two copies: every sentence once, in its place, and none lost."""

from collections.abc import Callable, Iterator, Sequence

from techstock.merge.errors import MergeError
from techstock.merge.joining import is_ended, joined, joint, one_line
from techstock.merge.moving import Moving
from techstock.merge.nesting import Below, block_below
from techstock.merge.outline import Item, block_key, block_keys, everything
from techstock.merge.saying import clause_of, says, tokens
from techstock.merge.sentences import Sentence, sentences
from techstock.model import Block, Edit, Place
from techstock.model.ignores import is_comment
from techstock.similarity.units import words
from techstock.similarity.words import plain, weight

_SHORT = 8  # in the weight of `words.weight`; what says less is only said where it stands alone
_SHARE = 0.4  # of a fuller sentence that the one in its place must be


class Union:
    """The edits that add the content of another copy to the copy to keep."""

    def __init__(self, kept: Item, other: Item, moving: Moving) -> None:
        self._moving, self._source = moving, other.note
        self._said = list(everything(kept))
        self._own = {sentence.place: sentence for sentence in self._said}
        self._seen = frozenset[str]().union(*(sentence.assets for sentence in self._said))
        self._blocks = set(block_keys(kept))
        self._put: dict[int, list[str]] = {}
        self._changed: dict[Place, str] = {}
        self._numbers: dict[int, int] = {}
        self.added: list[str] = []
        self.doubled = False  # whether there is code now where there was other code
        self._merge(kept, other)

    @property
    def edits(self) -> list[Edit]:
        """Return the edits of the note that holds the copy to keep; none of them overlap."""
        put = [Edit(Place(at, at), "".join(texts)) for at, texts in self._put.items()]
        return put + [Edit(place, text) for place, text in self._changed.items()]

    def _merge(self, kept: Item, other: Item) -> None:
        self._heads(kept, other)
        for block in other.blocks:
            self._block(kept, other, block)
        self._items(kept, other)

    # sentences

    def _heads(self, kept: Item, other: Item) -> None:
        at = 0  # before which of the sentences of the kept copy the next one belongs
        groups: dict[int, list[Sentence]] = {}
        waiting: list[Sentence] = []
        for sentence in other.sentences:
            spot = self._spot(kept, sentence)
            if spot is None:
                waiting.append(sentence)
            elif spot >= at:
                groups.setdefault(spot, []).extend(waiting)
                waiting, at = [], spot + 1
        groups.setdefault(len(kept.sentences), []).extend(waiting)
        for spot, group in groups.items():
            if group:
                self._add(kept, spot, group)

    def _spot(self, kept: Item, sentence: Sentence) -> int | None:
        """Return the index of the sentence in the kept copy that says the same; `None` if there is none.

        Return -1 for one elsewhere in the kept copy. A sentence of the kept copy that says less is replaced.
        """
        found = next((one for one in self._said if self._covers(one, sentence)), None)
        if found is None:
            found = next((one for one in self._said if self._is_fuller(sentence, one)), None)
            if found is None:
                return None
        return kept.sentences.index(found) if found in kept.sentences else -1

    def _covers(self, one: Sentence, sentence: Sentence) -> bool:
        if not sentence.assets <= self._seen:
            return False
        if not tokens(sentence.text):
            return bool(sentence.assets) or sentence.text == one.text
        if tokens(one.text) == tokens(sentence.text):
            return True
        long = weight(plain(sentence.text)) >= _SHORT
        return says(one.text, sentence.text) if long else clause_of(one.text, sentence.text)

    def _is_fuller(self, sentence: Sentence, one: Sentence) -> bool:
        """Replace a sentence of the kept copy by one that says all of it and more; return whether it was replaced."""
        mine, theirs = tokens(sentence.text), tokens(one.text)
        if one.place not in self._own or self._own[one.place] is not one or one.place in self._changed:
            return False
        if len(theirs) < _SHARE * len(mine) or weight(plain(one.text)) < _SHORT or not one.assets <= sentence.assets:
            return False
        if not says(sentence.text, one.text):
            return False
        self._changed[one.place] = self._text(sentence)
        self._say([sentence])
        return True

    def _text(self, sentence: Sentence) -> str:
        return one_line(self._moving.text(self._source, sentence.place))

    def _say(self, some: Sequence[Sentence]) -> None:
        self._said += [Sentence(Place(-1, -1), one.text, one.assets) for one in some]
        self._seen |= frozenset[str]().union(*(one.assets for one in some))

    def _add(self, kept: Item, spot: int, group: Sequence[Sentence]) -> None:
        """Insert sentences that the kept copy lacks before its sentence with this index, or as a nested entry."""
        texts = [self._text(sentence) for sentence in group]
        self.added += [sentence.text for sentence in group]
        self._say(group)
        if kept.sentences and not _is_title(kept):
            behind = kept.sentences[spot] if spot < len(kept.sentences) else None
            before = kept.sentences[spot - 1] if spot else None
            new = joined(texts)
            if before:
                end = before.place.end
                whole = (self._changed.get(before.place) or before.text) + "".join(self._put.get(end, ()))
                follows = joint(new, behind.text) if behind else ""
                apart = kept.note.text[end : end + 1].isspace()
                self._put_at(end, joint(whole, new) + new + (follows.rstrip() if apart else follows))
            elif behind:
                self._put_at(behind.place.start, new + joint(new, behind.text))
        elif kept.has_term and not (kept.items or kept.blocks):
            gap = "" if kept.note.text[kept.body.start - 1] in " \t：" else " "
            self._put_at(kept.body.start, gap + joined(texts))
        else:
            self._nest(kept, len(kept.items), lambda below, number: below.sentence(joined(texts), number))

    # what is nested

    def _items(self, kept: Item, other: Item) -> None:
        free = list(range(len(kept.items)))
        twins: list[int | None] = []
        for item in other.items:
            twin = next((at for at in free if _is_twin(kept.items[at], item)), None)
            twins.append(twin)
            if twin is not None:
                free.remove(twin)
        least = 0
        for index, item in enumerate(other.items):
            twin = twins[index]
            if twin is not None:
                self._merge(kept.items[twin], item)
                least = max(least, twin + 1)
                continue
            following = (at for at in twins[index:] if at is not None and at >= least)
            self._item(kept, item, next(following, len(kept.items)))

    def _item(self, kept: Item, item: Item, spot: int) -> None:
        """Insert an entry that the kept copy lacks before its nested entry with this index, unless it adds nothing."""
        own = sentences(item.note, item.note.entries[item.entry].head) if item.has_term else item.sentences
        missing = [one for one in own if self._spot(kept, one) is None]
        nested = [one for inner in item.items for one in everything(inner) if self._spot(kept, one) is None]
        blocks = [block for block in _all_block_places(item) if block_key(item, block) not in self._blocks]
        if not (missing or nested or blocks):
            return
        if len(missing) < len(own) and not (item.has_term or nested or blocks):
            texts = [self._text(sentence) for sentence in missing]
            self.added += [sentence.text for sentence in missing]
            self._say(missing)
            self._nest(kept, spot, lambda below, number: below.sentence(joined(texts), number))
            return
        every = list(everything(item))
        self.added += [sentence.text for sentence in every]
        self._say([*own, *every])
        self._blocks.update(block_keys(item))
        self._nest(kept, spot, lambda below, number: below.entry(item, self._moving, number))

    def _nest(self, kept: Item, spot: int, make: Callable[[Below, int], str]) -> None:
        """Insert lines into the kept copy, before its nested entry with this index."""
        below = Below(kept, spot)
        number = self._numbers.get(kept.entry, 0)
        self._numbers[kept.entry] = number + 1
        lines = make(below, number)
        note = kept.note
        if below.spot >= len(kept.items):
            end = max([kept.place.end, *(item.place.end for item in kept.items)])
            self._put_at(note.lines.ends[note.lines.index(max(end - 1, 0))], f"\n{lines}")
        else:
            start = note.entries[kept.items[below.spot].entry].marker.start
            line = note.lines.starts[note.lines.index(start)]
            if note.text[line:start].strip():
                raise MergeError(f"two entries of `{note.path}` begin on one line: merge them by hand")
            self._put_at(line, f"{lines}\n")

    # other blocks

    def _block(self, kept: Item, other: Item, block: Block) -> None:
        if block_key(other, block) in self._blocks or (block.kind == "html" and is_comment(other.note, block)):
            return
        if block.kind == "paragraph":
            own = sentences(other.note, block.place)
            if all(self._spot(kept, one) is not None for one in own):
                return
            self.added += [sentence.text for sentence in own]
            self._say(own)
        key = block_key(other, block)
        self.doubled = self.doubled or (block.kind == "fence" and any(one.startswith("fence") for one in self._blocks))
        self._blocks.add(key)
        note = kept.note
        last = max([kept.note.entries[kept.entry].head.end, *(one.place.end for one in kept.blocks)])
        gap = "\n" if block.kind == "fence" else "\n\n"
        lines = gap + block_below(kept, other.note, block, self._moving)
        self._put_at(note.lines.ends[note.lines.index(max(last - 1, 0))], lines)

    def _put_at(self, at: int, text: str) -> None:
        self._put.setdefault(at, []).append(text)


def _is_title(item: Item) -> bool:
    """Return whether the text of an entry is only the title of the entries nested in it."""
    if item.has_term or not item.items:
        return False
    return not item.sentences or not is_ended(item.sentences[-1].text)


def _is_twin(kept: Item, item: Item) -> bool:
    """Return whether two nested entries are about the same thing, so that one is merged into the other."""
    if {kept.key, kept.short} & {item.key, item.short} - {""}:
        return True
    one, other = (plain(words(two.note, two.note.entries[two.entry].head)) for two in (kept, item))
    if one == other:
        return bool(one) or kept.sentences == item.sentences == ()
    if kept.key and item.key:
        return False
    mine = {tokens(sentence.text) for sentence in kept.sentences}
    return any(tokens(one.text) in mine and weight(plain(one.text)) >= _SHORT for one in item.sentences)


def _all_block_places(item: Item) -> Iterator[Block]:
    for block in item.blocks:
        if not (block.kind == "html" and is_comment(item.note, block)):
            yield block
    for inner in item.items:
        yield from _all_block_places(inner)
