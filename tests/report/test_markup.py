"""Every text on the page is escaped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techstock.report.markup import Markup, escape_text, join_markup, make_element, make_raw_element
from techstock.text.escape import escape
from tests.report.support import read_page

HOSTILE = st.text(st.sampled_from("<>&\"'`=/ -!\n\tax\x00\u202e\u2028\ud800あ")) | st.text()


@given(HOSTILE)
def test_a_text_is_read_as_it_was(text: str) -> None:
    shown = "\n".join(map(escape, text.replace("\t", " ").split("\n")))
    page = read_page(make_element("p", text, title=text))
    assert page.text == shown
    assert page.tags == [("p", {"title": shown})]


@given(HOSTILE, HOSTILE)
def test_texts_that_are_joined_make_no_element(one: str, other: str) -> None:
    page = read_page(make_element("div", [one, other], join_markup([one, other], other), other))
    assert [tag for tag, _ in page.tags] == ["div"]
    make_element("div", one).encode()  # no lone surrogate is left


def test_markup_stays() -> None:
    inner = make_element("b", "1 < 2")
    assert make_element("p", inner, " & ", None) == "<p><b>1 &lt; 2</b> &amp; </p>"
    assert escape_text(inner) is inner
    assert join_markup([inner, "<"], "<") == "<b>1 &lt; 2</b>&lt;&lt;"
    assert isinstance(join_markup("<"), Markup)


def test_attributes() -> None:
    made = make_element("button", "x", class_="a b", data_show="c", hidden=True, disabled=False, title=None, tabindex=0)
    assert made == '<button class="a b" data-show="c" hidden tabindex="0">x</button>'
    assert make_element("img", alt="") == '<img alt="">'


@pytest.mark.parametrize("name", ["onclick", "ONLOAD", "style", "a b", 'x"y', ""])
def test_attributes_that_the_page_does_not_use(name: str) -> None:
    with pytest.raises(ValueError, match="no attribute"):
        make_element("p", **{name: "x"})


@pytest.mark.parametrize("tag", ["script", "style", "iframe", "object", "base", "P", "a b"])
def test_elements_that_the_page_does_not_use(tag: str) -> None:
    with pytest.raises(ValueError, match="no element"):
        make_element(tag)


@pytest.mark.parametrize(
    "address",
    ["javascript:x", "http://a.test", "https://github.com.evil.test/", "//a", "data:text/html,x", "/etc/passwd", ""],
)
def test_addresses_that_would_load_something(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        make_element("a", "x", href=address)
    with pytest.raises(ValueError, match="no address"):
        make_element("img", src=address)


def test_a_script_does_not_end_early() -> None:
    assert make_raw_element("script", "1 < 2") == "<script>1 < 2</script>"
    for content in ("</script>", "<!--"):
        with pytest.raises(ValueError, match="no content"):
            make_raw_element("script", content)
