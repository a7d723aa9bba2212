"""Translators' own files: written, read, bounded, and held against the present."""
