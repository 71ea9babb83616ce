"""The examples in the docstrings of the integrations, where their tools are installed."""

from __future__ import annotations

import doctest
from importlib import import_module
from pkgutil import iter_modules

import pytest

from lunheng import integrations

MODULES = [module.name for module in iter_modules(integrations.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    try:
        module = import_module(f"lunheng.integrations.{name}")
    except ModuleNotFoundError as error:
        pytest.skip(f"{error.name} is not installed")
    assert doctest.testmod(module).failed == 0
