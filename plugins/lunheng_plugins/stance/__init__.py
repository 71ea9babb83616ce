"""Stance taggers."""
