"""The words by which turns and quotations are known, read from the seeds."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from lunheng.text import PhraseMatcher


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("lunheng_seeds").joinpath("cues", name).read_text("utf-8"))


def alternation(words: Iterable[str]) -> str:
    """Return a regular expression that matches the longest of the words at a place.

    >>> alternation(["说", "说道"])
    '说道|说'
    """
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w)))


@dataclass(frozen=True, slots=True)
class Labels:
    """What a speaker's label may look like; all words are folded."""

    not_speakers: frozenset[str]
    speech_endings: tuple[str, ...]
    roles: frozenset[str]
    media_endings: tuple[str, ...]
    compound_surnames: tuple[str, ...]
    surnames: frozenset[str]

    @classmethod
    def load(cls) -> Labels:
        """Read ``cues/labels.toml`` of the seeds."""
        data = _read("labels.toml")
        return cls(
            frozenset(data["not_speakers"]),
            tuple(data["speech_endings"]),
            frozenset(data["roles"]),
            tuple(data["media_endings"]),
            tuple(data["compound_surnames"]),
            frozenset(data["surnames"]),
        )

    def is_name(self, word: str) -> bool:
        """Tell whether a folded word has the shape of a Chinese person's full name."""
        family = 2 if word.startswith(self.compound_surnames) else 1
        return len(word) - family in (1, 2) and (family == 2 or word[:1] in self.surnames)


@dataclass(frozen=True, slots=True)
class SpeechCues:
    """Patterns over folded text that find verbs of speech and those who may speak.

    ``verbs`` and ``roles`` find in a whole text what ``verb`` and ``role`` find in a part of it.
    """

    verb: re.Pattern[str]
    verbs: PhraseMatcher
    blocked: frozenset[str]
    direct_only: frozenset[str]
    adverbs_at_end: re.Pattern[str]
    pronoun_at_end: re.Pattern[str]
    self_at_end: re.Pattern[str]
    group_at_end: re.Pattern[str]
    group_at_start: re.Pattern[str]
    one_of_group: re.Pattern[str]
    quantified: re.Pattern[str]
    pronoun: re.Pattern[str]
    self_: re.Pattern[str]
    kin: re.Pattern[str]
    kin_at_end: re.Pattern[str]
    described: re.Pattern[str]
    role: re.Pattern[str]
    roles: PhraseMatcher
    role_at_end: re.Pattern[str]
    familiar: re.Pattern[str]
    titled_at_end: re.Pattern[str]
    after_name: re.Pattern[str]
    opening: re.Pattern[str]
    prepositions: tuple[str, ...]
    not_names: frozenset[str]
    never_first: frozenset[str]
    grammar: frozenset[str]

    @classmethod
    def load(cls) -> SpeechCues:
        """Read ``cues/speech.toml`` of the seeds."""
        data, labels = _read("speech.toml"), _read("labels.toml")
        who = f"(?:{alternation(data['groups'])})"
        some = f"(?:{alternation(data['quantifiers'])})"
        near = "[^，,。；;：:！!？?、“”「」\\n]"
        plain = f"(?:{alternation(w for w in data['groups'] if len(w) > 1)})"
        group = f"(?:{some}{near}{{0,10}}?{who}|{plain})"
        adverbs = f"(?:{alternation(data['adverbs'])})"
        roles = f"(?:{alternation(data['roles'])})"
        kin = f"(?:我|咱|你|他|她)(?:们)?(?:的)?(?:{alternation(data['kin'])})"
        return cls(
            verb=re.compile(alternation([*data["blocked"], *data["verbs"]])),
            verbs=PhraseMatcher([*data["blocked"], *data["verbs"]]),
            blocked=frozenset(data["blocked"]),
            direct_only=frozenset(data["direct_only"]),
            adverbs_at_end=re.compile(f"(?:{adverbs}|(?<![在本各当])[一-鿿]{{2}}地)$"),
            pronoun_at_end=re.compile(f"(?:{alternation(data['pronouns'])})$"),
            self_at_end=re.compile(f"(?:{alternation(data['selves'])})$"),
            group_at_end=re.compile(f"(?:{group})$"),
            group_at_start=re.compile(f"(?:{near}{{1,4}}的)?{group}(?!{who})"),
            one_of_group=re.compile(f"(?:一位|一名|有位|有个|某位|某个){near}{{0,8}}?{who}"),
            quantified=re.compile(f"{some}{near}{{0,10}}?(?P<noun>{who})$"),
            pronoun=re.compile(alternation(data["pronouns"])),
            self_=re.compile(alternation(data["selves"])),
            kin=re.compile(kin),
            kin_at_end=re.compile(f"{kin}$"),
            described=re.compile(
                f"(?:这位|那位|这名|那名|该名)(?:{near}{{0,4}}?)(?P<role>{roles})"
            ),
            role=re.compile(roles),
            roles=PhraseMatcher(data["roles"]),
            role_at_end=re.compile(f"{roles}$"),
            familiar=re.compile("[一-鿿]{1,2}(?:姐|哥|叔|婶|伯|嫂|爷|姨|妹|董|总|sir)"),
            titled_at_end=re.compile(
                f"(?P<family>[一-鿿]|{alternation(labels['compound_surnames'])})(?:{roles}|[总董工姐哥叔太嫂婶伯姨]|sir)$"
            ),
            after_name=re.compile(f"的|{adverbs}|{alternation(data['verbs'])}"),
            opening=re.compile(f"(?:{adverbs}|[\\s，,])*"),
            prepositions=tuple(data["prepositions"]),
            not_names=frozenset(data["not_names"]),
            never_first=frozenset(data["never_first"]),
            grammar=frozenset(data["never_in_names"]),
        )

    def common(self, name: str) -> bool:
        """Tell whether a word with the shape of a name is, or begins with, a common one."""
        return name[0] in self.never_first or name in self.not_names or name[:2] in self.not_names

    def plain(self, name: str) -> bool:
        """Tell whether a name is no common word and has no word of grammar after its first."""
        return not any(c in self.grammar for c in name[1:]) and not self.common(name)
