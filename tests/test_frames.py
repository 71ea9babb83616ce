"""Frames and targets: the shipped ones hold, and a faulty file says what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lunheng.errors import ConfigError
from lunheng.frames import load_frames, load_targets, shipped_frames
from lunheng.text import fold


def test_shipped_frames_are_simplified_titled_and_opposed() -> None:
    for frame in load_frames(shipped_frames()):
        assert len(frame.poles) >= 2
        for pole in frame.poles:
            assert pole.zh
            assert pole.en
            assert len(set(pole.expressions)) == len(pole.expressions) >= 5
            assert all(fold(e) == e for e in pole.expressions)
            for other in pole.opposes:
                assert pole.name in frame.pole(other).opposes


def test_targets_are_a_name_and_its_expressions(tmp_path: Path) -> None:
    file = tmp_path / "targets.toml"
    file.write_text('[[targets]]\nname = "开源"\naliases = ["开放源码"]\n', "utf-8")
    [target] = load_targets(file)
    assert target.expressions == ("开源", "开放源码")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("targets = 3", "one or more"),
        ("[[targets]]\nnome = 'x'", "unknown"),
        ("[[targets]]\nname = ''", "expected a string"),
        ("[[targets]]\nname = 'x'\naliases = 'y'", "expected a list"),
        ("[[", "expected TOML"),
    ],
)
def test_a_faulty_target_file_says_what_is_wrong(
    tmp_path: Path, content: str, message: str
) -> None:
    file = tmp_path / "targets.toml"
    file.write_text(content, "utf-8")
    with pytest.raises(ConfigError, match=message):
        load_targets(file)


def test_an_unknown_frame_names_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="ai-routes, electric-cars, remote-work"):
        load_frames(["nowhere"])
