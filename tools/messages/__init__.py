"""The message catalogues: found in the source, merged into locale/, checked and compiled, all by Babel."""
