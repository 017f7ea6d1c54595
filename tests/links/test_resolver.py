"""Where links lead, whoever asks."""

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from techstock import registry
from techstock.commands.images import collect_remote_image_urls
from techstock.commands.session import Session
from techstock.duplicates.pair_suppressions import PairSuppressions
from techstock.engine import RuleRun, diagnose
from techstock.engine.changed_filter import ChangedFilter
from techstock.engine.examples import ExampleFiles
from techstock.links import resolver
from techstock.links.file_index import MISSING, get_file_index, get_folder, join_path
from techstock.links.resolver import Destination, find_backlinks, locate_plain_path, resolve_link, resolve_target
from techstock.links.targets import WEB, make_relative
from techstock.merge.sentence_split import split_sentences
from techstock.model import Corpus, Diagnostic, GitHubRemote, Note, Problem, Span
from techstock.project.changed_lines import ChangesSince
from techstock.text.percent_encoding import percent_encode
from tests.support import make_corpus, run_rule

HOME = "https://github.com/me/notes/blob/main"
GA, NFD_GA = "が", "か\u3099"


class Repository(ExampleFiles):
    """Files of a repository on github.com, of which the project may be a folder."""

    home = GitHubRemote("me/notes", ("main",))  # type: ignore[assignment]

    def __init__(self, paths: Iterable[str], base: str = "", site: str = "") -> None:
        super().__init__([path for path in paths if not path.endswith(")")], [p for p in paths if p.endswith(")")])
        self.base, self.site = base, site


def make_repository(files: Mapping[str, str], beside: Iterable[str] = (), base: str = "", site: str = "") -> Corpus:
    """Parse notes, with paths below the repository, into the corpus of the project in its folder `base`."""
    inside = {path.removeprefix(f"{base}/" if base else ""): text for path, text in files.items()}
    return replace(make_corpus(inside), files=Repository([*files, *beside], base, site))


@pytest.mark.parametrize(
    "link",
    ["[[x.markdown#My heading]]", "[[X.MARKDOWN#my heading]]", f"[[{NFD_GA}/x.markdown#My heading]]",
     f"[x](/{GA}/x.markdown#my-heading)", f"[x]({HOME}/{GA}/z/../x.markdown#my-heading)"],
)  # fmt: skip
def test_every_spelling_of_a_link_counts(link: str) -> None:
    """Seen: none of these but the rooted path did, though `link-missing` knew where they lead."""
    whole = make_repository({f"{GA}/x.markdown": "# My heading\n", "a/b.md": f"{link}\n"})
    found = [(note.path, fragment) for note, _, fragment in find_backlinks(whole, whole.by_path[f"{GA}/x.markdown"])]
    assert found == [("a/b.md", "my-heading")]


def list_missing(whole: Corpus) -> list[str]:
    found = diagnose(whole, [RuleRun(registry.load_rule("link-missing"), "warning")])
    return [one.problem.message for one in found]


def test_dots_in_a_url_of_this_repository() -> None:
    files = {"a.md": f"[x]({HOME}/n/../b.md#y) [x]({HOME}/n/../c.md)\n", "b.md": "# x\n"}
    assert list_missing(make_repository(files)) == ["`b.md` has no heading `#y`", "there is no `c.md`"]


def test_a_wiki_link_in_another_unicode_form() -> None:
    files = {"a.md": f"[[{NFD_GA}#x]] [[{NFD_GA}#y]]\n", f"{GA}.md": "# x\n"}
    assert list_missing(make_repository(files)) == [f"`{GA}.md` has no heading `y`"]


def test_a_deleted_file_gives_its_name_to_another() -> None:
    whole = make_repository({"n/a.md": "![[x.png]] [[x.md]]\n"}, ("a/x.png (gone)", "b/x.png (tracked)"))
    [image] = whole.notes[0].images
    assert resolve_link(get_file_index(whole), whole.notes[0], image).path == "b/x.png"


