"""The page about hooks says what the code says, and its examples are plugins that work."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from lunheng import hookspecs
from lunheng.plugins import KINDS, choose, discover
from lunheng.testing import check_plugin

DOCS = Path(__file__).resolve().parent.parent / "docs"
TEXT = (DOCS / "en" / "hooks.md").read_text("utf-8")


def signatures() -> list[str]:
    """Return the hooks as the page's headings show them, in the order of the code."""
    hooks = [f for f in vars(hookspecs).values() if hasattr(f, f"{hookspecs.PROJECT}_spec")]
    return [f"{hook.__name__}{inspect.signature(hook)}".replace("'", "") for hook in hooks]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_headings_are_the_hooks_and_their_signatures(language: str) -> None:
    text = (DOCS / language / "hooks.md").read_text("utf-8")
    assert re.findall(r"^## `(.+)`$", text, re.MULTILINE) == signatures()


def test_every_kind_has_a_hook() -> None:
    names = {signature.partition("(")[0] for signature in signatures()}
    assert {f"lunheng_{kind}" for kind in KINDS} | {"lunheng_settings", "lunheng_requires"} == names


def test_the_api_version_is_the_codes() -> None:
    assert f"The API is version {hookspecs.API_VERSION}." in TEXT


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_each_kind_holds_to_its_contract(kind: str, tmp_path: Path) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    (tmp_path / "example.py").write_text("\n".join(blocks), "utf-8")
    entry = choose(discover([tmp_path]), kind, "example")
    assert [check for check in check_plugin(entry) if check.problem] == []
