"""Finding texts by what they mean. No tables of its own."""
