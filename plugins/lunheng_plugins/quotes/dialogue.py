"""Who speaks in a story's dialogue, where no verb of speech names the speaker.

Every person named around a quotation is a candidate; a linear model with a handful of features
(where the name stands, what leads to the quotation, who spoke before) ranks them, from the first
quotation to the last. The features follow He, Barbosa and Kondrak (2013), "Identification of
Speakers in Novels"; the weights are trained on WP2021.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

_BEFORE = 10
_AFTER = 2
_FEMALE = re.compile(
    r"[秀兰花霞英红丽莲香娥凤云娟芳婷妮姐妈嫂奶娘娜娅琳莉萍燕玲珍婶妹媛倩雪梅菊慧叶]"
)
_LEADS = re.compile(r"[:：,，]\s*$")
_SAYS = re.compile(r"[说道问喊叫答骂叹笑嚷讲吼][^。！？!?]{0,4}$|[:：]\s*$")
_VERB = re.compile(r"[^，,。！!？?：:\n]{0,8}?[说道问喊叫答骂叹笑嚷讲吼][道着]?[：:，,。]?")
_CLOSE = '“「『‘"'


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name at its place."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A quotation of a dialogue: its place, and its speaker when a verb of speech names one."""

    start: int
    end: int
    speaker: str | None


@dataclass(frozen=True, slots=True)
class DialogueModel:
    """Weights by the names of features."""

    weights: Mapping[str, float]

    @classmethod
    def load(cls) -> DialogueModel:
        """Read ``models/dialogue.toml`` of the seeds."""
        source = files("lunheng_seeds").joinpath("models", "dialogue.toml")
        return cls(tomllib.loads(source.read_text("utf-8"))["weights"])

    def speakers(
        self, text: str, names: Sequence[Name], quotes: Sequence[Spoken]
    ) -> list[str | None]:
        """Return the speaker of each quotation, in order; None where nobody is named near it.

        Args:
            text: folded to simplified characters.
            names: of persons, in ascending order.
            quotes: in ascending order, none inside another.
        """
        scene = Scene(text, names, quotes)
        found: list[str | None] = []
        for number, quote in enumerate(quotes):
            if quote.speaker is not None:
                found.append(quote.speaker)
                continue
            ranked = [
                (sum(self.weights.get(f, 0.0) for f in features), name)
                for name, features in scene.candidates(number, found)
            ]
            found.append(max(ranked)[1] if ranked else None)
        return found


