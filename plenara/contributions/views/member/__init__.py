"""Views for participants: writing a contribution, and managing one's own."""
