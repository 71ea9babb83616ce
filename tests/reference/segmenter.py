"""Units, gram scores and the likeliest boundaries in plain Python, from the same model."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from lunheng.tokenize import SegmenterModel

EDGE, DIGIT, LETTER, SPACE, NEWLINE, EMOJI, MARK, REGIONAL = range(8)
DOT, COMMA, COLON, HYPHEN, UNDERSCORE, AMPERSAND, SLASH, APOSTROPHE, PLUS, PERCENT, AT, HASH = (
    range(16, 28)
)
REPEATED, PLAIN, RARE, NUMBER, DECIMAL, PERCENTAGE = 28, 40, 40, 44, 49, 50
LATIN_1, LATIN_2, LATIN_4, ALPHANUMERIC, ADDRESS, PICTURE = range(51, 57)
PADS, CERTAIN, BLOCK = 2, 20000, 4096

URL = re.compile(r"""(?ai:https?://|ftp://|www\.)[!-~]+""")
NOT_IN_URL = re.compile(r"""["<>\\^`{|}]""")
MASK = (1 << 64) - 1


def is_ideograph(character: str) -> bool:
    point = ord(character)
    return (
        0x3400 <= point < 0xA000
        or 0x3041 <= point < 0x3100
        or 0xAC00 <= point < 0xD7A4
        or 0xF900 <= point < 0xFB00
        or 0x20000 <= point < 0x40000
        or 0x2E80 <= point < 0x2FE0
    )


HALF_WIDTH = {point: point - 0xFEE0 for point in range(0xFF01, 0xFF5F)}


class Scanner:
    """Cuts one text into (start, end, id)."""

    def __init__(self, text: str, model: SegmenterModel) -> None:
        self.text = text.translate(HALF_WIDTH)
        self.codes = [int(model.codes[ord(c)]) for c in text] + [EDGE]

    def code(self, at: int) -> int:
        return self.codes[min(at, len(self.text))]

    def units(self) -> list[tuple[int, int]]:
        """Return the start and id of every unit."""
        units: list[tuple[int, int]] = []
        at = 0
        while at < len(self.text):
            if self.code(at) == MARK and units and units[-1][1] != NEWLINE:
                at += 1
                continue
            end, kind = self.unit(at)
            units.append((at, kind))
            at = end
        return units

    def unit(self, at: int) -> tuple[int, int]:
        code = self.code(at)
        if code >= PLAIN:
            return at + 1, code
        if code in (LETTER, DIGIT):
            return self.word(at)
        if code == SPACE:
            return self.run(at, {SPACE}), SPACE
        if code == NEWLINE:
            return at + (2 if self.text[at : at + 2] == "\r\n" else 1), NEWLINE
        if code == REGIONAL:
            return at + (2 if self.code(at + 1) == REGIONAL else 1), PICTURE
        if code == EMOJI:
            return self.emoji(at), PICTURE
        if code == MARK:
            return at + 1, RARE
        if code in (AT, HASH):
            end = self.name(at) if code == AT else self.tag(at)
            return (end, ADDRESS) if end else (at + 1, code)
        end = at + 1
        if code in (DOT, HYPHEN, UNDERSCORE) or code >= REPEATED:
            while self.text[end : end + 1] == self.text[at]:
                end += 1
        return end, code

    def run(self, at: int, kinds: set[int]) -> int:
        while self.code(at) in kinds:
            at += 1
        return at

    def emoji(self, at: int) -> int:
        end = at + 1
        while self.code(end) == MARK or (
            self.code(end) == EMOJI and self.text[end - 1] == "\u200d"
        ):
            end += 1
        return end

    def name(self, at: int) -> int:
        end = at + 1
        while end < len(self.text) and end - at <= 30:
            code = self.code(end)
            inner = end > at + 1 and code in (MARK, UNDERSCORE, HYPHEN)
            if not (code in (LETTER, DIGIT) or is_ideograph(self.text[end]) or inner):
                break
            end += 1
        return end if end > at + 1 else 0

    def tag(self, at: int) -> int:
        inside = re.compile(r".{1,30}", re.DOTALL).match(self.text, at + 1)
        if inside:
            for end in range(at + 1, inside.end() + 1):
                if self.code(end) == HASH and end - at <= 30:
                    if end > at + 1:
                        return end + 1
                    break
                if self.code(end) in (SPACE, NEWLINE):
                    break
        if self.code(at + 1) in (LETTER, DIGIT):
            return self.run(at + 1, {LETTER, DIGIT, MARK})
        return 0

    def url(self, at: int) -> int:
        found = URL.match(self.text, at)
        if not found:
            return 0
        scheme = re.match(r"(?ai:https?://|ftp://|www\.)", found[0])
        assert scheme
        rest = found[0][scheme.end() :]
        stop = NOT_IN_URL.search(rest)
        rest = (rest[: stop.start()] if stop else rest).rstrip(".,;:!?)]'*")
        return at + scheme.end() + len(rest) if rest else 0

    def joins(self, at: int, last: int) -> bool:
        """Say whether the connector at ``at`` joins what stands around it."""
        code, after = self.code(at), self.code(at + 1)
        if code == COMMA:
            digits = [self.code(at + k) == DIGIT for k in range(1, 5)]
            return self.code(at - 1) == DIGIT and digits == [True, True, True, False]
        if after not in (LETTER, DIGIT):
            return False
        if code in (DOT, HYPHEN, UNDERSCORE, SLASH):
            return True
        if last == DIGIT and after == DIGIT:
            return code == COLON
        return code in (AMPERSAND, APOSTROPHE)

    def word(self, at: int) -> tuple[int, int]:
        end = self.url(at) if self.code(at) == LETTER else 0
        if end:
            return end, ADDRESS
        end, last, connected = at, 0, False
        while self.code(end) in (LETTER, DIGIT, MARK) or (
            16 <= self.code(end) < REPEATED and self.joins(end, last)
        ):
            if self.code(end) in (LETTER, DIGIT):
                last = self.code(end)
            elif self.code(end) != MARK:
                connected = True
            end += 1
        if self.code(end) == AT and (tail := self.email(end)):
            return tail, ADDRESS
        letters = sum(self.code(k) == LETTER for k in range(at, end))
        digits = sum(self.code(k) == DIGIT for k in range(at, end))
        if not letters:
            if self.code(end) == PERCENT:
                return end + 1, PERCENTAGE
            return end, DECIMAL if connected else NUMBER + min(digits, 5) - 1
        if last == LETTER:
            end = self.run(end, {PLUS})
        if digits or connected:
            return end, ALPHANUMERIC
        return end, LATIN_1 if letters == 1 else LATIN_2 if letters < 4 else LATIN_4

    def email(self, at: int) -> int:
        word = {LETTER, DIGIT, MARK}
        end, dotted = self.run(at + 1, word), False
        if end == at + 1:
            return 0
        while self.code(end) in (DOT, HYPHEN) and self.run(end + 1, word) > end + 1:
            dotted = dotted or self.code(end) == DOT
            end = self.run(end + 1, word)
        return end if dotted else 0


def mixed(key: int) -> int:
    key = key * 0x9E3779B97F4A7C15 & MASK
    key ^= key >> 32
    return key * 0xD6E8FEB86659FD93 & MASK


def look_up(model: SegmenterModel, ids: tuple[int, ...]) -> tuple[list[int], bool]:
    """Return the eight weights of a gram, and whether a longer gram begins with it."""
    key = len(ids) << 60
    for place, number in enumerate(reversed(ids)):
        key |= number << 14 * place
    mix = mixed(key)
    line = (mix >> 32) * (len(model.table) // 64) >> 32
    wanted = (mix >> 16 & 0xFFFF) or 1
    data = model.table[64 * line : 64 * line + 64].tobytes()
    for slot in range(6):
        if int.from_bytes(data[2 * slot : 2 * slot + 2], "little") == wanted:
            row = data[16 + 8 * slot : 24 + 8 * slot]
            return [byte - 256 if byte > 127 else byte for byte in row], bool(data[12] >> slot & 1)
    return [0] * 8, False


def rows_at(model: SegmenterModel, ids: list[int], j: int) -> Iterator[tuple[int, list[int]]]:
    """Yield the first boundary and the weights of every gram that begins at unit ``j``."""
    yield j - 2, [int(weight) for weight in model.characters[ids[j]]]
    yield j - 1, look_up(model, tuple(ids[j : j + 2]))[0]
    row, longer = look_up(model, tuple(ids[j : j + 3]))
    yield j - 1, row
    if longer:
        yield j - 1, look_up(model, tuple(ids[j : j + 4]))[0]


def line_words(model: SegmenterModel, units: list[tuple[int, int]]) -> list[bool]:
    """Return whether there is a boundary before each unit of one line."""
    ids = [EDGE, *(kind for _, kind in units), EDGE, EDGE, EDGE]
    count = len(units)
    boundary = [0] * (count + 8)
    pair = [0] * (count + 8)
    for j in range(count + 1):
        for first, row in rows_at(model, ids, j):
            for lane in range(6):
                if 0 <= first + lane < len(boundary):
                    boundary[first + lane] += row[lane]
            pair[j] += row[6]
            pair[j + 1] += row[7]
    # best[b]: score of the best boundaries up to unit i that end with b.
    best = {0: (-(10**9), [False]), 1: (0, [True])}
    for i in range(1, count + 2):
        given = ids[i] in (EDGE, SPACE) or ids[i - 1] in (EDGE, SPACE)
        bond = pair[i - 1]
        joined = best[1][0] + bond
        score = CERTAIN if given else boundary[i]
        before_1 = best[1] if joined > best[0][0] else best[0]
        before_0 = best[1] if best[1][0] > best[0][0] else best[0]
        best = {
            1: (max(joined, best[0][0]) + score, [*before_1[1], True]),
            0: (max(best[1][0], best[0][0]), [*before_0[1], False]),
        }
    return best[1][1][1 : count + 1]


def cut(model: SegmenterModel, text: str) -> list[str]:
    """Return the words of a text whose lines are shorter than a block."""
    units = Scanner(text, model).units()
    starts: list[int] = []
    line: list[tuple[int, int]] = []
    for start, kind in [*units, (len(text), NEWLINE)]:
        if kind == NEWLINE:
            flags = line_words(model, line)
            starts += [at for (at, _), flag in zip(line, flags, strict=True) if flag]
            starts.append(start)
            line = []
        else:
            line.append((start, kind))
    edges = sorted({*starts, len(text)})
    return [text[a:b] for a, b in itertools.pairwise(edges)]
