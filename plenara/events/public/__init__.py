"""Views for readers: the calendar and its events."""
