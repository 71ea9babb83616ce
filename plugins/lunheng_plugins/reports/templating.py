"""Finds and fills the reports' templates; a folder of the user's comes before our own."""

from __future__ import annotations

from pathlib import Path

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
)

from lunheng.errors import ConfigError
from lunheng.i18n import Catalog
from lunheng_plugins.reports import escaping
from lunheng_plugins.reports.selection import where


def environment(templates: str, say: Catalog) -> Environment:
    """Return the template environment; ``templates`` is the user's folder or ``""``.

    Values are escaped for HTML in ``*.html.j2``; in ``*.md.j2`` the filter ``md`` does it.

    Raises:
        ConfigError: the user's folder does not exist.
    """
    loaders: list[BaseLoader] = [PackageLoader("lunheng_plugins.reports")]
    if templates:
        if not Path(templates).is_dir():
            raise ConfigError(f"no template folder {templates!r}: set it to a folder, or to ''")
        loaders.insert(0, FileSystemLoader(templates))
    made = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=lambda name: name is not None and name.endswith((".html.j2", ".html")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["md"] = escaping.markdown
    made.filters["code"] = escaping.code
    made.filters["plain"] = escaping.plain
    made.filters["signed"] = signed
    made.globals["say"] = say
    made.globals["where"] = lambda found: where(found, say)
    return made


def source_of(templates: Environment, name: str) -> str:
    """Return a template's own text, unfilled: the style sheet or a script."""
    assert templates.loader is not None
    return templates.loader.get_source(templates, name)[0]


def signed(number: int) -> str:
    """Return a whole number with its sign, with a true minus.

    >>> signed(-2), signed(0), signed(3)
    ('−2', '0', '+3')
    """
    return f"{number:+d}".replace("-", "−") if number else "0"
