"""Summaries on paper, as Word documents and as plain text; the conference pack."""
