"""Persons whom no list of names knows, told by the roles, verbs and labels beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lunheng.documents import Document, Mention
from lunheng_plugins.quotes.lexicon import Labels, SpeechCues

_AFTER_ROLE = re.compile(r"(?:^|[官员人长师授理监裁家手评主商友者队副士匠生工代表医客民星霸的、])$")
_CLOSED = re.compile(r"[，,。；;：:、！!？?\n\s“”「」『』（）()]|$")
_NICKNAME = re.compile(r"(?:[小老阿大][一-鿿]{1,2}|阿[A-Za-z]+)")


def unlisted(
    document: Document,
    folded: str,
    taken: Sequence[Mention],
    heads: Iterator[tuple[int, str]],
    cues: SpeechCues,
    labels: Labels,
) -> list[Mention]:
    """Return everywhere the names of persons that are not among ``taken``.

    A name follows a role (店主小柚子, 研究员裘海燕) or is, by its shape, the whole of what
    stands before a verb of speech.

    ``heads`` are the clauses that a verb of speech ends: where each starts, and its words without
    the adverbs before the verb.
    """
    found = {name for _, head in heads if (name := _before_verb(head, cues, labels))}
    found |= set(_after_roles(document, folded, cues, labels))
    ends = {m.end for m in taken}
    covered = {at for m in taken for at in range(m.start, m.end)}
    return [
        Mention(start, end, document.text[start:end], "PERSON", name)
        for name in sorted(found)
        for start, end in _places(name, folded)
        if start not in covered and end not in ends
    ]


def _places(name: str, folded: str) -> Iterator[tuple[int, int]]:
    start = folded.find(name)
    while start >= 0:
        end = start + len(name)
        yield start, end
        start = folded.find(name, end)


def _before_verb(head: str, cues: SpeechCues, labels: Labels) -> str | None:
    for size in (3, 2, 4):
        name, before = head[-size:], head[:-size]
        if len(name) == size and labels.is_name(name) and _AFTER_ROLE.search(before):
            return name if cues.plain(name) else None
    for size in (3, 2):
        name, before = head[-size:], head[:-size]
        role = cues.role_at_end.search(before)
        called = _NICKNAME.fullmatch(name) or cues.familiar.fullmatch(name)
        if called and cues.plain(name) and (role or not before):
            return name
    return None


def _after_roles(
    document: Document, folded: str, cues: SpeechCues, labels: Labels
) -> Iterator[str]:
    if document.tokens is None:
        return
    edges = frozenset(document.tokens.ravel().tolist())
    for start in cues.roles.longest(folded)[:, 1].tolist():
        end = _name_end(folded, start, edges, cues, labels)
        if end is not None:
            yield folded[start:end]


def _name_end(
    folded: str, start: int, edges: frozenset[int], cues: SpeechCues, labels: Labels
) -> int | None:
    """Return where the name that follows a role ends; None when none follows.

    A nickname has two characters where both readings are possible, a full name three, unless its
    first two go on elsewhere without the third.
    """
    fits = []
    for end in (start + 2, start + 3):
        name = folded[start:end]
        called = bool(_NICKNAME.fullmatch(name) or cues.familiar.fullmatch(name))
        if not (called or labels.is_name(name)) or cues.common(name):
            continue
        closed = bool(_CLOSED.match(folded, end))
        whole = closed or (start in edges and end in edges) or folded.count(name) > 2
        certain = called or closed or len(name) == 3 or cues.after_name.match(folded, end)
        if whole and certain:
            fits.append((end, called))
    if len(fits) == 2 and folded[start + 2] not in cues.grammar and not fits[0][1]:
        short, long = (folded.count(folded[start:end]) for end, _ in fits)
        return fits[0][0] if short > long else fits[1][0]
    fits = [
        (end, called)
        for end, called in fits
        if end - start == 2 or folded[end - 1] not in cues.grammar
    ]
    return fits[0][0] if fits else None
