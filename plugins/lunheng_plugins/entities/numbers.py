"""Chinese and Arabic numerals: the pattern that finds them, the interval that they mean."""

from __future__ import annotations

import re

Interval = tuple[float, float]

DIGITS = {
    **{character: value for value, character in enumerate("〇一二三四五六七八九")},
    **{character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "两": 2,
}
MAGNITUDES = {
    "兆": 10**12,
    "亿": 10**8,
    "万": 10**4,
    "w": 10**4,
    "千": 1000,
    "k": 1000,
    "百": 100,
    "十": 10,
}
DECIMAL = re.compile(r"\d+(?:\.\d+)?")
SCALED = re.compile(r"(\d+(?:\.\d+)?)([十百千]?)([万亿兆])\Z")
VAGUE: dict[str, Interval] = {"几": (2, 9), "好几": (4, 9), "数": (2, 9), "若干": (2, 9)}
MORE = ("多", "余", "来")

HANZI = "〇零一二两三四五六七八九十百千万亿兆几数"
HAN_RUN = f"(?:[{HANZI[:-1]}]|数(?=[十百千万亿兆]))+"
ARABIC = r"\d{1,3}(?:,\d{3})+(?![\d,])|\d+(?:\.\d+)?"
MAGNITUDE = "[十百千万亿兆]"
NUMERAL = (
    rf"(?:上(?={MAGNITUDE}))?"
    rf"(?:(?:{ARABIC})(?:[多余几])?(?:\s?{MAGNITUDE}{{1,3}}|[wk](?![a-z]))?(?:\d[千百])?"
    rf"|成[百千]上[千万]|[大好]?{HAN_RUN}(?:点[{HANZI[:12]}]+)?)"
    rf"(?:[多余来](?!说)(?:{MAGNITUDE}{{1,2}}[多余]?)?|几(?!乎|率|何))?"
)


def interval(numeral: str) -> Interval | None:
    """Return the least and the greatest value that a folded numeral allows, or None.

    >>> interval("3.5万"), interval("两三万"), interval("十几二十"), interval("200多亿")
    ((35000.0, 35000.0), (20000, 30000), (11, 20), (20000000000, 29900000000.0))
    >>> interval("一千零一"), interval("三万五"), interval("二〇二四"), interval("多")
    ((1001, 1001), (35000, 35000), (2024, 2024), None)
    """
    if numeral.isdecimal() and numeral.isascii():
        return int(numeral), int(numeral)
    if len(numeral) == 1 and numeral in DIGITS:
        return DIGITS[numeral], DIGITS[numeral]
    if scaled := SCALED.match(numeral):
        value = float(scaled[1]) if "." in scaled[1] else int(scaled[1])
        value = value * MAGNITUDES.get(scaled[2], 1) * MAGNITUDES[scaled[3]]
        return value, value
    numeral = numeral.replace(",", "").replace(" ", "").removeprefix("上").removeprefix("大")
    if not numeral:
        return None
    if numeral.startswith("成") and numeral[2:3] == "上":
        least, greatest = interval(numeral[1]), interval(numeral[3])
        return (least[0], greatest[1] * 10) if least and greatest else None
    return _simple(numeral) or _scaled(numeral) or _juxtaposed(numeral)


def _simple(numeral: str) -> Interval | None:
    """Return what a numeral without magnitudes means."""
    if numeral in VAGUE:
        return VAGUE[numeral]
    if numeral[-1] in MORE or (numeral[-1] == "几" and numeral[:-1].isdecimal()):
        base = _simple(numeral[:-1]) if len(numeral) > 1 else None
        return _and_more(base) if base else None
    if DECIMAL.fullmatch(numeral):
        value = float(numeral) if "." in numeral else int(numeral)
        return value, value
    whole, point, decimals = numeral.partition("点")
    if not all(character in DIGITS for character in whole + decimals) or not whole:
        return None
    digits = [DIGITS[character] for character in whole]
    if point and decimals:
        value = float(f"{_positional(digits)}.{''.join(str(DIGITS[c]) for c in decimals)}")
        return value, value
    if len(digits) == 2 and 0 < digits[1] - digits[0] <= 2 and digits[0] > 0:
        return digits[0], digits[1]
    return _positional(digits), _positional(digits)


def _positional(digits: list[int]) -> int:
    return int("".join(map(str, digits)))


def _and_more(base: Interval) -> Interval:
    """Return 30 to 39 for 30: what 多 adds stays below the last digit that is not zero."""
    unit = 1
    while base[1] and base[1] % (unit * 10) == 0:
        unit *= 10
    return base[0], base[1] + max(unit - 1, 0)


def _scaled(numeral: str) -> Interval | None:
    """Return what a numeral means whose greatest magnitude scales the part before it."""
    mark = next((mark for mark in MAGNITUDES if mark in numeral), None)
    if mark is None:
        return None
    unit = MAGNITUDES[mark]
    left, _, right = numeral.rpartition(mark)
    vague = left[-1:] in MORE
    many = interval(left[:-1] if vague else left) if left not in ("", "多") else (1, 1)
    if many is None:
        return None
    least, greatest = (many[0] * unit, many[1] * unit)
    if vague:
        step = unit
        while greatest and greatest % (step * 10) == 0:
            step *= 10
        greatest += step - step / 100
    if not right:
        return least, greatest
    if right in MORE:
        return least, greatest + unit - 1
    rest = (1, 9) if right == "几" else interval(right.removeprefix("零"))
    if rest is None:
        return None
    if right in DIGITS and unit > 10:
        rest = (rest[0] * unit // 10, rest[1] * unit // 10)
    return (least + rest[0], greatest + rest[1]) if rest[1] < unit else None


def _juxtaposed(numeral: str) -> Interval | None:
    """Return the interval of two numerals side by side: 十几二十."""
    for cut in range(1, len(numeral)):
        low = _simple(numeral[:cut]) or _scaled(numeral[:cut])
        high = _simple(numeral[cut:]) or _scaled(numeral[cut:])
        if low and high and low[0] < high[1] and numeral[cut - 1] in "几多":
            return low[0], high[1]
    return None


def joined(first: Interval, second: Interval) -> Interval:
    """Return the interval from one numeral to another.

    A magnitude said once counts for both: 一两万, 20到30万.
    """
    low, high = first[0], second[1]
    if low * 100 <= high and first[1] < second[0]:
        scale = 10 ** (len(str(int(second[0]))) - len(str(int(first[0]) or 1)))
        if low * scale < high:
            low *= scale
    return low, high


def value_of(interval: Interval, at_least: bool = False) -> dict[str, object]:
    """Return ``{"number": x}``, or ``{"min": x, "max": y}`` where the numeral is vague."""
    low, high = (int(bound) if bound == int(bound) else bound for bound in interval)
    if at_least:
        return {"min": low}
    return {"number": low} if low == high else {"min": low, "max": high}