@pytest.mark.parametrize(
    ("link", "kind", "path", "fragment", "status"),
    [
        ("[x](b.md)", "note", "n/b.md", "", "tracked"),
        ("[x](b.md#top)", "note", "n/b.md", "", "tracked"),
        ("[x](b.html#h)", "note", "n/b.md", "h", "generated"),
        ("![x](b.html)", "nowhere", "n/b.html", "", "missing"),
        ("[x](b.md#%E4%BA%8C)", "heading", "n/b.md", "二", "tracked"),
        ("[x](#h)", "heading", "n/a.md", "h", "tracked"),
        ("[[b#^p]]", "block", "n/b.md", "p", "tracked"),
        ("[[b#h#^p]]", "block", "n/b.md", "p", "tracked"),
        ("[[b#h#i]]", "heading", "n/b.md", "i", "tracked"),
        ("[[twin]]", "nowhere", "twin", "", "ambiguous"),
        ("[[none]]", "nowhere", "none", "", "missing"),
        ("[[i.png]]", "file", "s/i.png", "", "tracked"),
        ("![[i.png]]", "file", "s/i.png", "", "tracked"),
        ("![[b]]", "note", "n/b.md", "", "tracked"),
        ("![[none.png]]", "nowhere", "none.png", "", "unknown"),
        ("![x](/i.png)", "file", "s/i.png", "", "tracked"),
        ("![x](../s/l.png)", "file", "s/l.png", "", "link"),
        ("[x](../s)", "folder", "s", "", "folder"),
        ("[x](../../../x.md)", "nowhere", "../../../x.md", "", "outside"),
        (f"[x]({HOME}/n/b.md#h)", "heading", "n/b.md", "h", "tracked"),
        (f"[x]({HOME}/../x.md)", "nowhere", f"{HOME}/../x.md", "", "outside"),
        ("<https://example.org/b.md>", "web", "https://example.org/b.md", "", ""),
        ("![x](data:image/png;base64,@)", "data", "data:image/png;base64,@", "", "data"),
        ("[x](C:/b.md)", "nowhere", "C:/b.md", "", "machine"),
        ("[x]({{b}})", "nowhere", "{{b}}", "", "template"),
        ("[x]()", "nowhere", "", "", "nothing"),
    ],
)
def test_destinations(link: str, kind: str, path: str, fragment: str, status: str) -> None:
    files = {"n/a.md": f"{link}\n", "n/b.md": "", "p/twin.md": "", "q/twin.md": ""}
    whole = make_repository(files, ("s/i.png (tracked)", "s/l.png (link)"), site="s")
    note = whole.by_path["n/a.md"]
    [one] = [*note.links, *note.images]
    assert resolve_link(get_file_index(whole), note, one) == Destination(kind, path, fragment, status)


def find_with(files: Mapping[str, str], base: str, site: str, scope: str) -> list[str]:
    whole = replace(make_repository(files, base=base, site=site), duplicate_scope=scope)
    return [one.rule for one in diagnose(whole, [RuleRun(registry.load_rule("duplicate-definition"), "warning")])]


@pytest.mark.parametrize("scope", ["directory", "corpus"])
@pytest.mark.parametrize(
    ("base", "site", "path"),
    [("", "", "/n/b.md"), ("", "n", "/b.md"), ("p", "", "/p/n/b.md"), ("p", "p/n", "/b.md"), ("p", "", "../../p/n/b.md")],
)  # fmt: skip
def test_with_names_a_note_as_a_link_does(base: str, site: str, path: str, scope: str) -> None:
    text = "待避: 新しい要求を受けず、いまの仕事を終えてから止まること。順に進める。\n"
    below = join_path(base, "n")
    for other, expected in ((path, []), ("/none.md", ["duplicate-definition"]), (".", ["duplicate-definition"])):
        comment = f'<!-- techstock: ignore duplicate-definition with="{other}#待避" -->\n'
        files = {f"{below}/a.md": f"{comment}- {text}", f"{below}/b.md": f"- {text}"}
        assert find_with(files, base, site, scope) == expected
