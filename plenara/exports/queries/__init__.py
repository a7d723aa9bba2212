"""Reading the record for every form of it: what an address names, which files there are, what a search found."""
