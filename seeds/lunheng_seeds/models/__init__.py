"""Models: trained weights and the recipe that makes them, each described in SOURCES.md."""
