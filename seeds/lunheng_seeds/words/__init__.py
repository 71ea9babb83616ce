"""Word lists, each described in SOURCES.md, and the recipe of the one that is made."""
