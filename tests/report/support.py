"""Read what the page holds as a browser would, and gather the inputs of its parts."""

from html.parser import HTMLParser

from techstock.report.elements import PageContext
from techstock.report.language import LanguageMarker
from techstock.report.words import Words


class PageReader(HTMLParser):
    """Collects tags, attributes and texts; those of scripts and styles are no text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._raw = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._raw += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._raw -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._raw:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def find_all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def read_page(html: str) -> PageReader:
    """Parse HTML."""
    reader = PageReader()
    reader.feed(html)
    reader.close()
    return reader


def make_context(language: str = "en", repository: str = "") -> PageContext:
    """Return the context of a page in that language, about Japanese notes."""
    return PageContext(Words(language), LanguageMarker(language, "ja"), repository)
