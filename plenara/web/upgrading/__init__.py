"""Bringing an installation to this version: backed up, migrated, checked, and kept only where all of that succeeded."""
