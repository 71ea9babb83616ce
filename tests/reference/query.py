"""What a query tree finds, by looking at every stretch of every text: the oracle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lunheng.corpus.query import And, Filter, Gap, Near, Node, Not, Or, Phrase

Texts = Mapping[int, str]


def documents(node: Node, texts: Texts) -> set[int]:
    """Return the documents that a tree without filters finds."""
    match node:
        case And(parts):
            return set.intersection(*(documents(part, texts) for part in parts))
        case Or(parts):
            return set.union(*(documents(part, texts) for part in parts))
        case Not(part):
            return set(texts) - documents(part, texts)
        case Filter():
            raise ValueError("the oracle knows no fields")
    return {number for number, text in texts.items() if any(True for _ in spans(node, text))}


def spans(node: Node, text: str) -> Iterator[tuple[int, int]]:
    """Yield every stretch that a phrase, an OR of them, or NEAR can mean."""
    match node:
        case Phrase(pieces):
            for start in range(len(text)):
                yield from ((start, end) for end in ends(pieces, text, start))
        case Or(parts):
            for part in parts:
                yield from spans(part, text)
        case Near(left, right, distance):
            for one in spans(left, text):
                for other in spans(right, text):
                    first, last = sorted([one, other])
                    if 0 <= last[0] - first[1] <= distance:
                        yield first[0], last[1]


def ends(pieces: tuple[str | Gap, ...], text: str, at: int) -> Iterator[int]:
    """Yield where pieces that begin at a place can end."""
    if not pieces:
        yield at
        return
    piece, *rest = pieces
    if isinstance(piece, str):
        if text.startswith(piece, at):
            yield from ends(tuple(rest), text, at + len(piece))
        return
    for size in range(piece.least, piece.most + 1):
        if at + size <= len(text) and "\n" not in text[at : at + size]:
            yield from ends(tuple(rest), text, at + size)
