"""What notebooks show: everything from a text is escaped."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from lunheng.index import ConcordanceLine
from lunheng.integrations import jupyter
from lunheng.testing import interview, make_document

HOSTILE = "<script>alert('x')</script>&\"\n"


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.attributes: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [value or "" for name, value in attrs if name == "title"]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_words_are_text() -> None:
    shown = _Tags(jupyter.words([HOSTILE, "b"], [HOSTILE, "X"]))
    assert shown.text == HOSTILE + "b"
    assert shown.attributes == [HOSTILE, "X"]
    assert set(shown.tags) == {"div", "span"}


def test_a_word_without_its_tag_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        jupyter.words(["a", "b"], ["X"])


def test_concordance_lines_are_text() -> None:
    line = ConcordanceLine(7, 3, 5, HOSTILE, "烧钱", HOSTILE)
    shown = _Tags(jupyter.concordance([line]))
    assert "7:3" in shown.text
    assert shown.text.count("<script>alert('x')</script>&\"⏎") == 2
    assert "script" not in shown.tags


def test_a_document_shows_its_mentions_and_its_whole_text() -> None:
    document = interview()
    shown = _Tags(document._repr_html_())
    assert shown.text.startswith(document.text)
    assert len(shown.attributes) == len(document.mentions) > 0


def test_a_document_is_text() -> None:
    document = replace(make_document(HOSTILE), author=HOSTILE)
    assert _Tags(document._repr_html_()).text == document.text
