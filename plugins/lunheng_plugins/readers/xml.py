"""Parse XML from strangers: no entities, no network, no runaway trees."""

from __future__ import annotations

from typing import Any

from lunheng.errors import ReadError


def parse(data: bytes, path: str) -> Any:
    """Return the root element of an XML file.

    Raises:
        ReadError: it is not XML.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(f"{path}: expected XML, got damage: {error}") from None


def first_text(root: Any, tag: str) -> str | None:
    """Return the text of the first element of a name that has one."""
    if root is None:
        return None
    texts = ("".join(element.itertext()).strip() for element in root.iter(tag))
    return next(filter(None, texts), None)
