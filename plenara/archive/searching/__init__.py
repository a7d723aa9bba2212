"""Searching the record: what an address asks for, what was found, and how it is shown, alike in every form."""
