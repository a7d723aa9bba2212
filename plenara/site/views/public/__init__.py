"""Public pages of the record that combine several packages, and their other forms."""
