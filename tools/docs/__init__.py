"""The documentation as a site: docs/ and the files that it links to, by Sphinx (decision 97)."""
