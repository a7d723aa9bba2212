"""Views for readers: bodies, their outcomes, and the responses to contributions."""
