"""Documents made by hand for the tests of stages that follow reading and cleaning."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lunheng.documents import Document, EntityType, Mention
from lunheng.text import OffsetMap, blocks, script_of
from lunheng_plugins.quotes.rules import QuoteRules


def document(
    text: str,
    words: str | None = None,
    author: str | None = None,
    **names: str,
) -> Document:
    """Return a document whose mentions are ``PERSON="甲 乙"``-like names wherever they occur.

    ``words`` is the text with spaces between its words; without it there are no tokens.
    """
    mentions = [
        Mention(start, start + len(name), name, _type(kind), name)
        for kind, listed in names.items()
        for name in listed.split()
        for start in _places(text, name)
    ]
    tokens = None
    if words is not None:
        ends = np.cumsum([len(word) for word in words.split()])
        assert words.replace(" ", "") == text
        tokens = np.stack([np.concatenate([[0], ends[:-1]]), ends], axis=1).astype(np.int32)
    made = Document(
        doc_id="d",
        source=text,
        text=text,
        source_map=OffsetMap.identity(len(text)),
        author=author,
        script=script_of(text),
        blocks=blocks(text),
        tokens=tokens,
        mentions=tuple(sorted(mentions, key=lambda m: m.start)),
    )
    rules = QuoteRules()
    made = replace(made, turns=tuple(rules.turns(made)))
    return replace(made, quotes=tuple(rules.quotes(made)))


def _places(text: str, name: str) -> list[int]:
    return [i for i in range(len(text)) if text.startswith(name, i)]


def _type(kind: str) -> EntityType:
    types: dict[str, EntityType] = {
        "PERSON": "PERSON",
        "ORG": "ORG",
        "PRODUCT": "PRODUCT",
        "WORK": "WORK",
    }
    return types[kind]