class Scene:
    """The lines of a text, with names and quotations in them."""

    def __init__(self, text: str, names: Sequence[Name], quotes: Sequence[Spoken]) -> None:
        self.text = text
        self.names = names
        self.quotes = quotes
        self.starts = [0, *(m.end() for m in re.finditer("\n", text))]
        self._name_starts = [n.start for n in names]
        self._quote_lines = [self.line(q.start) for q in quotes]
        self._quoted = [(q.start, q.end) for q in quotes]

    def line(self, at: int) -> int:
        """Return the number of the line that contains a place."""
        return bisect_right(self.starts, at) - 1

    def candidates(
        self, number: int, speakers: Sequence[str | None]
    ) -> Iterator[tuple[str, list[str]]]:
        """Yield each person named near a quotation with the features that speak for them.

        ``speakers`` are those of the quotations before it.
        """
        line = self._quote_lines[number]
        low = self.starts[max(0, line - _BEFORE)]
        after = min(len(self.starts), line + _AFTER + 1)
        high = self.starts[after] if after < len(self.starts) else len(self.text)
        near = self.names[
            bisect_left(self._name_starts, low) : bisect_left(self._name_starts, high)
        ]
        told = [n for n in near if not self._in_quote(n)]
        shared = self._shared(number)
        for name in sorted({n.name for n in near} | self._recent(number, speakers)):
            features = self._places(name, told, number, line)
            features += self._turns(name, number, speakers)
            quote = self.quotes[number]
            if any(n.name == name and quote.start <= n.start < quote.end for n in near):
                features.append("called")
            if number and any(
                n.name == name and self._inside(n, self.quotes[number - 1]) for n in near
            ):
                features.append("called before")
            features += self._answered(name, number, near)
            features += self._subject(name, number, told)
            gender = "f" if _FEMALE.search(name[1:]) else "m"
            features += [f"{f} {gender}" for f in shared]
            yield name, features

    def _answered(self, name: str, number: int, near: Sequence[Name]) -> list[str]:
        """Return whether the quotation after this one names a person: so one answers another."""
        if number + 1 >= len(self.quotes):
            return []
        after = self.quotes[number + 1]
        gap = min(self._quote_lines[number + 1] - self._quote_lines[number], 3)
        inside = [n for n in near if self._inside(n, after)]
        return [f"called next {gap}"] if any(n.name == name for n in inside) else []

    def _subject(self, name: str, number: int, told: Sequence[Name]) -> list[str]:
        """Return whether a person is the subject of the last narration, by name or pronoun."""
        line = self._quote_lines[number]
        low = self.starts[max(0, line - 3)]
        quote = self.quotes[number]
        before = [n for n in told if low <= n.start and n.end <= quote.start]
        openers = [n for n in before if n.start - self.starts[self.line(n.start)] <= 2]
        if not openers:
            return []
        last = openers[-1]
        gap = line - self.line(last.start)
        return [f"subject {gap}" if last.name == name else f"other subject {gap}"]

    def _recent(self, number: int, speakers: Sequence[str | None]) -> set[str]:
        return {s for s in speakers[max(0, number - 4) : number] if s}

    def _shared(self, number: int) -> list[str]:
        """Return what a pronoun that leads to or follows the quotation says of the speaker."""
        quote = self.quotes[number]
        before, after = self._around(quote)
        found = []
        for side, words in (("before", before[-14:]), ("after", after[:10])):
            for pronoun in "他她":
                if pronoun in words:
                    found.append(f"{pronoun} {side}")
        return found

    def _around(self, quote: Spoken) -> tuple[str, str]:
        """Return the narration that leads to a quotation and that which follows it."""
        line = self.line(quote.start)
        start = self.starts[line]
        before = self.text[start : quote.start].rstrip(_CLOSE)
        if not before.strip() and line:
            previous = self.text[self.starts[line - 1] : start - 1]
            if _LEADS.search(previous):
                before = previous
        end = self.text.find("\n", quote.end)
        after = self.text[quote.end + 1 : end if end >= 0 else len(self.text)]
        return before, after

    def _places(self, name: str, told: Sequence[Name], number: int, line: int) -> list[str]:
        """Return where the narration around the quotation names a person."""
        quote = self.quotes[number]
        features: list[str] = []
        mine = [n for n in told if n.name == name]
        before = [n for n in mine if n.end <= quote.start]
        after = [n for n in mine if n.start >= quote.end]
        if before:
            last = before[-1]
            gap = line - self.line(last.start)
            features.append(f"before {min(gap, 6)}")
            others = [n for n in told if last.end <= n.start and n.end <= quote.start]
            features.append(f"rank {min(len({n.name for n in others} - {name}), 3)}")
            features += self._leading(last, told, quote, gap)
        features += self._next_lead(name, told, quote)
        if after:
            if _VERB.match(self.text, after[0].end):
                features.append(f"verb after {self.line(after[0].start) - line}")
            gap = self.line(after[0].start) - line
            features.append(f"after {gap}")
            others = [n for n in told if quote.end <= n.start < after[0].start]
            if not others:
                opening = self.text[self.starts[self.line(after[0].start)] : after[0].start]
                features.append(f"first after {gap} {len(opening.strip()) <= 1}")
        features.append(f"count {min(len(mine), 4)}")
        return features

    def _next_lead(self, name: str, told: Sequence[Name], quote: Spoken) -> list[str]:
        """Return whether the name leads to the quotation after this one."""
        line = self.line(quote.end)
        if line + 2 >= len(self.starts):
            return []
        start, end = self.starts[line + 1], self.starts[line + 2] - 1
        words = self.text[start:end]
        inside = [n for n in told if start <= n.start < end]
        if not inside or words[:1] in tuple(_CLOSE):
            return []
        if not _LEADS.search(words):
            return ["tells after"] if inside[0].name == name else []
        return ["leads next" if inside[0].name == name else "other leads next"]

    def _leading(self, last: Name, told: Sequence[Name], quote: Spoken, gap: int) -> list[str]:
        """Return how the name nearest before the quotation stands in the line that leads to it."""
        if gap > 1:
            return []
        line = self.starts[self.line(last.start)]
        end = quote.start if gap == 0 else self.starts[self.line(quote.start)]
        words = self.text[line:end].rstrip().rstrip(_CLOSE).rstrip()
        inside = [n for n in told if line <= n.start and n.end <= end]
        kind = "colon" if _LEADS.search(words) else "says" if _SAYS.search(words) else "tells"
        features = [f"{kind} {gap}"]
        if len({n.name for n in inside}) == 1:
            features.append(f"{kind} {gap} only")
        if _VERB.match(self.text, last.end):
            features.append(f"{kind} {gap} verb")
        if inside and inside[0].name == last.name:
            features.append(f"{kind} {gap} first")
        if inside and inside[-1].name == last.name:
            features.append(f"{kind} {gap} last")
        if self.text[last.start - 1 : last.start] in tuple("对向跟给和与把被问"):
            features.append(f"{kind} {gap} object")
        return features

    def _turns(self, name: str, number: int, speakers: Sequence[str | None]) -> list[str]:
        """Return what the speakers before say of who is next: people take turns."""
        features = []
        for back in (1, 2, 3):
            if number >= back and speakers[number - back] == name:
                gap = self._quote_lines[number] - self._quote_lines[number - back]
                features.append(f"spoke {back} {min(gap, 4)}")
                if not self._led(number):
                    features.append(f"spoke {back} {min(gap, 4)} bare")
        return features

    def _led(self, number: int) -> bool:
        """Tell whether the narration right before a quotation names anybody."""
        quote = self.quotes[number]
        line = self.line(quote.start)
        low = self.starts[max(0, line - 1)]
        near = self.names[
            bisect_left(self._name_starts, low) : bisect_left(self._name_starts, quote.start)
        ]
        return any(not self._in_quote(n) for n in near)

    def _in_quote(self, name: Name) -> bool:
        position = bisect_right(self._quoted, (name.start, len(self.text))) - 1
        return position >= 0 and name.start < self._quoted[position][1]

    def _inside(self, name: Name, quote: Spoken) -> bool:
        return quote.start <= name.start < quote.end
