"""Readers: files in, source texts out."""
