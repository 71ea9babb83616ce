"""Extractors of turns and quotations."""
