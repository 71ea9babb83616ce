"""Extractors of names, amounts and dates."""
