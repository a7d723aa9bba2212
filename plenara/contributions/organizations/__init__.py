"""What organizations of the directory say of bylines: that one of theirs speaks for them, or that nobody does."""
