"""The built-in extractor of turns and quotations: rules over words of speech."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lunheng.documents import Document, Quote, Turn
from lunheng.hookspecs import hookimpl
from lunheng_plugins.quotes.dialogue import DialogueModel
from lunheng_plugins.quotes.lexicon import Labels, SpeechCues
from lunheng_plugins.quotes.speech import find_quotes
from lunheng_plugins.quotes.turns import find_turns

NAME = "rules"


@dataclass(frozen=True, slots=True)
class QuoteRules:
    """Finds turns by their labels and quotations by marks and verbs of speech."""

    labels: Labels = field(default_factory=Labels.load)
    cues: SpeechCues = field(default_factory=SpeechCues.load)
    dialogue: DialogueModel = field(default_factory=DialogueModel.load)

    def turns(self, document: Document) -> Sequence[Turn]:
        """Return turns in ascending order; neither entities nor words are needed."""
        return find_turns(document, self.labels)

    def quotes(self, document: Document) -> Sequence[Quote]:
        """Return quotes in ascending order of their start; they may nest.

        Holders are looked for among ``document.mentions``; without them only labels' shapes,
        pronouns' absence and groups are left to go by.
        """
        return [
            replace(q, plugin=NAME)
            for q in find_quotes(document, self.cues, self.labels, self.dialogue)
        ]


@hookimpl
def lunheng_quotes(settings: Any) -> QuoteRules:
    """Make the extractor; it has no settings."""
    return QuoteRules()
