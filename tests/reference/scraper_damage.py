"""How a certain kind of scraper ruins Chinese pages, done with its own means: bytes of GBK.

Such sites hide text from copiers by inserting strings into the page's GBK bytes without minding
where a character begins: a pinyin bracket behind some characters, a comma before separators.
Where the searched pair of bytes lies across two characters, decoding goes on one byte off until
the next ASCII character.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PINYIN: Mapping[str, str] = {
    "業": "yè", "現": "xiàn", "創": "chuàng", "發": "fā", "術": "shù", "產": "chǎn", "數": "shù",
    "經": "jīng", "結": "jié", "關": "guān", "據": "jù", "調": "diào", "環": "huán", "規": "guī",
    "領": "lǐng", "網": "wǎng", "轉": "zhuǎn", "權": "quán", "設": "shè", "聯": "lián", "構": "gòu",
    "質": "zhì", "態": "tài", "優": "yōu", "礎": "chǔ", "區": "qū", "續": "xù", "戰": "zhàn",
    "養": "yǎng", "節": "jié", "協": "xié", "應": "yīng", "訓": "xùn", "學": "xué", "風": "fēng",
    "務": "wù", "復": "fù", "統": "tǒng", "導": "dǎo", "穩": "wěn", "責": "zé", "醫": "yī",
    "衛": "wèi", "預": "yù", "驅": "qū", "絡": "luò",
}  # fmt: skip
SEPARATORS = "，！？；、。"


@dataclass(frozen=True, slots=True)
class Damage:
    """What became of ``[start, end)`` of the text: the characters ``ruined`` stand there."""

    start: int
    end: int
    ruined: str
    kind: str


def ruin(text: str, pinyin: Mapping[str, str], separators: str) -> list[Damage]:
    """Return the damage done to ``text``, in order; what lies between is unharmed.

    Raises:
        UnicodeEncodeError: a character is not in GBK.
    """
    data, owners = _insert(text, pinyin, separators)
    damage: list[Damage] = []
    ruined = ""
    reached = 0
    for left, right, char in _decode(data):
        owner = owners[left]
        if owner is None or not _intact(text[owner], char, owners[left:right], owner):
            ruined += char
            continue
        if ruined or owner > reached:
            damage.append(Damage(reached, owner, ruined, _kind(text[reached:owner], ruined)))
        ruined = ""
        reached = owner + 1
    if ruined or reached < len(text):
        damage.append(Damage(reached, len(text), ruined, _kind(text[reached:], ruined)))
    return damage


def apply(text: str, damage: list[Damage]) -> str:
    """Return the ruined text."""
    pieces, at = [], 0
    for one in damage:
        pieces += text[at : one.start], one.ruined
        at = one.end
    return "".join(pieces) + text[at:]


def _intact(meant: str, char: str, owners: list[int | None], owner: int) -> bool:
    return char == meant and set(owners) == {owner} and len(owners) == len(char.encode("gbk"))


def _insert(
    text: str, pinyin: Mapping[str, str], separators: str
) -> tuple[bytes, list[int | None]]:
    """Return the bytes with everything inserted, and each byte's character (``None``: new)."""
    data = text.encode("gbk")
    owners: list[int | None] = []
    for index, char in enumerate(text):
        owners += [index] * len(char.encode("gbk"))
    jobs = [(char, f"({sound})", 2) for char, sound in pinyin.items()]
    jobs += [(char, ",", 0) for char in separators]
    for char, inserted, offset in jobs:
        pair, extra = char.encode("gbk"), inserted.encode("gbk")
        at = data.find(pair)
        while at >= 0:
            place = at + offset
            data = data[:place] + extra + data[place:]
            owners[place:place] = [None] * len(extra)
            at = data.find(pair, at + len(extra) + len(pair))
    return data, owners


def _decode(data: bytes) -> list[tuple[int, int, str]]:
    """Decode as the scraper does: an invalid pair becomes one question mark."""
    decoded = []
    at = 0
    while at < len(data):
        end = min(at + (1 if data[at] < 0x80 else 2), len(data))
        try:
            char = data[at:end].decode("gb18030")
        except UnicodeDecodeError:
            char = "?"
        decoded.append((at, end, char))
        at = end
    return decoded


def _kind(meant: str, ruined: str) -> str:
    if not meant and ruined == ",":
        return "punctuation"
    if not meant and ruined.startswith("(") and ruined.endswith(")"):
        return "pinyin-brackets"
    return "misdecoded"
