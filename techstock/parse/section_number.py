"""Section numbers in headings: `61.`, `03`, `3. text`, `31-40`, `第 3 分野: …`, `SECTION 3 …`."""

import re

from techstock.model import SectionNumber, Span
from techstock.text.lazy_patterns import compile_lazily

# A number has at most three digits: `2019` is a year. It stands alone, or a mark parts it from the text behind.
_FORM = compile_lazily(
    r"""[*_]{0,3}
    (?P<numeral>
      (?: (?P<label>第|section|chapter|part|lesson|unit|question|q|問題?|設問|例題) [.\ \u3000]* )?
      (?P<digits>[0-9０-９]{1,3})
      (?: [ ]? [-–~〜～] [ ]? (?P<last>[0-9０-９]{1,3}) )?
      (?P<unit> (?(label) (?: [ ]? [^\W\d_]{1,3} (?=[\s.．)）:：、]|$) )? | ) )
      (?P<mark> [.．)）:：、]? )
    )
    (?P<rest> [*_]{0,3} (?P<gap>[ \t\u3000]*) (?P<text>.*) )""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


def parse_section_number(title: str, start: int) -> SectionNumber | None:
    """Parse the number at the start of `title`, which is at offset `start` of the note; None where there is none."""
    if not (match := _FORM.match(title)):
        return None
    label, mark, text = match["label"] or "", match["mark"], match["text"]
    if text and not _parted(label, mark, match["gap"], text):
        return None
    value = int(match["digits"])
    last = int(match["last"]) if match["last"] else value
    if match["last"] and (text or last <= value):
        return None
    place = Span(start + match.start("numeral"), start + match.end("numeral"))
    return SectionNumber(place, value, last, match["digits"], mark, label.casefold())


def _parted(label: str, mark: str, gap: str, text: str) -> bool:
    """Return whether the number ends before `text`: `3. x` and `Section 3 x`, not `3.5`, `3 x` or `12:30`."""
    if mark:
        return not text[0].isdigit() or bool(gap)
    return bool(label and gap)
