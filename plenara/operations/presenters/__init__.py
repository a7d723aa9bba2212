"""What the pages of the installation show: its state, as metrics and in words, and its record of processing."""
