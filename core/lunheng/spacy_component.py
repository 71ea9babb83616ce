"""Names and stances in a spaCy pipeline; needs the extra ``spacy``.

spaCy finds the component by its name, ``lunheng``, wherever Lunheng is installed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from lunheng.analyser import Analyser
from lunheng.config import Config, Setting
from lunheng.documents import Mention, Quote, Stance

Record: TypeAlias = Mention | Quote | Stance

STANCES = "stances"
FIELDS = ("holder", "holder_type", "target", "polarity", "score", "attribution", "frame")


class SpacyAnalyser:
    """Finds names, amounts, dates, quotes and stances in spaCy's documents.

    ``doc.ents`` are the mentions, with the canonical name as ``kb_id_``; ``doc.spans["quotes"]``
    and ``doc.spans["stances"]`` are the words quoted and the evidence, with the holder and the
    polarity as label; ``doc._.stances`` has a mapping for each stance, whose ``start`` and ``end``
    are code points of ``doc.text``. A place that ends within a token is widened to it.
    """

    def __init__(self, analyser: Analyser) -> None:
        self.analyser = analyser
        if not Doc.has_extension(STANCES):
            Doc.set_extension(STANCES, default=())

    def __call__(self, doc: Doc) -> Doc:
        """Analyse a document's text and write down what is found."""
        found = self.analyser.analyse(doc.text).document
        places = found.source_map.to_source

        def spans(labelled: Iterable[tuple[Record, str, str]]) -> list[Span]:
            placed = (
                doc.char_span(
                    *places(each.start, each.end), label=label, kb_id=name, alignment_mode="expand"
                )
                for each, label, name in labelled
            )
            return [span for span in placed if span is not None]

        doc.set_ents(filter_spans(spans((each, each.type, each.name) for each in found.mentions)))
        doc.spans["quotes"] = spans((each, each.holder, "") for each in found.quotes)
        doc.spans[STANCES] = spans((each, each.polarity, "") for each in found.stances)
        doc._.stances = tuple(
            {
                **{field: getattr(each, field) for field in FIELDS},
                **dict(zip(("start", "end"), places(each.start, each.end), strict=True)),
            }
            for each in found.stances
        )
        return doc


def make_component(nlp: Language, name: str, settings: dict[str, Any]) -> SpacyAnalyser:
    """Make the component; ``settings`` are dotted keys and values, as ``--set`` takes them."""
    values = {tuple(key.split(".")): Setting(value, name) for key, value in settings.items()}
    return SpacyAnalyser(Analyser(Config(values)))


Language.factory(
    "lunheng",
    func=make_component,
    assigns=["doc.ents", f"doc._.{STANCES}"],
    default_config={"settings": {}},
)
