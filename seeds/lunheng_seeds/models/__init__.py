"""Models: trained weights, each described in SOURCES.md."""
