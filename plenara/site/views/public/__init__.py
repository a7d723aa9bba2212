"""Pages of the record, for readers: those that gather from several packages, and their other forms."""
