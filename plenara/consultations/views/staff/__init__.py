"""Views of the consultation desk, for those with a role in a consultation."""
