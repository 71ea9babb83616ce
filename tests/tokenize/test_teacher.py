"""The teacher of the default segmenter: marginals of a chain against a sum over all labellings."""

import itertools
import math
import struct
from pathlib import Path

import numpy as np
import pytest

from lunheng_seeds.models.teacher import LABELS, Teacher

FEATURES = {
    "u00:_x-2": (0.5, -0.2, 0.1, 0.9),
    "u01:中": (0.0, 0.4, 1.5, 0.0),
    "u02:国": (0.3, 0.0, 0.7, -1.0),
    "b": tuple(0.25 * number - 2 for number in range(LABELS * LABELS)),
    "u04:_x+1": (0.1, 0.0, 0.0, 0.6),
    "u05:_x-1//": (0.0, 0.0, 2.0, 1.0),
    "u06:中/国": (1.2, 0.0, 0.0, -0.4),
    "u08:_x+1/_x+2": (0.0, 0.3, 0.0, 0.8),
    "u09:中/人": (0.0, 0.9, -0.6, 0.0),
}


def strings(names: list[str]) -> bytes:
    encoded = [name.encode() for name in names]
    head = f"#TrieBin#{len(names)}\n".encode()
    return head + b"".join(struct.pack("<H", len(name)) + name for name in encoded)


def sparse(weights: list[float]) -> bytes:
    places = [place for place, weight in enumerate(weights) if weight]
    gaps = [after - before for before, after in itertools.pairwise([-1, *places])]
    pairs = zip(gaps, places, strict=True)
    packed = b"".join(bytes([gap]) + struct.pack("<f", weights[place]) for gap, place in pairs)
    return f"#ModelBin32#{len(places)}\n".encode() + packed


@pytest.fixture
def teacher(tmp_path: Path) -> Teacher:
    weights = list(itertools.chain.from_iterable(FEATURES.values()))
    path = tmp_path / "model.wac"
    path.write_bytes(
        b"#Patterns#0#1." + strings(list("BMES")) + strings(list(FEATURES)) + sparse(weights)
    )
    return Teacher.load(path)


def name_at(line: str, place: int) -> str:
    if place < 0:
        return f"_x{place}"
    return line[place] if place < len(line) else f"_x+{place - len(line) + 1}"


def score(line: str, labels: tuple[int, ...]) -> float:
    looks = ((-2,), (-1,), (0,), (1,), (2,), (-1, 0), (0, 1), (-2, -1), (1, 2), (-1, 1))
    total = 0.0
    for place, label in enumerate(labels):
        for number, around in enumerate(looks):
            name = "/".join(name_at(line, place + distance) for distance in around)
            total += FEATURES.get(f"u{number:02}:{name}", (0,) * LABELS)[label]
    for before, after in itertools.pairwise(labels):
        total += FEATURES["b"][LABELS * before + after]
    return total


def beginnings(line: str) -> list[float]:
    odds = {
        labels: math.exp(score(line, labels))
        for labels in itertools.product(range(LABELS), repeat=len(line))
    }
    whole = sum(odds.values())
    return [
        sum(share for labels, share in odds.items() if labels[place] in (0, 3)) / whole
        for place in range(len(line))
    ]


def test_marginals_are_those_of_all_labellings(teacher: Teacher) -> None:
    lines = ["中国", "人中国人", "国", "/中人", "中国中人国"]
    expected = np.concatenate([beginnings(line) for line in lines])
    np.testing.assert_allclose(teacher.beginnings(lines), expected, rtol=1e-5)


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.wac"
    path.write_bytes(b"#TrieBin#1\n\x01\x00X")
    with pytest.raises(ValueError, match="expected the labels B, M, E, S"):
        Teacher.load(path)
