"""Where links lead, whoever asks."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from techstock import registry
from techstock.commands.images import collect_remote_image_urls
from techstock.engine import RuleRun, diagnose
from techstock.engine.changed_filter import ChangedFilter
from techstock.engine.examples import ExampleFiles
from techstock.links.file_index import FileIndex, get_file_index, join_path
from techstock.links.resolver import (
    BLOCK,
    HEADING,
    Destination,
    find_backlinks,
    resolve_link,
    resolve_plain_target,
    resolve_target,
)
from techstock.links.targets import make_relative
from techstock.merge.relocation import Relocator
from techstock.merge.sentence_split import split_sentences
from techstock.model import Corpus, Diagnostic, GitHubRemote, Image, Link, Note, Problem, Span
from techstock.parse import parse
from techstock.project.changed_lines import ChangesSince
from techstock.text.percent_encoding import percent_encode
from tests.support import make_corpus, scale_examples

HOME = "https://github.com/me/notes/blob/main"
GA, NFD_GA = "が", "か\u3099"


class Repository(ExampleFiles):
    """Files of a repository on github.com, of which the project may be a folder."""

    home = GitHubRemote("me/notes", ("main",))  # type: ignore[assignment]

    def __init__(self, files: Mapping[str, str], base: str, site: str) -> None:
        super().__init__((), ())
        self._says = dict(files)
        self.base, self.site = base, site


def make_repository(
    files: Mapping[str, str], beside: Mapping[str, str] | None = None, base: str = "", site: str = ""
) -> Corpus:
    """Parse notes, with paths below the repository, into the corpus of the project in its folder `base`."""
    inside = {path.removeprefix(f"{base}/" if base else ""): text for path, text in files.items()}
    return replace(make_corpus(inside), files=Repository({**dict.fromkeys(files, ""), **(beside or {})}, base, site))


@pytest.mark.parametrize(
    "link",
    ["[[x.markdown#My heading]]", "[[X.MARKDOWN#my heading]]", f"[[{NFD_GA}/x.markdown#My heading]]",
     f"[x](/{GA}/x.markdown#my-heading)", f"[x]({HOME}/{GA}/z/../x.markdown#my-heading)",
     f'<a href="/{GA}/x.markdown#my-heading">x</a>', f"<A title='>' HREF=../{GA}/x.markdown#my-heading>x</A>",
     f'<p>\n<a href="{HOME}/{GA}/x.markdown#my-heading">x</a>\n</p>', f"({HOME}/{GA}/x.markdown#my-heading)",
     f"- 元: **{HOME}/{GA}/x.markdown#my-heading**。", f"次の{HOME}/{GA}/x.markdown#my-heading、と続く。"],
)  # fmt: skip
def test_every_spelling_of_a_link_counts(link: str) -> None:
    """Seen: none of these but the rooted path did, though `link-missing` knew where they lead."""
    whole = make_repository({f"{GA}/x.markdown": "# My heading\n", "a/b.md": f"{link}\n"})
    found = [(note.path, fragment) for note, _, fragment in find_backlinks(whole, whole.by_path[f"{GA}/x.markdown"])]
    assert found == [("a/b.md", "my-heading")]


@pytest.mark.parametrize(
    "text",
    [f"`{HOME}/b.md`", f"```\n{HOME}/b.md\n```", "<!-- <a href='b.md'> -->", '`<a href="b.md">`',
     f"<b title={HOME}/b.md>",
     "<abbr href=b.md>", '<a name="b.md">', "https://github.com/me/notes/tree/main/b.md",
     f"x{HOME}/b.md", "https://github.com/me/other/blob/main/b.md", "<a\n\nhref=b.md>"],
)  # fmt: skip
def test_what_is_no_link_counts_for_none(text: str) -> None:
    whole = make_repository({"a.md": f"{text}\n", "b.md": "# x\n"})
    assert list(find_backlinks(whole, whole.by_path["b.md"])) == []
    assert list_missing(make_repository({"a.md": f"{text}\n"})) == []


def test_a_url_in_running_text_counts_once() -> None:
    whole = make_repository({"a.md": f"[{HOME}/b.md]({HOME}/b.md) <{HOME}/b.md> ![{HOME}/b.md](c.png)\n", "b.md": ""})
    assert [link.kind for _, link, _ in find_backlinks(whole, whole.by_path["b.md"])] == ["inline", "auto"]


@pytest.mark.parametrize(
    "trail", [")", "]", "**", "_", ".", "?", "!', 'x'", "'", '"', "`", "）。", "。次", " 次", "|", ";"]
)
def test_where_a_url_in_running_text_ends(trail: str) -> None:
    whole = make_repository({"a.md": f"{HOME}/b_(1).md#h{trail}\n", "b_(1).md": "# h\n"})
    assert [link.target for link in whole.notes[0].links] == [f"{HOME}/b_(1).md#h"]


def test_links_in_html_and_urls_lead_nowhere() -> None:
    text = f'<a href="n/c.md">x</a> <a href="b.md#y">x</a> <video src="c.mp4" poster="c.png"></video>\n\n{HOME}/c.md\n'
    messages = ["there is no `n/c.md`", "`b.md` has no heading `#y`", "there is no `c.mp4`", "there is no `c.png`"]
    assert list_missing(make_repository({"a.md": text, "b.md": "# x\n"})) == [*messages, "there is no `c.md`"]


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
    whole = make_repository({"n/a.md": "![[x.png]] [[x.md]]\n"}, {"a/x.png": "gone", "b/x.png": ""})
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
        ('<a href="b.md#&#x4E8C;">x</a>', "heading", "n/b.md", "二", "tracked"),
        ('<a href=" ../s/i.png?x ">x</a>', "file", "s/i.png", "", "tracked"),
        ("<a href>x</a>", "nowhere", "", "", "nothing"),
        ('<a href="mailto:me@example.org">x</a>', "nowhere", "mailto:me@example.org", "", "machine"),
        (f"{HOME}/n/b.md#h", "heading", "n/b.md", "h", "tracked"),
        (f"{HOME}/n/a\\_&amp;.md", "nowhere", "n/a_&.md", "", "missing"),
        ("<https://example.org/b.md>", "web", "https://example.org/b.md", "", ""),
        ("![x](data:image/png;base64,@)", "data", "data:image/png;base64,@", "", "data"),
        ("[x](C:/b.md)", "nowhere", "C:/b.md", "", "machine"),
        ("[x]({{b}})", "nowhere", "{{b}}", "", "template"),
        ("[x]()", "nowhere", "", "", "nothing"),
    ],
)
def test_destinations(link: str, kind: str, path: str, fragment: str, status: str) -> None:
    files = {"n/a.md": f"{link}\n", "n/b.md": "", "p/twin.md": "", "q/twin.md": ""}
    whole = make_repository(files, {"s/i.png": "", "s/l.png": "link"}, site="s")
    note = whole.by_path["n/a.md"]
    one: Image | Link = note.links[0] if note.links else note.images[0]
    assert resolve_link(get_file_index(whole), note, one) == Destination(kind, path, fragment, status)


def find_with(files: Mapping[str, str], base: str, site: str, scope: str) -> list[str]:
    whole = replace(make_repository(files, base=base, site=site), duplicate_scope=scope)
    return [one.rule for one in diagnose(whole, [RuleRun(registry.load_rule("duplicate-definition"), "warning")])]


@pytest.mark.parametrize("scope", ["directory", "corpus"])
@pytest.mark.parametrize(
    ("base", "site", "path"),
    [("", "", "/n/b.md"), ("", "n", "/b.md"), ("p", "", "/p/n/b.md"), ("p", "p/n", "/b.md"),
     ("p", "", "../../p/n/b.md")],
)  # fmt: skip
def test_with_names_a_note_as_a_link_does(base: str, site: str, path: str, scope: str) -> None:
    text = "待避: 新しい要求を受けず、いまの仕事を終えてから止まること。順に進める。\n"
    below = join_path(base, "n")
    for other, expected in ((path, []), ("/none.md", ["duplicate-definition"]), (".", ["duplicate-definition"])):
        comment = f'<!-- techstock: ignore duplicate-definition with="{other}#待避" -->\n'
        files = {f"{below}/a.md": f"{comment}- {text}", f"{below}/b.md": f"- {text}"}
        assert find_with(files, base, site, scope) == expected


FOLDERS = ["", "p", "p/n", f"p/{GA}", f"p/{NFD_GA}", "p/100%", "p/N", "s", "p/s"]
NOTES = ["b.md", "B.md", "x.markdown", f"{GA}.md", f"{NFD_GA}.md", "50%25.md", "a b.md", "h#1.md"]
FILES = ["i.png", "I.png", f"{GA}.png", f"{NFD_GA}.png", "50%.png", "a%20b.png", "b.html"]
ASKING = "p/n/ask.md"
IMAGE_RULES = {
    "tracked": "", "link": "image-outside", "gone": "image-missing", "missing": "image-missing", "case": "image-case",
    "form": "image-unicode-form", "outside": "image-outside", "folder": "image-missing",
}  # fmt: skip


def write_targets(path: str, site: str, fragment: str) -> dict[str, str]:
    """Return targets that lead from the asking note to a path, by the way in which they are written."""
    relative = make_relative(path, "p/n")
    full = "".join(f"%{byte:02X}" for byte in relative.encode()).replace("%2F", "/").replace("%2E", ".")
    ways = {"plain": percent_encode(relative), "dots": f"../n/z/../{percent_encode(relative)}", "full": full}
    ways["rooted"] = f"/{percent_encode(make_relative(path, site))}"
    ways["url"] = f"{HOME}/z/../{percent_encode(path)}"
    return {way: f"<{target}{fragment}>" for way, target in ways.items()}


@st.composite
def draw_repository(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, str], str, str]:
    """Draw notes and other files, all with paths below the repository, its project and its image root."""
    base, site = draw(st.sampled_from(["", "p"])), draw(st.sampled_from(["", "s", "p/s", "p/n"]))
    names = st.builds(join_path, st.sampled_from(FOLDERS), st.sampled_from(NOTES + FILES))
    drawn = draw(st.lists(names, min_size=1, max_size=6, unique=True))
    notes = {path: "# h\n" for path in drawn if path.endswith(("md", "markdown")) and path.startswith(base)}
    says = st.sampled_from(["", "", "link outside", "gone"])
    return notes, {path: draw(says) for path in drawn if path not in notes}, base, site


class Askers:
    """One link or image in a repository, and what each part of techstock does with it."""

    def __init__(self, source: str, notes: dict[str, str], beside: dict[str, str], base: str, site: str) -> None:
        files = {**notes, ASKING: f"{source}\n"}
        self.whole = make_repository(files, beside, base, site)
        self.note = self.whole.by_path[ASKING.removeprefix(f"{base}/" if base else "")]
        self.one: Image | Link = self.note.links[0] if self.note.links else self.note.images[0]

    def resolve(self) -> Destination:
        return resolve_link(get_file_index(self.whole), self.note, self.one)

    def count_backlinks(self) -> list[str]:
        index = get_file_index(self.whole)
        counts = {index.get_note_path(there): len([*find_backlinks(self.whole, there)]) for there in self.whole.notes}
        return [path for path, count in counts.items() if count]

    def list_assets(self) -> list[Destination]:
        [sentence] = split_sentences(self.whole, self.note, Span(0, len(self.note.text)))
        return list(sentence.assets)

    def list_downloads(self) -> list[str]:
        work: Any = SimpleNamespace(scope=None)
        return collect_remote_image_urls(self.whole, work)

    def is_new_since(self, gone: str, base: str) -> bool:
        problem = Problem(self.note.add_path_to(self.one.place), "")
        changes = ChangesSince({}, frozenset([gone.removeprefix(f"{base}/" if base else "")]), frozenset())
        return ChangedFilter(changes, self.whole).filter_diagnostics([Diagnostic("r", "error", problem, ())]) != []


@settings(max_examples=scale_examples(40))
@given(draw_repository(), st.sampled_from(FOLDERS), st.sampled_from(NOTES + FILES), st.booleans(), st.data())
def test_every_asker_gets_the_same_destination(
    repository: tuple[dict[str, str], dict[str, str], str, str], folder: str, name: str, real: bool, data: st.DataObject
) -> None:
    notes, beside, base, site = repository
    path = data.draw(st.sampled_from([*notes, *beside])) if real else join_path(folder, name)
    fragment = data.draw(st.sampled_from(["", "#h", "#H", "#none", "#^p"]))
    found = {}
    for way, target in write_targets(path, site, fragment).items():
        asked = Askers(f"[x]({target})", notes, beside, base, site)
        found[way] = there = asked.resolve()
        assert there.path == path or there.status in ("case", "form", "generated", "link", "folder")
        check_link(asked, there)
        check_image(Askers(f"![x]({target})", notes, beside, base, site))
        assert Askers(f"[x][r]\n\n[r]: {target}", notes, beside, base, site).resolve() == there
        check_link(Askers(f"<a href={target[1:-1]!r}>x</a>", notes, beside, base, site), there)
        if way == "url":
            check_link(Askers(f"**{target[1:-1]}**", notes, beside, base, site), there)
        assert resolve_target(get_file_index(asked.whole), asked.note, asked.one.target) == there
    assert len(set(found.values())) == 1
    # else `path` is not the one that is written
    if there.status not in ("case", "form", "generated", "link") and "#" not in path:
        named = resolve_plain_target(get_file_index(asked.whole), asked.note, make_relative(path, "p/n") + fragment)
        assert (named.kind, named.path) == (HEADING if there.kind == BLOCK else there.kind, path)
    if path in {*notes, *beside}:
        left, others = ({one: says for one, says in files.items() if one != path} for files in (notes, beside))
        after = Askers(f"[x]({target})", left, others, base, site)
        if path.startswith(base):
            for one in (f"<a href={target[1:-1]!r}>x</a>", f"[x]({target})"):
                assert Askers(one, left, others, base, site).is_new_since(path, base) == (
                    after.resolve().status != "generated"
                )
            assert after.is_new_since(path, base) == (after.resolve().status != "generated")
            assert not asked.is_new_since(join_path(base, "other.md"), base)


@settings(max_examples=scale_examples(40))
@given(draw_repository(), st.data(), st.sampled_from(["", "#h", "#none", "#^p"]), st.sampled_from(["", "!"]))
def test_every_asker_finds_the_same_name(
    repository: tuple[dict[str, str], dict[str, str], str, str], data: st.DataObject, fragment: str, sign: str
) -> None:
    notes, beside, base, site = repository
    name = data.draw(st.sampled_from([*notes, *beside])).replace("#", "")
    name = name[data.draw(st.sampled_from([0, name.rfind("/") + 1])) :]
    name = data.draw(st.sampled_from([name, name.removesuffix(".md"), name.swapcase(), name.replace(GA, NFD_GA)]))
    asked = Askers(f"{sign}[[{name}{fragment}]]", notes, beside, base, site)
    check_link(asked, asked.resolve())
    check_image(asked)


def check_link(asked: Askers, there: Destination) -> None:
    """Compare what rules, `merge` and inbound links say of a link."""
    inside = there.kind in ("note", "heading", "block") and isinstance(asked.one, Link)
    assert asked.count_backlinks() == ([there.path] if inside else [])
    assert asked.list_assets() == [there]
    if isinstance(asked.one, Image):
        return
    wrong = there.kind == "nowhere" and there.status in ("missing", "gone", "case", "form") and asked.one.kind != "wiki"
    named = get_file_index(asked.whole).notes.get(there.path)
    lost = there.kind == "heading" and named is not None and is_lost(named, there.fragment)
    assert bool(list_missing(asked.whole)) == (wrong or lost)


def is_lost(named: Note, fragment: str) -> bool:
    return not named.headings or fragment.lower() != "h"


def check_image(asked: Askers) -> None:
    """Compare what rules and downloads say of an image."""
    there = asked.resolve()
    assert asked.list_downloads() == []
    if isinstance(asked.one, Link) or there.status in ("unknown", "ambiguous") or there.path in asked.whole.by_path:
        return
    if asked.one.kind == "wiki" and not there.path.lower().endswith(".png"):
        return
    names = (name for name in registry.list_rule_names() if name.startswith("image-") and name != "image-type")
    asking = [rule for rule in map(registry.load_rule, names) if rule.whole and rule.level != "off"]
    rules = {rule.name for rule in asking if any(rule.check(asked.whole))}
    if not there.path.endswith((".md", ".markdown", ".html")):
        assert rules == {IMAGE_RULES[there.status]} - {""}, there


SENTENCE = "新しい要求を受けず、いまの仕事を終えてから止まること。"
COPY = f"# h\n\n- 待避: {SENTENCE}\n"


@settings(max_examples=scale_examples(30))
@given(draw_repository(), st.data(), st.sampled_from(["", "#h", "#H", "#h-1", "#待避", "#none"]), st.booleans())
def test_with_names_the_note_and_the_heading_that_a_link_leads_to(
    repository: tuple[dict[str, str], dict[str, str], str, str], data: st.DataObject, fragment: str, rooted: bool
) -> None:
    notes, beside, base, site = repository
    path = data.draw(st.sampled_from([*(path for path in notes if "#" not in path), "none.md"]))
    written = f"/{make_relative(path, site)}" if rooted else make_relative(path, "p/n")
    comment = f'<!-- techstock: ignore duplicate-definition with="{written}{fragment}" -->\n'
    files = {**notes, ASKING: f"{comment}- 待避: {SENTENCE}\n", **({path: COPY} if path in notes else {})}
    there = Askers(f"[x](<{percent_encode(written)}{fragment}>)", files, beside, base, site).resolve()
    whole = replace(make_repository(files, beside, base, site), duplicate_scope="corpus")
    found = diagnose(whole, [RuleRun(registry.load_rule("duplicate-definition"), "warning")])
    ignored = path in notes and there.path == path and fragment in ("", "#h", "#H", "#待避")
    assert bool(found) == (path in notes and not ignored)


@settings(max_examples=scale_examples(30))
@given(draw_repository(), st.data(), st.sampled_from(["", "#h"]), st.sampled_from(["p/n/q.md", "p/q.md", "p/が/q.md"]))
def test_a_moved_link_leads_where_it_led(
    repository: tuple[dict[str, str], dict[str, str], str, str], data: st.DataObject, fragment: str, home: str
) -> None:
    notes, beside, base, site = repository
    path = data.draw(st.sampled_from([*notes, *beside]))
    name = path.rpartition("/")[2].replace("#", "").removesuffix(".md")
    ways = {"html": '<a href="{}">x</a>', "inline": "[x](<{}>)", "image": "![x](<{}>)", "tag": '<img src="{}">'}
    targets = list(write_targets(path, site, fragment).values())
    links = [way.format(target[1:-1]) for way in ways.values() for target in targets]
    links += [f"[[{name}{fragment}]]", f"![[{name}]]", "[[#h]]"]
    for link in links:
        whole = make_repository({**notes, ASKING: f"# h\n\n{link}\n", home: ""}, beside, base, site)
        index, below = get_file_index(whole), f"{base}/" if base else ""
        asking, new = whole.by_path[ASKING.removeprefix(below)], whole.by_path[home.removeprefix(below)]
        text = Relocator(whole, new).move_text(asking, Span(5, len(asking.text)))
        moved = parse(new.path, text)
        before, after = ((note.links or note.images)[0] for note in (asking, moved))
        there = resolve_link(index, asking, before)
        if before.kind != "wiki" or list_ways(index, new, before, there):
            assert resolve_link(index, moved, after) == there, (link, text)


def list_ways(index: FileIndex, new: Note, one: Image | Link, there: Destination) -> list[str]:
    """Return the names by which a wiki link in the new note leads to a destination."""
    _, sign, fragment = one.target.partition("#")
    names = (path.removesuffix(".md") for path in (there.path, there.path.rpartition("/")[2]))
    again = (replace(one, target=f"{name}{sign}{fragment}") for name in names if there.kind != "nowhere")
    return [other.target for other in again if resolve_link(index, new, other) == there]
