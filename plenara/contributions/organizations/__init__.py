"""Organizations' statements about bylines: that their representative speaks for them, or that nobody does."""
