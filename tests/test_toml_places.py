"""Places of keys: every key of any TOML is found, where its own characters are."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from lunheng.toml_places import Key, Places

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=6)
VALUES = st.recursive(
    st.none().map(lambda _: 1.5) | st.booleans() | st.text(max_size=8) | st.integers(-9, 9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


def keys(table: dict[str, Any], above: Key = ()) -> Iterator[Key]:
    """Yield the keys of a table and of the tables in it."""
    for name, value in table.items():
        yield (*above, name)
        if isinstance(value, dict):
            yield from keys(value, (*above, name))


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_every_key_is_found(table: dict[str, Any]) -> None:
    text = tomlkit.dumps(table)
    offsets = Places.of(text).offsets
    assert set(keys(tomllib.loads(text))) <= set(offsets)
    assert all(0 <= offset < len(text) for offset in offsets.values())


@pytest.mark.parametrize(
    ("text", "key", "place"),
    [
        ('a = """\nb = 1\n"""\nb = 2', "b", "4:1"),
        ("a = '''\nb = 1\n'''\nb = 2", "b", "4:1"),
        ("# b = 1\n  b = 2  # b", "b", "2:3"),
        ("a = [\n  [1, 2], # ]\n  {c = 1},\n]\nb = 2", "b", "5:1"),
        ('[ x . "y.z" ]\nb = 0.5\nc = 1979-05-27', "x|y.z|c", "3:1"),
        ("[x]\n[x.y]\nb = 2", "x|y", "2:1"),
        ("[x]\ny.b = 2", "x|y", "2:1"),
        ("[[x]]\nb = 1\n[[x]]\nb = 2", "x|b", "2:1"),
        ("[x]\nb = 2", "x|c", "1:1"),
        ("x = {b = {c = 1}}", "x|b|c", "1:11"),
        ("x = 1", "y", "1:1"),
    ],
)
def test_places(text: str, key: str, place: str) -> None:
    tomllib.loads(text)
    assert Places.of(text).place(tuple(key.split("|"))) == place
