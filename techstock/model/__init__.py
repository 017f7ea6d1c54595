"""The data types of techstock: notes, facts, spans, problems. Imports nothing else of the project."""

from techstock.model.corpus import Corpus, number_range
from techstock.model.facts import (
    Block,
    Directive,
    Entry,
    Fault,
    Heading,
    Image,
    Link,
    Numeral,
    Span,
    Stray,
)
from techstock.model.files import Content, Files, Home
from techstock.model.ignores import Ignore, Ignores
from techstock.model.limits import Limits
from techstock.model.lines import Lines
from techstock.model.note import Note, Section
from techstock.model.place import Place
from techstock.model.problem import (
    ERROR,
    INFO,
    LEVELS,
    OFF,
    WARNING,
    Diagnostic,
    Edit,
    Fix,
    Problem,
    Related,
)

__all__ = [
    "ERROR",
    "INFO",
    "LEVELS",
    "OFF",
    "WARNING",
    "Block",
    "Content",
    "Corpus",
    "Diagnostic",
    "Directive",
    "Edit",
    "Entry",
    "Fault",
    "Files",
    "Fix",
    "Heading",
    "Home",
    "Ignore",
    "Ignores",
    "Image",
    "Limits",
    "Lines",
    "Link",
    "Note",
    "Numeral",
    "Place",
    "Problem",
    "Related",
    "Section",
    "Span",
    "Stray",
    "number_range",
]
