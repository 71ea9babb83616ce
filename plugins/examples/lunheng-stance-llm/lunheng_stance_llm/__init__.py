"""A stance tagger: a language model proposes, and what the text does not bear out is dropped."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from lunheng import hookimpl
from lunheng.documents import Block, Document, Polarity, Stance, Turn
from lunheng.errors import ConfigError
from lunheng.text import fold
from lunheng_stance_llm.endpoint import Endpoint

NAME = "llm"
POLARITIES = get_args(Polarity)
LONGEST_TARGET = 60
SURE = 0.7


@dataclass(frozen=True, slots=True)
class Settings:
    """What users may set in [plugins.stance.llm]; README.md says what each is."""

    url: str = "http://localhost:11434/v1"
    model: str = ""
    key_variable: str = "OPENAI_API_KEY"
    prompt: str = ""
    batch: int = 6
    retries: int = 3
    timeout: float = 60.0
    budget: int = 2_000_000
    cache: str = "~/.cache/lunheng-stance-llm.sqlite"
    threshold: float = 0.5


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or the part of it that one speaker says."""

    start: int
    end: int
    turn: int | None


@dataclass(frozen=True, slots=True)
class LlmTagger:
    """Asks for the stances of a few paragraphs at a time."""

    endpoint: Endpoint
    instructions: str
    batch: int
    threshold: float

    def stances(self, document: Document) -> tuple[Sequence[Stance], int]:
        """Return what the text bears out, by place, and how many answers it does not."""
        passages = list(_passages(document))
        found: list[Stance] = []
        dropped = 0
        for first in range(0, len(passages), self.batch):
            batch = passages[first : first + self.batch]
            answer = self.endpoint.ask(self.instructions, _question(document, batch))
            for proposal in _proposals(answer):
                stance = _checked(document, batch, proposal)
                if stance is None or stance.score < self.threshold:
                    dropped += 1
                else:
                    found.append(stance)
        return sorted(set(found), key=lambda s: (s.start, s.end, s.target)), dropped


def _passages(document: Document) -> Iterator[Passage]:
    """Yield the paragraphs, cut where a turn begins or ends; labels are left out."""
    for block in document.blocks or (Block("paragraph", 0, len(document.text)),):
        if block.kind in ("caption", "furniture"):
            continue
        at = block.start
        for number, turn in enumerate(document.turns):
            start, end = max(at, turn.start), min(block.end, turn.end)
            if start < end:
                if document.text[at : min(turn.label_start, start)].strip():
                    yield Passage(at, turn.label_start, None)
                yield Passage(start, end, number)
                at = end
        if document.text[at : block.end].strip():
            yield Passage(at, block.end, None)


def _question(document: Document, batch: Sequence[Passage]) -> str:
    """Return passages with their numbers and speakers."""
    lines = []
    for number, passage in enumerate(batch, 1):
        speaker = document.turns[passage.turn].speaker if passage.turn is not None else "作者"
        lines.append(f"[{number}] {speaker}：{document.text[passage.start : passage.end]}")
    return "\n".join(lines)


def _proposals(answer: str) -> list[Mapping[str, Any]]:
    """Return the stances of an answer; none when it is not the JSON that was asked for."""
    start, end = answer.find("{"), answer.rfind("}")
    try:
        listed = json.loads(answer[start : end + 1])["stances"]
    except (ValueError, KeyError, TypeError):
        return []
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _checked(
    document: Document, batch: Sequence[Passage], proposal: Mapping[str, Any]
) -> Stance | None:
    """Return a proposal as a stance, when the text bears it out."""
    number = proposal.get("passage")
    evidence, target = proposal.get("evidence"), proposal.get("target")
    polarity, holder = proposal.get("polarity"), proposal.get("holder") or ""
    confidence = proposal.get("confidence", SURE)
    if not (isinstance(number, int) and 1 <= number <= len(batch)):
        return None
    if not (isinstance(evidence, str) and isinstance(target, str) and isinstance(holder, str)):
        return None
    if polarity not in POLARITIES or not isinstance(confidence, int | float):
        return None
    passage = batch[number - 1]
    place = _found(document.text, evidence, passage.start, passage.end)
    target = " ".join(target.split())
    if place is None or not 0 < len(target) <= LONGEST_TARGET:
        return None
    held = _held(document, passage, holder.strip(), place)
    if held is None:
        return None
    about = _found(document.text, target, passage.start, passage.end)
    return Stance(
        **held,
        target=target,
        target_start=about[0] if about else None,
        target_end=about[1] if about else None,
        polarity=polarity,
        score=min(max(float(confidence), 0.0), 1.0),
        start=place[0],
        end=place[1],
        turn=passage.turn,
        plugin=NAME,
    )


def _held(
    document: Document, passage: Passage, holder: str, evidence: tuple[int, int]
) -> dict[str, Any] | None:
    """Return who holds it: the speaker, the author, or one whom the text names."""
    turn: Turn | None = document.turns[passage.turn] if passage.turn is not None else None
    if turn is not None and fold(holder) in ("", fold(turn.speaker)):
        place = {"holder_start": turn.label_start, "holder_end": turn.label_end}
        return {"holder": turn.speaker, "holder_type": "person", "attribution": "turn", **place}
    if holder in ("", "作者", document.author):
        return {"holder": document.author or "", "holder_type": "author", "attribution": "author"}
    named = _found(document.text, holder, 0, len(document.text))
    if named is None:
        return None
    types = {fold(m.text): m.type for m in document.mentions}
    return {
        "holder": holder,
        "holder_type": "org" if types.get(fold(holder)) == "ORG" else "person",
        "holder_start": named[0],
        "holder_end": named[1],
        "attribution": "indirect",
        "reporter": turn.speaker if turn else document.author,
    }


def _found(text: str, words: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where words stand in a part of a text, in either script."""
    words = words.strip()
    at = fold(text).find(fold(words), start, end) if words else -1
    return (at, at + len(words)) if at >= 0 else None


@hookimpl
def lunheng_requires() -> Sequence[str]:
    """Need the turns, which say whose words a paragraph is."""
    return ["quotes"]


@hookimpl
def lunheng_settings() -> type[Settings]:
    """Return the type of the settings."""
    return Settings


@hookimpl
def lunheng_stance(settings: Settings) -> LlmTagger:
    """Make the tagger; nothing is asked yet."""
    if not settings.model:
        raise ConfigError(
            "plugins.stance.llm.model: expected the name of a model at the endpoint, found none"
        )
    try:
        shipped = files("lunheng_stance_llm").joinpath("prompt.txt")
        prompt = Path(settings.prompt) if settings.prompt else shipped
        instructions = prompt.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"plugins.stance.llm.prompt: cannot be read: {error}") from error
    endpoint = Endpoint(
        settings.url.rstrip("/"),
        settings.model,
        os.environ.get(settings.key_variable, "") if settings.key_variable else "",
        Path(settings.cache).expanduser(),
        settings.budget,
        settings.retries,
        settings.timeout,
    )
    return LlmTagger(endpoint, instructions, max(1, settings.batch), settings.threshold)
