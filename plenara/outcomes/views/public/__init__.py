"""Views for readers: bodies, their outcomes, and what became of each contribution."""
