"""From the rows of a bundle to our tables: in one transaction, and only after everything was checked."""
