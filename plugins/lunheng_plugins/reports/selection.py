"""Chooses what a short report shows of a long list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lunheng.i18n import Catalog
from lunheng_plugins.reports.model import (
    Article,
    Claim,
    DigestSentence,
    Evidence,
    Place,
    Position,
)


def best_evidence(
    position: Position, evidence: Mapping[int, Evidence], limit: int
) -> list[Evidence]:
    """Return the quotations that show a position best: on its side, unflagged, surest first."""
    side = "favor" if position.net > 0 else "against" if position.net < 0 else None
    items = [evidence[number] for number in position.evidence]
    items.sort(key=lambda e: (e.polarity != side if side else False, bool(e.flags), -e.score))
    kept: list[Evidence] = []
    for item in items:
        if item.context not in {other.context for other in kept}:
            kept.append(item)
        if len(kept) == limit:
            break
    return kept


def place_name(place: Place | None, article: Article, say: Catalog) -> str:
    """Return where a place is: file and page, else ``path:line:column``, else the file."""
    if place is None:
        return article.sources[0]
    if place.locator is not None:
        return f"{place.path}{say('sep')}{where(place, say)}"
    return f"{place.path}:{place.line}:{place.column}"


def where(found: Place | DigestSentence | Claim, say: Catalog) -> str:
    """Return the page, paragraph or part of a file that something stands on, else its line."""
    if found.locator is None:
        return say("place_line", line=found.line)
    return say(f"locator_{found.locator.kind}", name=found.locator.name)


def by_number(evidence: Iterable[Evidence]) -> dict[int, Evidence]:
    """Return the evidence by its number."""
    return {item.number: item for item in evidence}
