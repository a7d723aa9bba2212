"""Views for participants: writing a contribution, and following one's own."""
