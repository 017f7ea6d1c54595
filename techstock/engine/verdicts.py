"""The problems of rules, kept for the next run.

Those of a rule on one note are kept with its facts: they follow from its bytes, its path and the options. Those of a
rule that sees all notes and nothing else are kept for these very notes only, with the scope of duplicates.
"""

from collections.abc import Collection, Iterable, Sequence

import msgspec

from techstock.cache import Entry, Store
from techstock.engine.diagnose import Plan
from techstock.engine.record import Brief, Chosen, Record, decode_problems, encode, kept_problems
from techstock.model import OFF, Corpus, Note, Problem
from techstock.text.digests import blake2b


class Verdicts:
    """What is known of the rules in `plans`, for the notes of one run."""

    def __init__(self, store: Store[Brief], plans: Iterable[Plan]) -> None:
        self._store = store
        self.chosen: list[Chosen] = []
        self._numbers: dict[str, int] = {}  # of rules, as entries name them
        self._entries: dict[str, Entry[Brief]] = {}
        self._with_problems: list[Entry[Brief]] = []
        self._present: set[int] = set()  # the sets of rules that entries have
        self._notes: Sequence[Note] = ()
        self._own: dict[str, Note] = {}  # notes with an entry: any other note of the path has another text
        self._strange: set[str] = set()  # notes without one
        self.learned = False
        known = {key: number for number, key in enumerate(store.rules)}
        for plan in plans:
            if plan.severity == OFF or (plan.rule.whole and not plan.rule.alone):
                continue
            if not plan.rule.whole:
                self.chosen.append((plan.rule.name, plan.options))
            key = _key(plan)
            if key not in known:
                known[key] = len(store.rules)
                store.rules.append(key)
            self._numbers[plan.rule.name] = known[key]
        self._rans = {ran: number for number, ran in enumerate(store.rans)}

    def take(self, corpus: Corpus, entries: dict[str, Entry[Brief]]) -> None:
        """The corpus of this run, and the entries that its notes have.

        What rules say that see all notes is learned only where there is a next run to take it.
        """
        notes = corpus.notes
        self._entries = entries
        self._with_problems = [entry for entry in entries.values() if entry.problems]
        self._present = {entry.ran for entry in entries.values()}
        self._notes = notes
        self._own = {note.path: note for note in notes if note.path in entries}
        self._strange = {note.path for note in notes if note.path not in entries}
        is_kept = self._store.folder is not None and not self._strange
        inputs = _inputs(corpus, entries) if is_kept else b""
        if inputs != self._store.inputs:
            self._store.inputs, self._store.whole = inputs, {}

    def of_all(self, plan: Plan, corpus: Corpus) -> tuple[Problem, ...] | None:
        """The kept problems of a rule that sees all notes; None where they are not known of these very notes."""
        number = self._numbers.get(plan.rule.name)
        raw = self._store.whole.get(number) if number is not None and corpus.notes is self._notes else None
        return None if raw is None else decode_problems(raw)

    def learn_all(self, plan: Plan, corpus: Corpus, problems: tuple[Problem, ...]) -> None:
        """Keep what such a rule said."""
        number = self._numbers.get(plan.rule.name)
        if number is None or corpus.notes is not self._notes or not self._store.inputs:
            return
        raw = encode(problems)
        if decode_problems(raw) == problems:
            self._store.whole[number] = msgspec.Raw(raw)
            self.learned = True

    def of_record(self, found: Record) -> tuple[int, dict[int, msgspec.Raw]]:
        """`Entry.ran` and `Entry.problems` of a note that was parsed with the rules in `chosen`."""
        numbers = [self._numbers[name] for name, _ in self.chosen]
        ran = {number for at, number in enumerate(numbers) if at not in found.failed}
        return self._ran(ran), {numbers[at]: raw for at, raw in found.problems.items()}

    def _ran(self, numbers: Collection[int]) -> int:
        ran = tuple(sorted(numbers))
        if ran not in self._rans:
            self._rans[ran] = len(self._store.rans)
            self._store.rans.append(ran)
        return self._rans[ran]

    def of(self, plan: Plan, notes: Sequence[Note]) -> tuple[dict[str, tuple[Problem, ...]], list[Note]]:
        """The kept problems of a rule by path, and the notes for which nothing is kept.

        Problems belong to a note as it was gathered, not to its path: one that has been changed since has none.
        """
        number = self._numbers.get(plan.rule.name)
        if number is None:
            return {}, list(notes)
        known = {at for at, ran in enumerate(self._store.rans) if number in ran}
        strange = self._strangers(notes)
        found: dict[str, tuple[Problem, ...]] = {}
        for entry in self._with_problems:
            if number in entry.problems and entry.ran in known and entry.path not in strange:
                found[entry.path] = decode_problems(entry.problems[number])
        return found, self._unknown(notes, known, strange)

    def _strangers(self, notes: Sequence[Note]) -> set[str]:
        """The paths of those notes that have no entry, be it that they were changed."""
        if notes is self._notes:
            return self._strange
        return {note.path for note in notes if self._own.get(note.path) is not note}

    def _unknown(self, notes: Sequence[Note], known: Collection[int], strange: Collection[str]) -> list[Note]:
        entries = self._entries
        if all(ran in known for ran in self._present):
            return [note for note in notes if note.path in strange] if strange else []
        return [note for note in notes if note.path in strange or entries[note.path].ran not in known]

    def learn(self, plan: Plan, note: Note, problems: tuple[Problem, ...]) -> None:
        """Keep what a rule said of a note."""
        number = self._numbers.get(plan.rule.name)
        entry = self._entries[note.path] if self._own.get(note.path) is note else None
        raw = kept_problems(problems)
        if number is None or entry is None or raw is None:
            return
        before = self._store.rans[entry.ran] if entry.ran >= 0 else ()
        entry.ran = self._ran({*before, number})
        self._present.add(entry.ran)
        if raw:
            entry.problems = {**entry.problems, number: msgspec.Raw(raw)}
        self.learned = True


def _key(plan: Plan) -> bytes:
    """Which rule, with which options; its code is part of the key of the store."""
    return blake2b(f"{plan.rule.name} {sorted(plan.options.items())!r}".encode(), digest_size=12).digest()


def _inputs(corpus: Corpus, entries: dict[str, Entry[Brief]]) -> bytes:
    """A digest of what rules see that see all notes; that of a note is that of its bytes."""
    digest = blake2b(corpus.duplicate_scope.encode(), digest_size=20)
    for path in sorted(entries):
        name = path.encode("utf-8", "surrogateescape")
        digest.update(len(name).to_bytes(4, "big") + name + entries[path].digest)
    return digest.digest()
