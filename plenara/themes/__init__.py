"""The one list of themes that indexes everything."""
