"""Parts of sentences for people: counts with their nouns, and suggestions for misspelled names."""

from collections.abc import Iterable, Mapping, Sequence


def format_count(number: int, one: str, many: str = "") -> str:
    """Return a count with its noun: `1 note`, `1,500 notes`; `many` is the plural where it is not `one` plus an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def format_differences(found: Sequence[Mapping[str, str]]) -> str:
    """Return the first difference of two copies as a clause, with the number of the others; empty if there is none."""
    if not found:
        return ""
    more = f" ({format_count(len(found) - 1, 'more difference')})" if found[1:] else ""
    return f"one says `{found[0]['there']}`, the other `{found[0]['here']}`{more}"


def suggest_name(name: str, known: Iterable[str]) -> str:
    """Return `, did you mean ...?` with the known name that is most similar to `name`; empty if none is similar."""
    from difflib import get_close_matches

    found = get_close_matches(name, list(known), n=1)
    return f", did you mean `{found[0]}`?" if found else ""
