"""Cleaners: one kind of damage each."""
