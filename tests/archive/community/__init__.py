"""The community bundle."""
