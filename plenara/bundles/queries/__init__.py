"""From our tables to the rows of a bundle: the record alone, in the order of the file, as a stream."""
