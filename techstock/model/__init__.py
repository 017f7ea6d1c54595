"""The data types of techstock: notes, facts, spans, problems. Imports nothing else of the project."""

from techstock.model.corpus import Corpus, parse_number_range
from techstock.model.facts import (
    Block,
    Directive,
    Entry,
    Heading,
    Image,
    InlineMarkup,
    Link,
    ParseLimits,
    ReadFailure,
    SectionNumber,
    UnmatchedDelimiter,
)
from techstock.model.files import GitHubRemote, ImageContent, ProjectFiles
from techstock.model.note import Note, Section
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
    RelatedSpan,
)
from techstock.model.span import LineIndex, Span
from techstock.model.suppression import NoteSuppressions, Suppression

__all__ = [
    "ERROR",
    "INFO",
    "LEVELS",
    "OFF",
    "WARNING",
    "Block",
    "Corpus",
    "Diagnostic",
    "Directive",
    "Edit",
    "Entry",
    "Fix",
    "GitHubRemote",
    "Heading",
    "Image",
    "ImageContent",
    "InlineMarkup",
    "LineIndex",
    "Link",
    "Note",
    "NoteSuppressions",
    "ParseLimits",
    "Problem",
    "ProjectFiles",
    "ReadFailure",
    "RelatedSpan",
    "Section",
    "SectionNumber",
    "Span",
    "Suppression",
    "UnmatchedDelimiter",
    "parse_number_range",
]
